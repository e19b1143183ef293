package io.millwright.wamp.net.internal;

import java.nio.ByteBuffer;

/** What is spoken over a connection; bytes to messages and back. Called in the loop's thread. */
interface Wire {
    /** Bytes have come; all of them are taken. Not called any more once the link is to be closed. */
    void read(ByteBuffer bytes);

    /** Queues a message of the session. */
    void message(byte[] bytes);

    /** Queues what is said at the end, if anything is. */
    void farewell();

    /** Queues the question whether the peer is there. */
    void ping();

    /** All that was queued is written. */
    void drained();

    /** The connection has no session that has joined. */
    boolean isWaiting();

    /** Ends the session, or what was to become one, in words: an error URI or a reason, and a sentence. */
    void expel(String uri, String words);

    /** The connection is closed; why, a sentence. */
    void closed(String why);
}
