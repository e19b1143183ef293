package io.millwright.wamp.internal.codec;

import io.millwright.wamp.WampProtocolException;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads CBOR, well-formed by RFC 8949. */
final class CborInput extends BinaryInput {
    private static final int BREAK = 0xff;
    private static final int INDEFINITE = 31;
    private static final int BINARY = 2;
    private static final int TEXT = 3;
    private static final int LIST = 4;
    private static final int MAP = 5;
    private static final int TAG = 6;
    private static final int POSITIVE_BIG = 2;
    private static final int NEGATIVE_BIG = 3;

    /** Elements of the message that are left, -1 when a break ends it. */
    private int elements;

    CborInput(byte[] bytes, int from, int end) {
        super(bytes, from, end, "CBOR");
    }

    @Override
    void beginMessage() {
        int b = u1();
        while (b >> 5 == TAG) {
            argument(b);
            count();
            b = u1();
        }
        if (b >> 5 != LIST) {
            throw new WampProtocolException("a message is a list; this CBOR is none");
        }
        elements = (b & 31) == INDEFINITE ? -1 : length(argument(b), 1);
    }

    @Override
    boolean hasNext() {
        if (elements < 0 && peek() == BREAK) {
            pos++;
            elements = 0;
        }
        return elements != 0;
    }

    @Override
    void took() {
        if (elements > 0) {
            elements--;
        }
    }

    /** The number in and after a first byte; as an unsigned one it may be negative. */
    private long argument(int b) {
        int low = b & 31;
        return switch (low) {
            case 24 -> u1();
            case 25 -> u2();
            case 26 -> u4();
            case 27 -> i8();
            default -> {
                if (low > 23) {
                    throw broken("0x" + Integer.toHexString(b) + " begins no value");
                }
                yield low;
            }
        };
    }

    @Override
    @Nullable
    Object read(int depth, boolean keep) {
        count();
        int b = u1();
        long tag = -1;
        while (b >> 5 == TAG) {
            tag = argument(b);
            count();
            b = u1();
        }
        if (tag == POSITIVE_BIG || tag == NEGATIVE_BIG) {
            return big(b, tag == NEGATIVE_BIG, keep);
        }
        return switch (b >> 5) {
            case 0 -> whole(argument(b), false, keep);
            case 1 -> whole(argument(b), true, keep);
            case BINARY -> binaryOf(b, keep);
            case TEXT -> some(textOf(b, keep));
            case LIST -> listOf(b, deeper(depth), keep);
            case MAP -> mapOf(b, deeper(depth), keep);
            default -> simple(b, keep);
        };
    }

    private static Object some(@Nullable Object value) {
        return value == null ? SOMETHING : value;
    }

    /** An unsigned number, or minus one minus it. */
    private static Object whole(long argument, boolean negative, boolean keep) {
        if (!keep) {
            return SOMETHING;
        }
        if (argument >= 0) {
            return negative ? -1 - argument : argument;
        }
        BigInteger big = new BigInteger(Long.toUnsignedString(argument));
        return negative ? big.not() : big;
    }

    private Object big(int b, boolean negative, boolean keep) {
        if (b >> 5 != BINARY) {
            throw broken("a large whole number is no byte string");
        }
        BigInteger big = new BigInteger(1, binaryOf(b, true));
        if (big.bitLength() > MAX_BITS) {
            throw broken("a whole number of more than 1000 digits is not taken");
        }
        if (!keep) {
            return SOMETHING;
        }
        BigInteger value = negative ? big.not() : big;
        return value.bitLength() < 64 ? (Object) value.longValue() : value;
    }

    private byte[] binaryOf(int b, boolean keep) {
        if ((b & 31) != INDEFINITE) {
            return binary(length(argument(b), 1), keep);
        }
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        for (int chunk = chunk(BINARY); chunk >= 0; chunk = chunk(BINARY)) {
            chunks.writeBytes(binary(chunk, keep));
        }
        return keep ? chunks.toByteArray() : SOME_BINARY;
    }

    private @Nullable String textOf(int b, boolean keep) {
        if ((b & 31) != INDEFINITE) {
            return text(length(argument(b), 1), keep);
        }
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        for (int chunk = chunk(TEXT); chunk >= 0; chunk = chunk(TEXT)) {
            text(chunk, false);
            if (keep) {
                chunks.write(bytes, pos - chunk, chunk);
            }
        }
        return keep ? chunks.toString(StandardCharsets.UTF_8) : null;
    }

    /** The length of the next part of a text or byte string, -1 at its end. */
    private int chunk(int major) {
        int b = u1();
        if (b == BREAK) {
            return -1;
        }
        count();
        if (b >> 5 != major || (b & 31) == INDEFINITE) {
            throw broken("a part of a text or a byte string is of another kind");
        }
        return length(argument(b), 1);
    }

    private List<?> listOf(int b, int depth, boolean keep) {
        if ((b & 31) != INDEFINITE) {
            return list(length(argument(b), 1), depth, keep);
        }
        List<Object> list = new ArrayList<>();
        while (peek() != BREAK) {
            Object value = read(depth, keep);
            if (keep) {
                list.add(value);
            }
        }
        pos++;
        return Collections.unmodifiableList(list);
    }

    private Map<String, ?> mapOf(int b, int depth, boolean keep) {
        if ((b & 31) != INDEFINITE) {
            return map(length(argument(b), 2), depth, keep);
        }
        Map<String, Object> map = new LinkedHashMap<>();
        while (peek() != BREAK) {
            String key = key(keep);
            Object value = read(depth, keep);
            if (keep && key != null) {
                map.put(key, value);
            }
        }
        pos++;
        return Collections.unmodifiableMap(map);
    }

    private @Nullable Object simple(int b, boolean keep) {
        return switch (b & 31) {
            case 20 -> Boolean.FALSE;
            case 21 -> Boolean.TRUE;
            case 22, 23 -> null;
            case 25 -> floating(half(u2()), keep);
            case 26 -> floating(Float.intBitsToFloat((int) u4()), keep);
            case 27 -> floating(Double.longBitsToDouble(i8()), keep);
            default -> throw broken("0x" + Integer.toHexString(b) + " begins no value");
        };
    }

    private static Object floating(double value, boolean keep) {
        return keep ? (Object) value : SOMETHING;
    }

    /** A floating point number of two bytes. */
    private static double half(int bits) {
        int exponent = bits >> 10 & 31;
        int fraction = bits & 0x3ff;
        double value;
        if (exponent == 0) {
            value = Math.scalb((double) fraction, -24);
        } else if (exponent == 31) {
            value = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        } else {
            value = Math.scalb((double) (fraction + 1024), exponent - 25);
        }
        return bits >> 15 == 0 ? value : -value;
    }

    @Override
    @Nullable
    String key(boolean keep) {
        count();
        int b = u1();
        if (b >> 5 != TEXT) {
            throw broken("a key of a dictionary is no text");
        }
        return textOf(b, keep);
    }
}
