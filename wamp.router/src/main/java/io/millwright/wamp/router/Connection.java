package io.millwright.wamp.router;

import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.message.WampMessage;
import org.osgi.annotation.versioning.ProviderType;

/** A connection, as its transport sees it. Thread-safe; nothing blocks. What one thread hands over is handled in that order. */
@ProviderType
public interface Connection {
    /** A message has come. */
    void receive(WampMessage message);

    /** Bytes have come that are no message. The session ends, or gets an error if the exception says that a request can be answered. */
    void violation(WampProtocolException what);

    /** The connection is lost or closed; why, a sentence for the log. More calls are ignored. */
    void closed(String why);

    /** All that waited to be written is written. A transport that does not say so holds up procedures of this process that have much to say. */
    void drained();

    /** How long a message may be now: a transport refuses longer ones unread. */
    int maxMessageBytes();

    /** Whether the session has joined its realm. */
    boolean isJoined();
}
