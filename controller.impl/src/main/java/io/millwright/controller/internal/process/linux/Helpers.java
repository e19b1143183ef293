package io.millwright.controller.internal.process.linux;

import com.sun.jna.Native;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Threads that give pieces of floods to their sinks while the leader of an {@link IoLoop} reads the next ones, and the memory for
 * these pieces. There is neither a second after the last flood. Thread-safe; nothing but {@link #close} blocks.
 */
final class Helpers implements AutoCloseable {
    private static final long IDLE_SECONDS = 1;
    private static final long CLOSE_MS = 500;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            0, Floods.FEW, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), this::thread);

    private final AtomicInteger alive = new AtomicInteger();
    private final ArrayBlockingQueue<Pieces> spare = new ArrayBlockingQueue<>(Floods.FEW);

    private Thread thread(Runnable tasks) {
        Thread thread = new Thread(
                () -> {
                    alive.incrementAndGet();
                    try {
                        tasks.run();
                    } finally {
                        if (alive.decrementAndGet() == 0) {
                            forgetSpare();
                        }
                    }
                },
                "millwright-flood");
        thread.setDaemon(true);
        return thread;
    }

    private void forgetSpare() {
        for (Pieces pieces = spare.poll(); pieces != null; pieces = spare.poll()) {
            pieces.free();
        }
    }

    /** Memory for two pieces outside the heap: one is read while a sink has the other. */
    static final class Pieces {
        private final long memory;
        private final Turn.Space[] spaces = new Turn.Space[2];
        private int next;

        private Pieces(long memory) {
            this.memory = memory;
            for (int i = 0; i < spaces.length; i++) {
                spaces[i] = new Turn.Space(memory + i * (long) PipeSize.LARGE, PipeSize.LARGE);
            }
        }

        /** Where the next one goes. */
        Turn.Space next() {
            return spaces[next];
        }

        /** The next one is full. */
        void swap() {
            next = 1 - next;
        }

        private void free() {
            Native.free(memory);
        }
    }

    /** Memory, {@code null} if there is none: small pieces do as well. */
    @Nullable
    Pieces take() {
        Pieces pieces = spare.poll();
        if (pieces != null) {
            return pieces;
        }
        long memory = Native.malloc(2L * PipeSize.LARGE);
        return memory == 0 ? null : new Pieces(memory);
    }

    /** Nobody uses it any more. */
    void giveBack(Pieces pieces) {
        if (!spare.offer(pieces)) {
            pieces.free();
        }
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

    /** Waits a moment for those that are at work; they finish it anyway. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            threads.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        forgetSpare();
    }
}
