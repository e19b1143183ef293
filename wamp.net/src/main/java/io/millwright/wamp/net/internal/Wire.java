package io.millwright.wamp.net.internal;

import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.net.ListenerConfig;
import io.millwright.wamp.serial.Serializer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What is spoken over a connection: bytes to messages and back, and the session once it is opened. Used by the loop's thread. */
abstract class Wire {
    /** How much may wait to be read by a peer that sends pings. */
    private static final long PONG_ROOM = 8 << 20;

    final Link link;
    final Listener owner;
    /** As the listener was when the connection came. */
    final ListenerConfig config;

    private final Sessions sessions;
    private @Nullable WampSession session;

    Wire(Link link, Listener owner, Sessions sessions) {
        this.link = link;
        this.owner = owner;
        this.config = owner.config();
        this.sessions = sessions;
    }

    /** Bytes have come; all of them are taken. Not called any more once the link is to be closed. */
    abstract void read(ByteBuffer bytes);

    /** Queues a message of the session. */
    abstract void message(byte[] bytes);

    /** Queues what is said at the end, if anything is. */
    abstract void farewell();

    /** Queues the question whether the peer is there; nothing before there is a session. */
    abstract void ping();

    /** The content of a message is nothing that the serializer reads; told before the session ends. */
    void unreadable() {}

    /** Ends what was to become a session: why, an error URI and a sentence. */
    abstract void expelEarly(String uri, String words);

    /** It is agreed what is spoken: a session, which has not joined. */
    final void begin(Serializer serializer, int peerTakes) {
        session = sessions.open(this, serializer, peerTakes);
    }

    /** The session, {@code null} before it is agreed what is spoken. */
    final @Nullable WampSession session() {
        return session;
    }

    /** How many messages have come. */
    final long messages() {
        return session == null ? 0 : session.messages();
    }

    /** How long a message may be now, in bytes. */
    final int maxMessageBytes(WampSession known) {
        int most = known.isWaiting() ? Math.min(config.helloBytes(), config.messageBytes()) : config.messageBytes();
        return Math.min(most, known.maxMessageBytes());
    }

    /** Fails if a peer sends pings and does not read the answers. */
    final void checkPongRoom() {
        if (link.queuedBytes() > PONG_ROOM) {
            throw new WampProtocolException(
                    "more than " + PONG_ROOM + " bytes wait to be read, answers to pings among them");
        }
    }

    /** All that was queued is written. */
    final void drained() {
        if (session != null) {
            session.drained();
        }
    }

    /** Whether there is no session that has joined. */
    final boolean isWaiting() {
        return session == null || session.isWaiting();
    }

    /** Ends the session, or what was to become one, in words: an error URI or a reason, and a sentence. */
    final void expel(String uri, String words) {
        if (session == null) {
            expelEarly(uri, words);
        } else {
            session.expel(uri, words);
        }
    }

    /** The connection is closed; why, a sentence. */
    final void closed(String why) {
        if (session != null) {
            session.closed(why);
        }
    }
}
