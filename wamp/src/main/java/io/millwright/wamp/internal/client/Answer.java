package io.millwright.wamp.internal.client;

import io.millwright.wamp.WampException;
import io.millwright.wamp.message.MessageType;
import io.millwright.wamp.message.WampMessage;

/** Awaits the answer to a request. Called by the thread that reads, or by the one that could not send. */
interface Answer {
    /** The request's message, which the answer must fit. */
    MessageType request();

    /** Whether the message, which is no error, is one that answers the request. */
    boolean isAnswer(WampMessage message);

    /** The answer, or a part of it: a message for which {@link #isAnswer} holds. */
    void reply(WampMessage message);

    /** There is none: the request failed. */
    void fail(WampException why);

    /** Whether the message is a part, after which more comes. */
    default boolean isPart(WampMessage message) {
        return false;
    }
}
