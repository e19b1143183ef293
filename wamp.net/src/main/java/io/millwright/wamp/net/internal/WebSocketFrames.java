package io.millwright.wamp.net.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The framing of RFC 6455 as a server reads and writes it: takes bytes as they come, gives whole messages. Memory is taken as bytes arrive, not
 * when a length is announced. Used by one thread at a time.
 */
final class WebSocketFrames {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    /** All is well; also the answer to a close without a reason. */
    static final int NORMAL = 1000;
    /** The peer does not keep to the framing. */
    static final int PROTOCOL_ERROR = 1002;
    /** Content is not of the kind that it is said to be, as a text that is not UTF-8. */
    static final int UNREADABLE = 1007;
    /** A message is longer than is taken. */
    static final int TOO_BIG = 1009;

    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7f;
    private static final int CONTROL_LENGTH = 125;
    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;
    private static final int FIRST = 4096;

    /** Told of whole messages and control frames, in their order. */
    @FunctionalInterface
    interface Handler {
        /** A whole one; the array is the handler's. */
        void frame(int opcode, byte[] content);
    }

    /** Bytes that are no frame of a client; with the code for the close that follows. */
    static final class FrameException extends Exception {
        private static final long serialVersionUID = 1;

        private final int code;

        FrameException(int code, String message) {
            super(message);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    private int maxLength;
    /** Two octets, up to eight of a length, four of the mask. */
    private final byte[] header = new byte[14];

    private int headerFilled;
    private int headerLength = 2;
    /** What is to come of the frame's content; -1 while its header comes. */
    private int left = -1;

    private int masked;
    private byte[] content = new byte[0];
    private int filled;
    /** The kind of the message whose parts come, 0 if there is none. */
    private int message;
    /** The message's content while a control frame comes between its parts. */
    private byte @Nullable [] aside;

    private int asideFilled;

    /** Takes longer or shorter messages from the next header on. */
    void maxLength(int bytes) {
        maxLength = bytes;
    }

    /** Takes all bytes of a buffer. */
    void read(ByteBuffer bytes, Handler handler) throws FrameException {
        while (left < 0 ? readHeader(bytes) : bytes.hasRemaining()) {
            int count = Math.min(left, bytes.remaining());
            take(bytes, count);
            left -= count;
            if (left == 0) {
                end(handler);
            }
        }
    }

    private boolean readHeader(ByteBuffer bytes) throws FrameException {
        while (headerFilled < headerLength && bytes.hasRemaining()) {
            header[headerFilled++] = bytes.get();
            if (headerFilled == 2) {
                headerLength = 2 + checkStart() + 4;
            }
        }
        if (headerFilled < headerLength) {
            return false;
        }
        begin(length());
        return true;
    }

    /** Checks the first two octets; how many of a longer length follow. */
    private int checkStart() throws FrameException {
        int first = header[0] & 0xff;
        int length = header[1] & LENGTH;
        if ((first & 0x70) != 0) {
            throw violation("a frame begins with 0x" + Integer.toHexString(first) + ", whose reserved bits are set");
        }
        if ((header[1] & MASKED) == 0) {
            throw violation("a frame is not masked; a client's have to be");
        }
        int opcode = first & 0xf;
        boolean last = (first & FIN) != 0;
        switch (opcode) {
            case CONTINUATION -> {
                if (message == 0) {
                    throw violation("a part of a message comes without its beginning");
                }
            }
            case TEXT, BINARY -> {
                if (message != 0) {
                    throw violation("a message begins before the one before it has ended");
                }
            }
            case CLOSE, PING, PONG -> {
                if (!last || length > CONTROL_LENGTH) {
                    throw violation("a control frame is in parts, or has more than " + CONTROL_LENGTH + " bytes");
                }
            }
            default -> throw violation("there is no frame of kind " + opcode);
        }
        return length == TWO_BYTES ? 2 : length == EIGHT_BYTES ? 8 : 0;
    }

    private long length() {
        ByteBuffer octets = ByteBuffer.wrap(header);
        int length = header[1] & LENGTH;
        return switch (length) {
            case TWO_BYTES -> octets.getChar(2);
            case EIGHT_BYTES -> octets.getLong(2);
            default -> length;
        };
    }

    private void begin(long length) throws FrameException {
        int opcode = header[0] & 0xf;
        if (opcode >= CLOSE) {
            aside = content;
            asideFilled = filled;
            content = new byte[(int) length];
            filled = 0;
        } else {
            // The sum of both may be more than a long has.
            if (length < 0 || length > maxLength - filled) {
                throw new FrameException(
                        TOO_BIG,
                        "a message of "
                                + (length < 0 || length > Long.MAX_VALUE - filled
                                        ? "over 2^63"
                                        : String.valueOf(filled + length))
                                + " bytes is announced; the longest that is taken has " + maxLength);
            }
            if (opcode != CONTINUATION) {
                message = opcode;
            }
        }
        left = (int) length;
        masked = 0;
    }

    private void take(ByteBuffer bytes, int count) {
        if (filled + count > content.length) {
            int most = (header[0] & FIN) != 0 ? filled + left : Integer.MAX_VALUE;
            int grown = Math.max(filled + count, Math.min(most, Math.max(FIRST, 2 * content.length)));
            content = Arrays.copyOf(content, grown);
        }
        bytes.get(content, filled, count);
        int mask = headerLength - 4;
        for (int i = 0; i < count; i++) {
            content[filled + i] ^= header[mask + (masked + i & 3)];
        }
        masked += count;
        filled += count;
    }

    private void end(Handler handler) {
        int opcode = header[0] & 0xf;
        boolean last = (header[0] & FIN) != 0;
        left = -1;
        headerFilled = 0;
        headerLength = 2;
        byte[] before = aside;
        if (opcode >= CLOSE && before != null) {
            byte[] control = content;
            content = before;
            filled = asideFilled;
            aside = null;
            handler.frame(opcode, control);
        } else if (last) {
            byte[] whole = content.length == filled ? content : Arrays.copyOf(content, filled);
            int kind = message;
            content = new byte[0];
            filled = 0;
            message = 0;
            handler.frame(kind, whole);
        }
    }

    /** The code by which a close is answered, whose content has a code and a reason, or nothing: that code, or what is wrong with it. */
    static int closeAnswer(byte[] content) {
        if (content.length == 0) {
            return NORMAL;
        }
        int code = content.length == 1 ? 0 : ByteBuffer.wrap(content).getChar(0);
        boolean mayBeSent = code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000 && code < 5000;
        if (!mayBeSent) {
            return PROTOCOL_ERROR;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content, 2, content.length - 2));
            return code;
        } catch (CharacterCodingException e) {
            return UNREADABLE;
        }
    }

    private static FrameException violation(String words) {
        return new FrameException(PROTOCOL_ERROR, words);
    }

    /** The header of a whole message or control frame of a server, which masks nothing. */
    static ByteBuffer header(int opcode, int length) {
        ByteBuffer octets = ByteBuffer.allocate(10).put((byte) (FIN | opcode));
        if (length <= CONTROL_LENGTH) {
            octets.put((byte) length);
        } else if (length <= 0xffff) {
            octets.put((byte) TWO_BYTES).putShort((short) length);
        } else {
            octets.put((byte) EIGHT_BYTES).putLong(length);
        }
        return octets.flip();
    }
}
