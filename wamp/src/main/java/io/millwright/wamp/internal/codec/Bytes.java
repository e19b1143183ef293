package io.millwright.wamp.internal.codec;

import io.millwright.wamp.WampEncodingException;
import java.util.Arrays;

/** A growing array of bytes, big-endian. Not thread-safe. */
final class Bytes {
    private static final int LARGEST = Integer.MAX_VALUE - 64;

    private byte[] bytes = new byte[128];
    private int length;

    private void room(int more) {
        long needed = (long) length + more;
        if (needed > LARGEST) {
            throw new WampEncodingException("a message of more than 2 GiB cannot be sent");
        }
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(LARGEST, Math.max(needed, 2L * bytes.length)));
        }
    }

    void put(int b) {
        room(1);
        bytes[length++] = (byte) b;
    }

    void put2(int value) {
        room(2);
        bytes[length++] = (byte) (value >> 8);
        bytes[length++] = (byte) value;
    }

    void put4(int value) {
        put2(value >> 16);
        put2(value);
    }

    void put8(long value) {
        put4((int) (value >> 32));
        put4((int) value);
    }

    void put(byte[] from, int offset, int count) {
        room(count);
        System.arraycopy(from, offset, bytes, length, count);
        length += count;
    }

    void ascii(String text) {
        room(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
    }

    /** How many bytes a text has; a lone half of a surrogate pair is U+FFFD, three bytes. */
    static long utf8Length(String text) {
        long count = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c) && isPair(text, i)) {
                count += 4;
                i++;
            } else {
                count += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            }
        }
        return count;
    }

    void utf8(String text) {
        room((int) Math.min(LARGEST, 3L * text.length()));
        for (int i = 0; i < text.length(); i++) {
            i = utf8(text, i);
        }
    }

    /** Puts the character at an index, and answers the index of its last half. */
    int utf8(String text, int i) {
        char c = text.charAt(i);
        if (c < 0x80) {
            put(c);
        } else if (c < 0x800) {
            put(0xc0 | c >> 6);
            put(0x80 | c & 0x3f);
        } else if (Character.isSurrogate(c) && isPair(text, i)) {
            int code = Character.toCodePoint(c, text.charAt(i + 1));
            put(0xf0 | code >> 18);
            put(0x80 | code >> 12 & 0x3f);
            put(0x80 | code >> 6 & 0x3f);
            put(0x80 | code & 0x3f);
            return i + 1;
        } else {
            int code = Character.isSurrogate(c) ? 0xfffd : c;
            put(0xe0 | code >> 12);
            put(0x80 | code >> 6 & 0x3f);
            put(0x80 | code & 0x3f);
        }
        return i;
    }

    private static boolean isPair(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes, length);
    }
}
