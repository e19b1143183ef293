package io.millwright.wamp.net.internal;

import io.millwright.wamp.WampErrors;
import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.net.internal.WebSocketFrames.FrameException;
import io.millwright.wamp.serial.Serializer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** WebSocket: a request of HTTP, then frames. Used by the loop's thread. */
final class WebSocketWire extends Wire {
    private static final byte[] PING = {'m', 'w'};

    private byte @Nullable [] request = new byte[512];
    private int filled;
    private final WebSocketFrames frames = new WebSocketFrames();
    private int kind = WebSocketFrames.TEXT;
    private int closeCode = WebSocketFrames.NORMAL;

    WebSocketWire(Link link, Listener owner, Sessions sessions) {
        super(link, owner, sessions);
    }

    @Override
    void read(ByteBuffer bytes) {
        WampSession known = session();
        if (known == null) {
            upgrade(bytes);
            return;
        }
        frames.maxLength(maxMessageBytes(known));
        try {
            frames.read(bytes, (opcode, content) -> frame(known, opcode, content));
        } catch (FrameException e) {
            closeCode = e.code();
            known.violation(new WampProtocolException(String.valueOf(e.getMessage()), e));
        } catch (WampProtocolException e) {
            closeCode = WebSocketFrames.PROTOCOL_ERROR;
            known.violation(e);
        }
    }

    private void upgrade(ByteBuffer bytes) {
        byte[] octets = request;
        if (octets == null) {
            return;
        }
        int count = Math.min(bytes.remaining(), Upgrade.MAX_REQUEST - filled);
        if (filled + count > octets.length) {
            octets = Arrays.copyOf(octets, Math.min(Upgrade.MAX_REQUEST, Math.max(filled + count, 2 * octets.length)));
            request = octets;
        }
        int before = filled;
        int position = bytes.position();
        bytes.get(octets, filled, count);
        filled += count;
        int end = Upgrade.end(octets, filled);
        if (end > 0) {
            bytes.position(position + end - before);
            upgrade(Arrays.copyOf(octets, end), bytes);
            return;
        }
        String hopeless = Upgrade.hopeless(octets, filled);
        if (hopeless != null) {
            refuse(new Upgrade.RefusedException("400 Bad Request", hopeless));
        }
    }

    private void upgrade(byte[] octets, ByteBuffer more) {
        request = null;
        try {
            Upgrade asked = Upgrade.parse(octets);
            Serializer serializer = asked.check(config, link.localAddress());
            link.outgoing().add(asked.accept(serializer));
            link.written();
            kind = serializer.isBinary() ? WebSocketFrames.BINARY : WebSocketFrames.TEXT;
            begin(serializer, Integer.MAX_VALUE);
            if (more.hasRemaining()) {
                read(more);
            }
        } catch (Upgrade.RefusedException e) {
            refuse(e);
        } catch (IOException e) {
            link.failed(e);
        }
    }

    private void refuse(Upgrade.RefusedException why) {
        link.outgoing().add(why.answer());
        owner.refused(String.valueOf(why.getMessage()));
        link.end();
    }

    private void frame(WampSession known, int opcode, byte[] content) {
        if (!link.isOpen()) {
            return;
        }
        switch (opcode) {
            case WebSocketFrames.PING -> {
                checkPongRoom();
                write(WebSocketFrames.PONG, content);
            }
            case WebSocketFrames.PONG -> {}
            case WebSocketFrames.CLOSE -> {
                int code = content.length < 2
                        ? WebSocketFrames.NORMAL
                        : ByteBuffer.wrap(content).getChar(0);
                closeCode = WebSocketFrames.closeAnswer(content);
                known.closed("it has closed the WebSocket (" + code + ")");
                link.end();
            }
            default -> {
                if (opcode != kind) {
                    throw new WampProtocolException("the subprotocol has its messages in "
                            + (kind == WebSocketFrames.TEXT ? "text" : "binary") + " frames");
                }
                known.received(content);
            }
        }
    }

    private void write(int opcode, byte[] content) {
        link.outgoing().addCopy(WebSocketFrames.header(opcode, content.length));
        link.outgoing().add(content);
        link.written();
    }

    @Override
    void message(byte[] bytes) {
        write(kind, bytes);
    }

    @Override
    void unreadable() {
        closeCode = WebSocketFrames.UNREADABLE;
    }

    @Override
    void farewell() {
        if (session() != null) {
            write(WebSocketFrames.CLOSE, new byte[] {(byte) (closeCode >> 8), (byte) closeCode});
        }
    }

    @Override
    void ping() {
        if (session() != null) {
            write(WebSocketFrames.PING, PING);
        }
    }

    @Override
    void expelEarly(String uri, String words) {
        refuse(new Upgrade.RefusedException(
                uri.equals(WampErrors.TIMEOUT) ? "408 Request Timeout" : "503 Service Unavailable", words));
    }

    /** What a connection that has no place is told. */
    static byte[] noPlace() {
        return "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII);
    }
}
