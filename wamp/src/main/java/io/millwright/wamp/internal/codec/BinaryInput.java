package io.millwright.wamp.internal.codec;

import io.millwright.wamp.WampProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What CBOR and MessagePack share: lengths before contents, big-endian numbers. Nothing is allocated by a length that the bytes do not bear out. */
abstract class BinaryInput extends Input {
    private static final int FIRST_CAPACITY = 16;

    final byte[] bytes;
    int pos;
    private final int end;
    private final String format;

    BinaryInput(byte[] bytes, int from, int end, String format) {
        this.bytes = bytes;
        this.pos = from;
        this.end = end;
        this.format = format;
    }

    abstract @Nullable Object read(int depth, boolean keep);

    /** A key of a map; {@code null} when it was only checked. */
    abstract @Nullable String key(boolean keep);

    @Override
    final @Nullable Object next(boolean keep) {
        took();
        return read(1, keep);
    }

    /** An element of the message is about to be read. */
    abstract void took();

    @Override
    final int begin() {
        return pos;
    }

    @Override
    final int end() {
        return pos;
    }

    @Override
    final void endMessage() {
        if (pos != end) {
            throw broken((end - pos) + " bytes follow the message");
        }
    }

    final WampProtocolException broken(String how) {
        return new WampProtocolException("this is no " + format + ": " + how + " (at byte " + pos + ")");
    }

    final boolean atEnd() {
        return pos >= end;
    }

    private void need(long count) {
        if (count > end - pos) {
            throw broken("it ends too early");
        }
    }

    final int peek() {
        need(1);
        return bytes[pos] & 0xff;
    }

    final int u1() {
        need(1);
        return bytes[pos++] & 0xff;
    }

    final int u2() {
        need(2);
        pos += 2;
        return (bytes[pos - 2] & 0xff) << 8 | bytes[pos - 1] & 0xff;
    }

    final long u4() {
        need(4);
        return (long) u2() << 16 | u2();
    }

    final long i8() {
        need(8);
        return u4() << 32 | u4();
    }

    /** A length or a count that takes at least so many bytes each; negative stands for 2^63 and more. */
    final int length(long count, int bytesEach) {
        if (count < 0 || count > (end - pos) / bytesEach) {
            throw broken("it ends too early, a length of " + Long.toUnsignedString(count) + " is announced where "
                    + (end - pos) + " bytes are left");
        }
        return (int) count;
    }

    final byte[] binary(int length, boolean keep) {
        pos += length;
        return keep ? Arrays.copyOfRange(bytes, pos - length, pos) : SOME_BINARY;
    }

    final @Nullable String text(int length, boolean keep) {
        int invalid = Utf8.invalidAt(bytes, pos, pos + length);
        if (invalid != pos + length) {
            throw broken("a text is not UTF-8");
        }
        pos += length;
        return keep ? new String(bytes, pos - length, length, StandardCharsets.UTF_8) : null;
    }

    final List<?> list(int size, int depth, boolean keep) {
        List<Object> list = keep && size > 0 ? new ArrayList<>(Math.min(size, FIRST_CAPACITY)) : SOME_LIST;
        for (int i = 0; i < size; i++) {
            Object value = read(depth, keep);
            if (keep) {
                list.add(value);
            }
        }
        return size == 0 || !keep ? list : Collections.unmodifiableList(list);
    }

    final Map<String, ?> map(int size, int depth, boolean keep) {
        Map<String, Object> map = keep && size > 0 ? new LinkedHashMap<>() : SOME_MAP;
        for (int i = 0; i < size; i++) {
            String key = key(keep);
            Object value = read(depth, keep);
            if (keep && key != null) {
                map.put(key, value);
            }
        }
        return size == 0 || !keep ? map : Collections.unmodifiableMap(map);
    }
}
