package io.millwright.wamp.internal.codec;

import io.millwright.wamp.WampProtocolException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads MessagePack. */
final class MsgPackInput extends BinaryInput {
    private int elements;

    MsgPackInput(byte[] bytes, int from, int end) {
        super(bytes, from, end, "MessagePack");
    }

    @Override
    void beginMessage() {
        int b = u1();
        if (b >= 0x90 && b < 0xa0) {
            elements = b & 0xf;
        } else if (b == 0xdc) {
            elements = u2();
        } else if (b == 0xdd) {
            elements = length(u4(), 1);
        } else {
            throw new WampProtocolException("a message is a list; this MessagePack is none");
        }
    }

    @Override
    boolean hasNext() {
        return elements > 0;
    }

    @Override
    void took() {
        elements--;
    }

    @Override
    @Nullable
    Object read(int depth, boolean keep) {
        count();
        int b = u1();
        if (b < 0x80) {
            return number(b, keep);
        } else if (b < 0x90) {
            return map(length(b & 0xf, 2), deeper(depth), keep);
        } else if (b < 0xa0) {
            return list(length(b & 0xf, 1), deeper(depth), keep);
        } else if (b < 0xc0) {
            return some(text(length(b & 0x1f, 1), keep));
        } else if (b >= 0xe0) {
            return number((byte) b, keep);
        }
        return longForm(b, depth, keep);
    }

    private @Nullable Object longForm(int b, int depth, boolean keep) {
        return switch (b) {
            case 0xc0 -> null;
            case 0xc2 -> Boolean.FALSE;
            case 0xc3 -> Boolean.TRUE;
            case 0xc4 -> binary(length(u1(), 1), keep);
            case 0xc5 -> binary(length(u2(), 1), keep);
            case 0xc6 -> binary(length(u4(), 1), keep);
            case 0xca -> floating(Float.intBitsToFloat((int) u4()), keep);
            case 0xcb -> floating(Double.longBitsToDouble(i8()), keep);
            case 0xcc -> number(u1(), keep);
            case 0xcd -> number(u2(), keep);
            case 0xce -> number(u4(), keep);
            case 0xcf -> unsigned(i8());
            case 0xd0 -> number((byte) u1(), keep);
            case 0xd1 -> number((short) u2(), keep);
            case 0xd2 -> number((int) u4(), keep);
            case 0xd3 -> number(i8(), keep);
            case 0xd4 -> undefined();
            case 0xd9, 0xda, 0xdb -> some(text(textLength(b), keep));
            case 0xdc -> list(length(u2(), 1), deeper(depth), keep);
            case 0xdd -> list(length(u4(), 1), deeper(depth), keep);
            case 0xde -> map(length(u2(), 2), deeper(depth), keep);
            case 0xdf -> map(length(u4(), 2), deeper(depth), keep);
            default -> throw broken("values of an extension type (0x" + Integer.toHexString(b) + ") are not taken");
        };
    }

    private int textLength(int b) {
        return length(b == 0xd9 ? u1() : b == 0xda ? u2() : u4(), 1);
    }

    private static Object some(@Nullable Object value) {
        return value == null ? SOMETHING : value;
    }

    private static Object number(long value, boolean keep) {
        return keep ? (Object) value : SOMETHING;
    }

    private static Object floating(double value, boolean keep) {
        return keep ? (Object) value : SOMETHING;
    }

    private static Object unsigned(long value) {
        return value >= 0
                ? (Object) value
                : new BigInteger(1, ByteBuffer.allocate(8).putLong(value).array());
    }

    /** The one extension that is taken: how JavaScript libraries write {@code undefined}. */
    private @Nullable Object undefined() {
        if (u2() != 0) {
            throw broken("values of an extension type are not taken");
        }
        return null;
    }

    @Override
    @Nullable
    String key(boolean keep) {
        count();
        int b = u1();
        if (b >= 0xa0 && b < 0xc0) {
            return text(length(b & 0x1f, 1), keep);
        } else if (b >= 0xd9 && b <= 0xdb) {
            return text(textLength(b), keep);
        }
        throw broken("a key of a dictionary is no text");
    }
}
