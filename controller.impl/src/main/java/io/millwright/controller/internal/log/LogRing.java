package io.millwright.controller.internal.log;

import io.millwright.controller.api.LogEntry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The last lines, as bytes in one array that grows from nothing to its bound; the oldest make room. Not thread-safe:
 * {@link LogMemory} guards it.
 *
 * <p>Lines that came together are one block, so that a flood costs a copy of bytes and nothing a line: length (4 bytes), number
 * of lines (4), time (8), kind (1), the lines with a {@code \n} between them. A block is never split. The blocks are
 * {@code [head, tail)}, or once wrapped {@code [head, wrap)} and then {@code [0, tail)}. The oldest block goes when the others
 * have lines enough; what it has too many is not shown.
 */
final class LogRing {
    /** A block of several lines has at most so many bytes. */
    static final int MAX_BLOCK = 8 << 10;

    private static final int LINES = 4;
    private static final int TIME = 8;
    private static final int KIND = 16;
    private static final int HEADER = 17;
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
    private int held;
    private long added;

    /** What {@link #visit} calls. */
    private interface Visitor {
        void block(long time, int kind, byte[] bytes, int from, int length, int lines);
    }

    LogRing(int maxLines, int maxBytes) {
        this.maxLines = maxLines;
        this.maxBytes = maxBytes;
    }

    /** How many lines there are. */
    int lines() {
        return Math.min(held, maxLines);
    }

    /** How many lines were added and are not here any more. */
    long dropped() {
        return added - lines();
    }

    /** How much memory it holds, in bytes. */
    int footprint() {
        return data.length;
    }

    /** Adds lines of one kind, with a {@code \n} between them and none at the end. */
    void add(long time, int kind, byte[] bytes, int from, int length, int lines) {
        if (maxLines == 0 || (lines > 1 && length > maxBytes >> 2)) {
            addSingly(time, kind, bytes, from, length, lines);
            return;
        }
        int fits = Math.min(length, maxBytes - HEADER);
        while (held > 0 && held - (int) INT.get(data, head + LINES) + lines >= maxLines) {
            dropOldest();
        }
        reserve(HEADER + fits);
        INT.set(data, tail, fits);
        INT.set(data, tail + LINES, lines);
        LONG.set(data, tail + TIME, time);
        data[tail + KIND] = (byte) (fits < length ? LogLine.cut(kind) : kind);
        System.arraycopy(bytes, from, data, tail + HEADER, fits);
        tail += HEADER + fits;
        held += lines;
        added += lines;
    }

    private void addSingly(long time, int kind, byte[] bytes, int from, int length, int lines) {
        if (maxLines == 0) {
            added += lines;
            return;
        }
        int start = from;
        for (int i = 0; i < lines; i++) {
            int end = LineSplitter.newline(bytes, start, from + length);
            end = end < 0 ? from + length : end;
            add(time, kind, bytes, start, end - start, 1);
            start = end + 1;
        }
    }

    void clear() {
        head = 0;
        tail = 0;
        wrapped = false;
        held = 0;
        added = 0;
    }

    /** The last lines, oldest first. */
    List<LogEntry> tail(int limit) {
        List<LogEntry> entries = new ArrayList<>(Math.min(lines(), Math.max(limit, 0)));
        visit(limit, (time, kind, bytes, from, length, lines) -> {
            int start = from;
            for (int i = 1; i < lines; i++) {
                int end = LineSplitter.newline(bytes, start, from + length);
                entries.add(LogLine.decode(time, kind, bytes, start, end - start));
                start = end + 1;
            }
            entries.add(LogLine.decode(time, kind, bytes, start, from + length - start));
        });
        return entries;
    }

    /** A ring with the same bounds and the last lines, with no more room than they need. */
    LogRing copy(int limit) {
        LogRing copy = new LogRing(maxLines, maxBytes);
        visit(limit, (time, kind, bytes, from, length, lines) -> copy.tail += HEADER + length);
        copy.data = copy.tail == 0 ? NONE : new byte[copy.tail];
        copy.tail = 0;
        visit(limit, copy::add);
        return copy;
    }

    /** Changes the bounds; what is over the new ones is dropped, oldest first, and its memory given back. */
    void resize(int newMaxLines, int newMaxBytes) {
        if (newMaxLines < held || newMaxBytes < data.length) {
            LogRing fresh = new LogRing(newMaxLines, newMaxBytes);
            visit(newMaxLines, fresh::add);
            data = fresh.data;
            head = fresh.head;
            tail = fresh.tail;
            wrap = fresh.wrap;
            wrapped = fresh.wrapped;
            held = fresh.held;
        }
        maxLines = newMaxLines;
        maxBytes = newMaxBytes;
    }

    /** Goes through the last lines, oldest first, in blocks or the last part of one. */
    private void visit(int limit, Visitor visitor) {
        int skip = held - Math.min(lines(), Math.max(limit, 0));
        int rest = held;
        for (int at = head; rest > 0; at = after(at)) {
            int lines = (int) INT.get(data, at + LINES);
            rest -= lines;
            int from = at + HEADER;
            int end = from + (int) INT.get(data, at);
            int skipped = Math.min(skip, lines);
            skip -= skipped;
            if (skipped < lines) {
                for (int i = 0; i < skipped; i++) {
                    from = LineSplitter.newline(data, from, end) + 1;
                }
                visitor.block(
                        (long) LONG.get(data, at + TIME), data[at + KIND], data, from, end - from, lines - skipped);
            }
        }
    }

    private int after(int at) {
        int next = at + HEADER + (int) INT.get(data, at);
        return wrapped && next == wrap ? 0 : next;
    }

    private void dropOldest() {
        held -= (int) INT.get(data, head + LINES);
        int next = after(head);
        if (next == 0) {
            wrapped = false;
        }
        head = next;
        if (held == 0) {
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
            } else {
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
