package io.millwright.controller.internal.log;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The work space of writing a log, lent for one chunk at a time, and the number of open files: thousands of logs need only a
 * few of either; and what keeps their rotated files. One for the whole node. Thread-safe; nothing blocks.
 */
public final class LogBuffers implements AutoCloseable {
    private static final int KEPT = 4;

    /** A descriptor for each log would be a fourth one a worker; one more opening for each chunk is cheap. */
    private static final int MOST_OPEN = 64;

    private final ArrayBlockingQueue<Space> free = new ArrayBlockingQueue<>(KEPT);
    private final AtomicInteger open = new AtomicInteger();

    private final LogKeeper keeper = new LogKeeper();

    /** Keeps the rotated files of all logs. */
    LogKeeper keeper() {
        return keeper;
    }

    Space take() {
        Space space = free.poll();
        return space == null ? new Space() : space;
    }

    void giveBack(Space space) {
        space.size = 0;
        free.offer(space);
    }

    /**
     * Whether a log may keep its file open until the next chunk.
     *
     * @param wasOpen whether it was open before this one
     */
    boolean mayStayOpen(boolean wasOpen) {
        return open.get() + (wasOpen ? 0 : 1) <= MOST_OPEN;
    }

    /** Counts a file that was opened or closed. */
    void count(boolean wasOpen, boolean isOpen) {
        if (wasOpen != isOpen) {
            open.addAndGet(isOpen ? 1 : -1);
        }
    }

    /** Ends the keeping of rotated files; what it was at is begun anew by the next node. */
    @Override
    public void close() {
        keeper.close();
    }

    /** What one chunk needs: used by one thread at a time. */
    static final class Space {
        private static final int IN = 64 << 10;
        /** A chunk of 64 KiB with stamps goes out in one write unless its lines are very short. */
        private static final int OUT = 128 << 10;

        final Stamp stamp = new Stamp();
        /** Records for the file; in the heap, because small copies out of it are slow. */
        final byte[] out = new byte[OUT];

        /** How much of {@link #out} is used. */
        int size;

        /** What goes to the disk, outside the heap; else the JDK keeps such memory for every thread. */
        final ByteBuffer disk = ByteBuffer.allocateDirect(OUT);

        private byte @Nullable [] in;

        /** For bytes that come in memory outside the heap. */
        byte[] in() {
            byte[] present = in;
            if (present == null) {
                present = new byte[IN];
                in = present;
            }
            return present;
        }
    }
}
