package io.millwright.wamp.rawsocket;

import io.millwright.wamp.WampProtocolException;
import java.nio.ByteBuffer;

/** The framing after the handshake: four octets, of which the first is the kind and the others the length, and the content. */
public final class Frames {
    /** How many octets are before each content. */
    public static final int HEADER = 4;

    /** The longest content, 16 MiB less one byte, unless the other side takes less. */
    public static final int LONGEST = (1 << 24) - 1;

    /** What a frame is. */
    public enum Kind {
        /** A WAMP message. */
        MESSAGE,
        /** To be answered by a {@link #PONG} of the same content. */
        PING,
        /** The answer to a {@link #PING}. */
        PONG
    }

    private static final Kind[] KINDS = Kind.values();

    private Frames() {}

    /**
     * The header of a frame, as one number whose four bytes are sent the highest first.
     *
     * @throws IllegalArgumentException if the content is longer than {@link #LONGEST}
     */
    public static int header(Kind kind, int length) {
        if (length < 0 || length > LONGEST) {
            throw new IllegalArgumentException("a frame of " + length + " bytes; the longest has " + LONGEST);
        }
        return kind.ordinal() << 24 | length;
    }

    /** A frame with its header, to be sent as it is. */
    public static ByteBuffer frame(Kind kind, byte[] content) {
        ByteBuffer frame = ByteBuffer.allocate(HEADER + content.length);
        return frame.putInt(header(kind, content.length)).put(content).flip();
    }

    /**
     * The kind of a frame, by its header.
     *
     * @throws WampProtocolException if reserved bits are set or the kind is reserved
     */
    public static Kind kind(int header) {
        int first = header >>> 24;
        if (first >= KINDS.length) {
            throw new WampProtocolException("a frame begins with 0x" + Integer.toHexString(first)
                    + ", whose bits are reserved; 0, 1 and 2 are a message, a ping and a pong");
        }
        return KINDS[first];
    }

    /** The length of a frame's content, by its header. */
    public static int length(int header) {
        return header & LONGEST;
    }
}
