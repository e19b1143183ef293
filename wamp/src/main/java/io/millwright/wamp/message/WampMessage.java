package io.millwright.wamp.message;

import java.util.ArrayList;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A message. Immutable, thread-safe; a constructor throws {@link io.millwright.wamp.WampProtocolException} for what the protocol does not
 * allow in that place (ids, URIs, lengths). Dictionaries hold any keys: options that nobody knows are for a router to refuse.
 */
@ProviderType
public sealed interface WampMessage
        permits Hello,
                Welcome,
                Abort,
                Challenge,
                Authenticate,
                Goodbye,
                ErrorMessage,
                Publish,
                Published,
                Subscribe,
                Subscribed,
                Unsubscribe,
                Unsubscribed,
                Event,
                EventReceived,
                Call,
                Cancel,
                Result,
                Register,
                Registered,
                Unregister,
                Unregistered,
                Invocation,
                Interrupt,
                Yield {
    /** Which message it is. */
    MessageType type();

    /** The elements before the payload, the message's code first. */
    List<Object> head();

    /** What the application sends along; empty for messages that have no payload. */
    default Payload payload() {
        return Payload.EMPTY;
    }

    /** The whole message as the list that is sent, the payload decoded. */
    default List<Object> toList() {
        List<Object> list = new ArrayList<>(head());
        list.addAll(payload().elements());
        return list;
    }

    /**
     * The message of a decoded list: numbers as {@link Number}, texts as {@link String}, binary values as {@code byte[]}, lists as {@link
     * List}, dictionaries as {@link java.util.Map}.
     *
     * @throws io.millwright.wamp.WampProtocolException if it is none, with a sentence
     */
    static WampMessage parse(List<?> list) {
        MessageType type = MessageType.of(list);
        int head = Math.min(type.headLength(list.size()), list.size());
        return parse(type, list.subList(0, head), Payload.of(type, list.subList(head, list.size())));
    }

    /**
     * The message of a type, its elements before the payload, and a payload that was read apart.
     *
     * @throws io.millwright.wamp.WampProtocolException if it is none, with a sentence
     */
    static WampMessage parse(MessageType type, List<?> head, Payload payload) {
        return MessageReader.read(type, head, payload);
    }
}
