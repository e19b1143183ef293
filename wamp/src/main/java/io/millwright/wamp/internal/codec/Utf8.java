package io.millwright.wamp.internal.codec;

/** Strict UTF-8: the shortest forms only, no surrogates. */
final class Utf8 {
    private Utf8() {}

    /** The first index that is no part of a valid character, {@code end} if all are. */
    static int invalidAt(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end) {
            int b = bytes[i];
            if (b >= 0) {
                i++;
                continue;
            }
            int length = length(bytes, i, end);
            if (length == 0) {
                return i;
            }
            i += length;
        }
        return end;
    }

    /** How many bytes the character of two or more bytes has, 0 if it is none. */
    private static int length(byte[] bytes, int i, int end) {
        int b = bytes[i] & 0xff;
        int length = b >= 0xc2 && b < 0xe0 ? 2 : b >= 0xe0 && b < 0xf0 ? 3 : b >= 0xf0 && b < 0xf5 ? 4 : 0;
        if (length == 0 || i + length > end) {
            return 0;
        }
        for (int k = 1; k < length; k++) {
            if ((bytes[i + k] & 0xc0) != 0x80) {
                return 0;
            }
        }
        int second = bytes[i + 1] & 0xff;
        boolean notShortest = b == 0xe0 && second < 0xa0 || b == 0xf0 && second < 0x90;
        boolean surrogate = b == 0xed && second >= 0xa0;
        boolean beyond = b == 0xf4 && second >= 0x90;
        return notShortest || surrogate || beyond ? 0 : length;
    }
}
