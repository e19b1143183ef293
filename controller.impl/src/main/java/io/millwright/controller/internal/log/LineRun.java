package io.millwright.controller.internal.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The quick way for many whole lines that lie one after the other, used by {@link LogPipe} where nothing is special. The
 * methods are long and keep everything in locals because the node's compiler (C1) does little inlining and no more. Holds no
 * state.
 */
final class LineRun {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long LOWS = 0x7f7f7f7f7f7f7f7fL;
    private static final long NEWLINES = '\n' * ONES;

    private LineRun() {}

    /** Where the last line that ends in {@code bytes[from, to)} is over, behind its line end; {@code from} if none ends. */
    static int lastEnd(byte[] bytes, int from, int to) {
        int at = to;
        while (at > from && bytes[at - 1] != '\n') {
            at--;
        }
        return at;
    }

    /** How many line ends are in {@code bytes[from, to)}. */
    static int count(byte[] bytes, int from, int to) {
        return count(bytes, from, to, NEWLINES, LOWS, ONES);
    }

    /** The words are arguments so that they stay in registers: C1 would load a constant anew wherever it is used. */
    private static int count(byte[] bytes, int from, int to, long newlines, long lows, long ones) {
        int count = 0;
        int at = from;
        for (; at <= to - 32; at += 32) {
            long first = (long) WORD.get(bytes, at) ^ newlines;
            long second = (long) WORD.get(bytes, at + 8) ^ newlines;
            long third = (long) WORD.get(bytes, at + 16) ^ newlines;
            long fourth = (long) WORD.get(bytes, at + 24) ^ newlines;
            // the highest bit of a byte becomes 1 unless it was a line end
            first |= (first & lows) + lows;
            second |= (second & lows) + lows;
            third |= (third & lows) + lows;
            fourth |= (fourth & lows) + lows;
            if (((first & second & third & fourth) | lows) != -1) {
                long others =
                        (first >>> 7 & ones) + (second >>> 7 & ones) + (third >>> 7 & ones) + (fourth >>> 7 & ones);
                count += 32 - (int) ((others * ones) >>> 56);
            }
        }
        for (; at < to; at++) {
            if (bytes[at] == '\n') {
                count++;
            }
        }
        return count;
    }

    /**
     * Adds the lines that end in {@code bytes[from, to)} to the batch, as many as the room takes; the stamp is set.
     *
     * @return where the first line that was not taken begins
     */
    static int stamp(byte[] bytes, int from, int to, LogBuffers.Space batch, int room) {
        return stamp(bytes, from, to, batch, room, NEWLINES, LOWS, ONES);
    }

    /** As with {@link #count(byte[], int, int, long, long, long)}. */
    private static int stamp(
            byte[] bytes, int from, int to, LogBuffers.Space batch, int room, long newlines, long lows, long ones) {
        Stamp stamp = batch.stamp;
        long first = stamp.word(0);
        long second = stamp.word(8);
        long third = stamp.word(16);
        long last = stamp.word(Stamp.LENGTH - 8);
        byte[] out = batch.out;
        int put = batch.size;
        int most = put + room - Stamp.LENGTH;
        int start = from;
        int at = from;
        while (true) {
            long hits = 0;
            for (; at <= to - 8; at += 8) {
                long word = (long) WORD.get(bytes, at) ^ newlines;
                hits = (word - ones) & ~(word | lows);
                if (hits != 0) {
                    // the number of bytes before the lowest hit, with no call
                    at += (int) (((((hits & -hits) - 1) & ones) * ones) >>> 56) - 1;
                    break;
                }
            }
            if (hits == 0) {
                while (at < to && bytes[at] != '\n') {
                    at++;
                }
            }
            int length = ++at - start;
            if (at > to || put + length > most) {
                batch.size = put;
                return start;
            }
            WORD.set(out, put, first);
            WORD.set(out, put + 8, second);
            WORD.set(out, put + 16, third);
            WORD.set(out, put + Stamp.LENGTH - 8, last);
            put += Stamp.LENGTH;
            System.arraycopy(bytes, start, out, put, length);
            put += length;
            start = at;
        }
    }
}
