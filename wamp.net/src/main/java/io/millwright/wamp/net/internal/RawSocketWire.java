package io.millwright.wamp.net.internal;

import io.millwright.wamp.WampErrors;
import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.rawsocket.FrameReader;
import io.millwright.wamp.rawsocket.Frames;
import io.millwright.wamp.rawsocket.Frames.Kind;
import io.millwright.wamp.rawsocket.Handshake;
import io.millwright.wamp.rawsocket.Handshake.Refusal;
import io.millwright.wamp.rawsocket.Handshake.RefusedException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** RawSocket: the handshake, then frames. Used by the loop's thread. */
final class RawSocketWire implements Wire {
    /** How much may wait to be read by a peer that sends pings. */
    private static final long PONG_ROOM = 8 << 20;

    private static final byte[] PING = {'m', 'w'};

    private final Link link;
    private final Listener owner;
    private final Sessions sessions;
    private final byte[] octets = new byte[Handshake.OCTETS];
    private int filled;
    private @Nullable FrameReader reader;
    private @Nullable WampSession session;

    RawSocketWire(Link link, Listener owner, Sessions sessions) {
        this.link = link;
        this.owner = owner;
        this.sessions = sessions;
    }

    @Override
    public void read(ByteBuffer bytes) {
        WampSession known = session;
        FrameReader frames = reader;
        if (known == null || frames == null) {
            handshake(bytes);
            return;
        }
        frames.maxLength(Math.min(owner.config().messageBytes(), known.maxMessageBytes()));
        try {
            frames.read(bytes, (kind, content) -> frame(known, kind, content));
        } catch (WampProtocolException e) {
            known.violation(e);
        }
    }

    private void handshake(ByteBuffer bytes) {
        while (filled < octets.length && bytes.hasRemaining()) {
            octets[filled++] = bytes.get();
            // A client that begins otherwise may wait for an answer before it sends three more.
            if (filled == octets.length || octets[0] != 0x7f) {
                break;
            }
        }
        if (filled < octets.length && (filled == 0 || octets[0] == 0x7f)) {
            return;
        }
        try {
            Handshake client = Handshake.ofClient(octets);
            Handshake own = Handshake.of(client.serializer(), owner.config().messageBytes());
            link.outgoing().add(own.octets());
            link.written();
            int takes = Math.min(client.maxLength(), Frames.LONGEST);
            session = sessions.open(this, client.serializer(), takes);
            reader = new FrameReader(0);
            if (bytes.hasRemaining()) {
                read(bytes);
            }
        } catch (RefusedException e) {
            refuse(e.refusal(), String.valueOf(e.getMessage()));
        }
    }

    private void refuse(@Nullable Refusal refusal, String why) {
        if (refusal != null) {
            link.outgoing().add(refusal.octets());
        }
        owner.refused(why);
        link.end();
    }

    private void frame(WampSession known, Kind kind, byte[] content) {
        if (!link.isOpen()) {
            return;
        }
        switch (kind) {
            case MESSAGE -> known.received(content);
            case PING -> {
                if (link.queuedBytes() > PONG_ROOM) {
                    throw new WampProtocolException(
                            "more than " + PONG_ROOM + " bytes wait to be read, answers to pings among them");
                }
                write(Kind.PONG, content);
            }
            case PONG -> {}
        }
    }

    private void write(Kind kind, byte[] content) {
        link.outgoing().addInt(Frames.header(kind, content.length));
        link.outgoing().add(content);
        link.written();
    }

    @Override
    public void message(byte[] bytes) {
        write(Kind.MESSAGE, bytes);
    }

    @Override
    public void farewell() {
        // RawSocket has none.
    }

    @Override
    public void ping() {
        if (session != null) {
            write(Kind.PING, PING);
        }
    }

    @Override
    public void drained() {
        if (session != null) {
            session.drained();
        }
    }

    @Override
    public boolean isWaiting() {
        return session == null || session.isWaiting();
    }

    @Override
    public void expel(String uri, String words) {
        if (session == null) {
            refuse(uri.equals(WampErrors.UNAVAILABLE) ? Refusal.TOO_MANY_CONNECTIONS : null, words);
        } else {
            session.expel(uri, words);
        }
    }

    @Override
    public void closed(String why) {
        if (session != null) {
            session.closed(why);
        }
    }
}
