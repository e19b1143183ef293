package io.millwright.wamp.router;

import io.millwright.wamp.serial.SharedMessage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The way to a peer; a transport implements it. The router calls it in its turns, one call at a time: no method may block or throw. What is
 * offered is sent in that order.
 */
@ConsumerType
public interface Outbound {
    /** What became of a message. More may come: a switch needs a default branch. */
    enum Offer {
        /** It is written, or waits to be written. */
        TAKEN,
        /** It is longer than the peer takes; nothing is written. */
        TOO_LARGE,
        /** It has a value that the peer's serializer has no form for; nothing is written. */
        NO_FORM,
        /** An event, and so many wait already that it is lost; nothing is written. */
        LOST,
        /** The connection is closed, or closing. */
        CLOSED
    }

    /** Takes a message. What is no event is never refused because much is waiting: the router watches {@link
     * #queuedBytes()} and ends slow sessions. */
    Offer offer(SharedMessage message);

    /** How many bytes wait to be written. */
    long queuedBytes();

    /** How many bytes of messages have come from the peer; 0 if the transport does not count. */
    default long receivedBytes() {
        return 0;
    }

    /** How many bytes of messages were taken for the peer; 0 if the transport does not count. */
    default long sentBytes() {
        return 0;
    }

    /** Nothing follows: the connection is to be closed as soon as all is written, or has waited for a few seconds. */
    void end();
}
