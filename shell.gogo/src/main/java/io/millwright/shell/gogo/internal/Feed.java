package io.millwright.shell.gogo.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hands what a listener gets to the thread of the command that follows it. Bounded: a listener waits while the command
 * prints, so that the node counts what is lost. Thread-safe.
 *
 * @param <T> what is followed
 */
public final class Feed<T> implements AutoCloseable {
    private final BlockingQueue<Batch<T>> queue = new ArrayBlockingQueue<>(64);
    private volatile boolean closed;

    /**
     * Some items that came together.
     *
     * @param items oldest first
     * @param lost how many were dropped just before them
     * @param end whether nothing follows
     * @param <T> what is followed
     */
    public record Batch<T>(List<T> items, long lost, boolean end) {}

    /**
     * Gives items to the command; blocks while it is busy.
     *
     * @param items oldest first
     * @param lost how many were dropped just before them
     */
    public void put(List<T> items, long lost) {
        add(new Batch<>(items, lost, false));
    }

    /** Tells the command that nothing follows. */
    public void end() {
        add(new Batch<>(List.of(), 0, true));
    }

    private void add(Batch<T> batch) {
        if (closed) {
            return;
        }
        try {
            queue.put(batch);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits for the next items.
     *
     * @param wait how long
     * @return the items, {@code null} if none came
     * @throws InterruptedException if the command's thread was interrupted
     */
    public @Nullable Batch<T> poll(Duration wait) throws InterruptedException {
        return queue.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Frees a listener that waits; whatever it gives from now on is dropped. */
    @Override
    public void close() {
        closed = true;
        queue.clear();
    }
}
