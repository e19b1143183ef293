package io.millwright.controller.internal.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Finds the lines in one stream of bytes, however the bytes are cut into chunks. {@link #next} finds one line and leaves it in
 * {@link #line}, {@link #from}, {@link #to} and {@link #end} until the next call. Used by its {@link WorkerLog} alone, not
 * thread-safe.
 */
final class LineSplitter {
    /** A longer line is cut here; its {@code \n} does not count. */
    static final int MAX_LINE = 64 << 10;

    private static final int KEPT_BUFFER = 1 << 10;
    private static final byte[] NONE = {};
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    /** What was found: where it is, without its line end. Empty before the first line. */
    byte[] line = NONE;

    int from;
    int to;
    /** {@link LogLine#ENDED}, {@link LogLine#CUT} or {@link LogLine#OPEN}. */
    int end;

    private byte[] partial = NONE;
    private int length;

    /**
     * Looks for the next line in {@code bytes[start, limit)}.
     *
     * @return where to look next time if there is a line; -1 if there is none and all bytes were taken
     */
    int next(byte[] bytes, int start, int limit) {
        int stop = Math.min(limit, start + MAX_LINE - length);
        int found = newline(bytes, start, stop);
        if (found < 0) {
            if (stop == limit) {
                keep(bytes, start, limit);
                return -1;
            }
            found = stop;
        }
        boolean ended = bytes[found] == '\n';
        end = ended ? LogLine.ENDED : LogLine.CUT;
        if (length == 0) {
            if (line != bytes) {
                // not for every line: storing a reference may cost the collector's barrier
                line = bytes;
            }
            from = start;
            to = found;
        } else {
            keep(bytes, start, found);
            takePartial();
        }
        return ended ? found + 1 : found;
    }

    /**
     * The stream has ended.
     *
     * @return whether there was a last line without an end
     */
    boolean finish() {
        if (length == 0) {
            return false;
        }
        end = LogLine.OPEN;
        takePartial();
        return true;
    }

    /** Lets go of the last line's array. */
    void forget() {
        line = NONE;
    }

    /** How many bytes of the line that has not ended yet are here, in {@link #partial()} from 0 on. */
    int partialLength() {
        return length;
    }

    byte[] partial() {
        return partial;
    }

    private void takePartial() {
        line = partial;
        from = 0;
        to = length;
        length = 0;
        if (partial.length > KEPT_BUFFER) {
            partial = NONE;
        }
    }

    private void keep(byte[] bytes, int start, int limit) {
        int wanted = length + limit - start;
        if (wanted > partial.length) {
            partial = Arrays.copyOf(partial, Math.min(MAX_LINE, Math.max(64, Math.max(wanted, 2 * partial.length))));
        }
        System.arraycopy(bytes, start, partial, length, limit - start);
        length = wanted;
    }

    /** Eight bytes at a time: the JDK has no quick search in a byte array; more at a time was no quicker. */
    static int newline(byte[] bytes, int start, int limit) {
        int i = start;
        for (; i <= limit - 8; i += 8) {
            long word = (long) WORD.get(bytes, i) ^ ('\n' * ONES);
            long hits = (word - ONES) & ~word & HIGHS;
            if (hits != 0) {
                return i + (Long.numberOfTrailingZeros(hits) >>> 3);
            }
        }
        for (; i < limit; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }
}
