package io.millwright.controller.internal.process.linux;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Threads that give pieces of floods to their sinks while the leader of an {@link IoLoop} reads the next ones, and the memory for
 * these pieces. There are none while nothing floods. Thread-safe; nothing blocks.
 */
final class Helpers implements AutoCloseable {
    private static final long IDLE_SECONDS = 1;

    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(0, Floods.FEW, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "millwright-flood");
                thread.setDaemon(true);
                return thread;
            });

    private final ArrayBlockingQueue<Pieces> spare = new ArrayBlockingQueue<>(1);

    /** Memory for two pieces: one is read while a sink has the other. */
    static final class Pieces {
        private final Turn.Space[] spaces = {new Turn.Space(PipeSize.LARGE), new Turn.Space(PipeSize.LARGE)};
        private int next;

        /** Where the next one goes. */
        Turn.Space next() {
            return spaces[next];
        }

        /** The next one is full. */
        void swap() {
            next = 1 - next;
        }
    }

    /** Memory, {@code null} if there is none. */
    @Nullable
    Pieces take() {
        Pieces pieces = spare.poll();
        try {
            return pieces == null ? new Pieces() : pieces;
        } catch (OutOfMemoryError none) {
            // direct memory, not the heap: small pieces do as well
            return null;
        }
    }

    void giveBack(Pieces pieces) {
        spare.offer(pieces);
    }

    /** Has a thread do something; false if there is none for it. */
    boolean help(Runnable task) {
        try {
            threads.execute(task);
            return true;
        } catch (RejectedExecutionException | OutOfMemoryError none) {
            return false;
        }
    }

    /** Those that are at work finish it. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
