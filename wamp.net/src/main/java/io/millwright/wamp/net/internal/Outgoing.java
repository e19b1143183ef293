package io.millwright.wamp.net.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that wait to be written. Short pieces are copied one behind the other, so that many of them cost no more memory than their bytes; long
 * ones are kept as they are, shared with other connections. Used by the loop's thread; an idle connection has no memory in it.
 */
final class Outgoing {
    /** From this length on bytes are not copied. */
    private static final int LONG = 2048;

    private static final int SMALLEST = 512;
    private static final int LARGEST = 16 << 10;

    private @Nullable ArrayDeque<ByteBuffer> chunks;
    /** The last chunk while there is room in it; its position is where the next piece goes, what is to be read is in the queue's view. */
    private @Nullable ByteBuffer open;

    private long size;

    long size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Adds bytes that are not changed any more. */
    void add(byte[] bytes) {
        if (bytes.length >= LONG) {
            queue().add(ByteBuffer.wrap(bytes));
            open = null;
        } else if (bytes.length > 0) {
            copy(ByteBuffer.wrap(bytes));
        }
        size += bytes.length;
    }

    /** Adds a copy of what remains in a buffer. */
    void addCopy(ByteBuffer bytes) {
        size += bytes.remaining();
        while (bytes.hasRemaining()) {
            copy(bytes);
        }
    }

    /** Adds a number of four bytes, the highest first. */
    void addInt(int number) {
        addCopy(ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());
    }

    private void copy(ByteBuffer bytes) {
        ByteBuffer last = open;
        if (last == null || last.remaining() < Math.min(bytes.remaining(), LONG)) {
            int length = (int) Math.max(SMALLEST, Math.min(LARGEST, size));
            last = ByteBuffer.allocate(Math.max(length, Math.min(bytes.remaining(), LARGEST)));
            open = last;
            queue().add(last.duplicate().limit(0));
        }
        int count = Math.min(last.remaining(), bytes.remaining());
        last.put(bytes.slice(bytes.position(), count));
        bytes.position(bytes.position() + count);
        ByteBuffer view = queue().getLast();
        view.limit(view.limit() + count);
    }

    private ArrayDeque<ByteBuffer> queue() {
        ArrayDeque<ByteBuffer> some = chunks;
        if (some == null) {
            some = new ArrayDeque<>(4);
            chunks = some;
        }
        return some;
    }

    /** Puts the first bytes into a buffer, as many as there is room for, without taking them away. */
    void peek(ByteBuffer target) {
        ArrayDeque<ByteBuffer> some = chunks;
        if (some == null) {
            return;
        }
        for (ByteBuffer chunk : some) {
            int count = Math.min(target.remaining(), chunk.remaining());
            target.put(chunk.slice(chunk.position(), count));
            if (!target.hasRemaining()) {
                return;
            }
        }
    }

    /** Takes the first bytes away. */
    void taken(int count) {
        ArrayDeque<ByteBuffer> some = chunks;
        int left = count;
        while (left > 0 && some != null && !some.isEmpty()) {
            ByteBuffer first = some.getFirst();
            int part = Math.min(left, first.remaining());
            first.position(first.position() + part);
            left -= part;
            if (!first.hasRemaining()) {
                some.removeFirst();
            }
        }
        size -= count;
        if (size == 0) {
            clear();
        }
    }

    /** Takes all away. */
    void clear() {
        chunks = null;
        open = null;
        size = 0;
    }
}
