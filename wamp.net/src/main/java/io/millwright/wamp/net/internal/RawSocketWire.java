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
final class RawSocketWire extends Wire {
    private static final byte MAGIC = 0x7f;
    private static final byte[] PING = {'m', 'w'};

    private final byte[] octets = new byte[Handshake.OCTETS];
    private int filled;
    private @Nullable FrameReader reader;

    RawSocketWire(Link link, Listener owner, Sessions sessions) {
        super(link, owner, sessions);
    }

    @Override
    void read(ByteBuffer bytes) {
        WampSession known = session();
        FrameReader frames = reader;
        if (known == null || frames == null) {
            handshake(bytes);
            return;
        }
        frames.maxLength(maxMessageBytes(known));
        try {
            frames.read(bytes, (kind, content) -> frame(known, kind, content));
        } catch (WampProtocolException e) {
            known.violation(e);
        }
    }

    private void handshake(ByteBuffer bytes) {
        while (filled < octets.length && bytes.hasRemaining()) {
            octets[filled++] = bytes.get();
        }
        // A client that begins otherwise may wait for an answer before it sends more.
        if (filled < octets.length && octets[0] == MAGIC) {
            return;
        }
        try {
            Handshake client = Handshake.ofClient(octets);
            Handshake own = Handshake.of(client.serializer(), config.messageBytes());
            link.outgoing().add(own.octets());
            link.written();
            reader = new FrameReader(0);
            begin(client.serializer(), Math.min(client.maxLength(), Frames.LONGEST));
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
                checkPongRoom();
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
    void message(byte[] bytes) {
        write(Kind.MESSAGE, bytes);
    }

    @Override
    void farewell() {
        // RawSocket has none.
    }

    @Override
    void ping() {
        if (session() != null) {
            write(Kind.PING, PING);
        }
    }

    @Override
    void expelEarly(String uri, String words) {
        refuse(uri.equals(WampErrors.UNAVAILABLE) ? Refusal.TOO_MANY_CONNECTIONS : null, words);
    }
}
