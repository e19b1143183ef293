package io.millwright.controller.internal.log;

import io.millwright.controller.api.LogEntry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The last lines, as bytes in one array that grows from nothing to its bound; the oldest make room. Not thread-safe:
 * {@link WorkerLog} guards it.
 *
 * <p>A record is never split: length (4 bytes), time (8), kind (1), bytes. The records are {@code [head, tail)}, or once
 * wrapped {@code [head, wrap)} and then {@code [0, tail)}.
 */
final class LogRing {
    /** Bytes of book-keeping a line. */
    static final int HEADER = 13;

    private static final byte[] NONE = {};
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private int maxLines;
    private int maxBytes;
    private byte[] data = NONE;
    private int head;
    private int tail;
    private int wrap;
    private boolean wrapped;
    private int lines;
    private long dropped;

    LogRing(int maxLines, int maxBytes) {
        this.maxLines = maxLines;
        this.maxBytes = maxBytes;
    }

    int lines() {
        return lines;
    }

    /** How much memory it holds, in bytes. */
    int footprint() {
        return data.length;
    }

    /** How many lines made room since the last call. */
    long takeDropped() {
        long taken = dropped;
        dropped = 0;
        return taken;
    }

    void add(long time, int kind, byte[] bytes, int from, int length) {
        if (maxLines == 0) {
            dropped++;
            return;
        }
        int fits = Math.min(length, maxBytes - HEADER);
        if (lines == maxLines) {
            dropOldest();
        }
        reserve(HEADER + fits);
        INT.set(data, tail, fits);
        LONG.set(data, tail + 4, time);
        data[tail + 12] = (byte) (fits < length ? kind & 3 | LogLine.CUT : kind);
        System.arraycopy(bytes, from, data, tail + HEADER, fits);
        tail += HEADER + fits;
        lines++;
    }

    void clear() {
        head = 0;
        tail = 0;
        wrapped = false;
        lines = 0;
        dropped = 0;
    }

    /** The last lines, oldest first. */
    List<LogEntry> tail(int limit) {
        int count = Math.min(lines, Math.max(limit, 0));
        List<LogEntry> entries = new ArrayList<>(count);
        int at = skip(lines - count);
        for (int i = 0; i < count; i++) {
            int length = (int) INT.get(data, at);
            entries.add(LogLine.decode((long) LONG.get(data, at + 4), data[at + 12], data, at + HEADER, length));
            at = after(at);
        }
        return entries;
    }

    /** A ring of its own with the last lines, no larger than they need. */
    LogRing copy(int limit) {
        int count = Math.min(lines, Math.max(limit, 0));
        int first = skip(lines - count);
        int bytes = 0;
        for (int i = 0, at = first; i < count; i++, at = after(at)) {
            bytes += HEADER + (int) INT.get(data, at);
        }
        LogRing copy = new LogRing(count, bytes);
        if (count > 0) {
            copy.data = new byte[bytes];
        }
        copyInto(copy, first, count);
        return copy;
    }

    /** A ring with the last lines and no more room than they need, never to hold more lines. */
    LogRing trimmed(int limit) {
        LogRing trimmed = copy(limit);
        trimmed.maxLines = Math.max(limit, 0);
        trimmed.maxBytes = maxBytes;
        return trimmed;
    }

    /** Changes the bounds; what is over the new ones is dropped, oldest first, and its memory given back. */
    void resize(int newMaxLines, int newMaxBytes) {
        if (newMaxLines < lines || newMaxBytes < data.length) {
            LogRing fresh = new LogRing(newMaxLines, newMaxBytes);
            copyInto(fresh, head, lines);
            data = fresh.data;
            head = fresh.head;
            tail = fresh.tail;
            wrap = fresh.wrap;
            wrapped = fresh.wrapped;
            lines = fresh.lines;
            dropped += fresh.dropped;
        }
        maxLines = newMaxLines;
        maxBytes = newMaxBytes;
    }

    private void copyInto(LogRing target, int first, int count) {
        for (int i = 0, at = first; i < count; i++, at = after(at)) {
            target.add((long) LONG.get(data, at + 4), data[at + 12], data, at + HEADER, (int) INT.get(data, at));
        }
    }

    private int skip(int count) {
        int at = head;
        for (int i = 0; i < count; i++) {
            at = after(at);
        }
        return at;
    }

    private int after(int at) {
        int next = at + HEADER + (int) INT.get(data, at);
        return wrapped && next == wrap ? 0 : next;
    }

    private void dropOldest() {
        int next = head + HEADER + (int) INT.get(data, head);
        if (wrapped && next == wrap) {
            next = 0;
            wrapped = false;
        }
        head = next;
        lines--;
        dropped++;
        if (lines == 0) {
            head = 0;
            tail = 0;
        }
    }

    /** Makes {@code data[tail, tail + size)} free. */
    private void reserve(int size) {
        while (tail + size > (wrapped ? head : data.length)) {
            if (!wrapped && head >= size) {
                wrap = tail;
                tail = 0;
                wrapped = true;
            } else if (data.length < maxBytes) {
                grow(size);
            } else if (lines > 0) {
                dropOldest();
            }
        }
    }

    private void grow(int size) {
        int used = wrapped ? wrap - head + tail : tail - head;
        long wanted = Math.max(256, Math.max(2L * data.length, (long) used + size));
        byte[] larger = new byte[(int) Math.min(maxBytes, wanted)];
        int first = wrapped ? wrap - head : used;
        System.arraycopy(data, head, larger, 0, first);
        System.arraycopy(data, 0, larger, first, used - first);
        data = larger;
        head = 0;
        tail = used;
        wrapped = false;
    }
}
