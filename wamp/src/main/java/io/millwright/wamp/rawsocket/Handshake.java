package io.millwright.wamp.rawsocket;

import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.serial.Serializer;
import io.millwright.wamp.serial.Serializers;
import org.jspecify.annotations.Nullable;

/**
 * The handshake: a client sends four octets with its serializer and the longest message it takes, a router answers with four of the same kind or
 * with an error. Each side keeps to the other's length. Immutable, thread-safe.
 */
public final class Handshake {
    /** How many octets a handshake has, either way. */
    public static final int OCTETS = 4;

    /** The shortest limit of a message's length that can be said: 512 bytes. */
    public static final int SHORTEST = 1 << 9;

    /** The longest limit of a message's length that can be said: 16 MiB. */
    public static final int LONGEST = 1 << 24;

    private static final int MAGIC = 0x7f;

    /** Why a router refuses a handshake. Will grow: a switch needs a default branch. */
    public enum Refusal {
        /** The router does not have the serializer. */
        SERIALIZER_UNSUPPORTED(1, "it does not have the serializer"),
        /** The router does not take such a length. */
        LENGTH_UNACCEPTABLE(2, "it does not take messages of that length"),
        /** A bit is set that has no meaning yet. */
        RESERVED_BITS(3, "reserved bits are set"),
        /** The router has as many connections as it takes. */
        TOO_MANY_CONNECTIONS(4, "it has too many connections");

        private final int code;
        private final String words;

        Refusal(int code, String words) {
            this.code = code;
            this.words = words;
        }

        /** The number on the wire. */
        public int code() {
            return code;
        }

        /** The four octets that tell a client. A new array. */
        public byte[] octets() {
            return new byte[] {MAGIC, (byte) (code << 4), 0, 0};
        }
    }

    /** A handshake that a router refuses; {@link #refusal} is {@code null} when the other side does not speak RawSocket at all. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        private final @Nullable Refusal refusal;

        RefusedException(@Nullable Refusal refusal, String message) {
            super(message);
            this.refusal = refusal;
        }

        /** What to answer, {@code null} for nothing but the end of the connection. */
        public @Nullable Refusal refusal() {
            return refusal;
        }
    }

    private final Serializer serializer;
    private final int maxLength;

    private Handshake(Serializer serializer, int maxLength) {
        this.serializer = serializer;
        this.maxLength = maxLength;
    }

    /**
     * What a side says of itself.
     *
     * @param maxLength the longest message it takes in bytes; said as the greatest power of two that is not above it, from {@link #SHORTEST} to
     *     {@link #LONGEST}
     */
    public static Handshake of(Serializer serializer, int maxLength) {
        int bounded = Math.max(SHORTEST, Math.min(LONGEST, maxLength));
        return new Handshake(serializer, Integer.highestOneBit(bounded));
    }

    /** The serializer of the connection. */
    public Serializer serializer() {
        return serializer;
    }

    /** The longest message that the side takes, in bytes. */
    public int maxLength() {
        return maxLength;
    }

    /** The four octets. A new array. */
    public byte[] octets() {
        int length = Integer.numberOfTrailingZeros(maxLength) - 9;
        return new byte[] {MAGIC, (byte) (length << 4 | serializer.rawSocketId()), 0, 0};
    }

    /**
     * A client's octets, read by a router.
     *
     * @throws RefusedException with what to answer
     */
    public static Handshake ofClient(byte[] octets) throws RefusedException {
        if (octets[0] != MAGIC) {
            throw new RefusedException(
                    null,
                    "the other side does not speak RawSocket: its first octet is 0x" + hex(octets[0]) + ", not 0x7f");
        }
        if (octets[2] != 0 || octets[3] != 0) {
            throw new RefusedException(
                    Refusal.RESERVED_BITS,
                    "a client's handshake has reserved bits set: 0x" + hex(octets[2]) + hex(octets[3]));
        }
        Serializer serializer = Serializers.byRawSocketId(octets[1] & 0xf);
        if (serializer == null) {
            throw new RefusedException(
                    Refusal.SERIALIZER_UNSUPPORTED,
                    "a client asks for the serializer number " + (octets[1] & 0xf) + ", which there is not");
        }
        return new Handshake(serializer, length(octets));
    }

    /**
     * A router's answer, read by a client that asked with this.
     *
     * @throws WampProtocolException if it refuses or does not speak RawSocket, with a sentence
     */
    public Handshake ofRouter(byte[] octets) {
        if (octets[0] != MAGIC) {
            throw new WampProtocolException(
                    "the other side does not speak RawSocket: its first octet is 0x" + hex(octets[0]) + ", not 0x7f");
        }
        if ((octets[1] & 0xf) == 0) {
            throw new WampProtocolException("the router refuses the connection: " + words(octets[1] >> 4 & 0xf));
        }
        if (octets[2] != 0 || octets[3] != 0) {
            throw new WampProtocolException("the router's handshake has reserved bits set");
        }
        if ((octets[1] & 0xf) != serializer.rawSocketId()) {
            throw new WampProtocolException("the router answers with another serializer (number " + (octets[1] & 0xf)
                    + ") than " + serializer.name());
        }
        return new Handshake(serializer, length(octets));
    }

    private static int length(byte[] octets) {
        return 1 << (octets[1] >> 4 & 0xf) + 9;
    }

    private static String words(int code) {
        for (Refusal refusal : Refusal.values()) {
            if (refusal.code == code) {
                return refusal.words;
            }
        }
        return "reason " + code;
    }

    private static String hex(byte octet) {
        return Integer.toHexString(octet & 0xff | 0x100).substring(1);
    }
}
