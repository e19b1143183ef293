package io.millwright.controller.internal.event;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands items to one consumer, in order, by one thread at a time, through a bounded queue: a slow consumer loses the oldest
 * that wait, so that there is always a next item to tell a loss with, and it stands where the lost ones were. Offering never
 * waits. Thread-safe. The consumer is called without a lock.
 *
 * @param <T> the items
 */
public final class BoundedDelivery<T> {
    private static final Logger LOG = LoggerFactory.getLogger(BoundedDelivery.class);

    /**
     * Gets the items.
     *
     * @param <T> the items
     */
    @FunctionalInterface
    public interface Consumer<T> {
        /**
         * Some items.
         *
         * @param items at least one
         * @param lost how many were dropped just before the first of them
         */
        void accept(List<T> items, long lost);
    }

    private final int capacity;
    private final Executor executor;
    private final Consumer<T> consumer;
    private final Object lock = new Object();
    private final ArrayDeque<T> queue = new ArrayDeque<>();
    private long lost;
    private boolean running;
    private boolean closed;

    /**
     * Makes a delivery.
     *
     * @param capacity most items that wait
     * @param executor runs the consumer
     * @param consumer gets the items
     */
    public BoundedDelivery(int capacity, Executor executor, Consumer<T> consumer) {
        this.capacity = capacity;
        this.executor = executor;
        this.consumer = consumer;
    }

    /**
     * Counts items that are lost before the first that is offered.
     *
     * @param count how many
     */
    void loseBefore(long count) {
        synchronized (lock) {
            lost += count;
        }
    }

    /**
     * Queues an item; when the queue is full, the oldest in it is dropped and counted. Never blocks.
     *
     * @param item what to hand over
     */
    public void offer(T item) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            if (queue.size() >= capacity) {
                queue.removeFirst();
                lost++;
            }
            queue.add(item);
            if (running) {
                return;
            }
            running = true;
        }
        submit();
    }

    private void submit() {
        try {
            executor.execute(this::deliver);
        } catch (RejectedExecutionException ended) {
            LOG.debug("a listener is gone with its executor", ended);
            close();
        } catch (OutOfMemoryError noThread) {
            // What waits is handed over with the next.
            synchronized (lock) {
                running = false;
            }
            LOG.debug("no thread now", noThread);
        }
    }

    /** One batch, then to the back of the executor's queue: others of the same executor have their turn. */
    private void deliver() {
        List<T> batch;
        long dropped;
        synchronized (lock) {
            batch = new ArrayList<>(queue);
            queue.clear();
            dropped = lost;
            lost = 0;
        }
        try {
            if (!batch.isEmpty()) {
                consumer.accept(batch, dropped);
            }
        } catch (RuntimeException | Error fault) {
            LOG.warn("a listener failed on {} item(s)", batch.size(), fault);
        }
        synchronized (lock) {
            running = !queue.isEmpty();
            if (!running) {
                return;
            }
        }
        submit();
    }

    /** Ends it; what waits is dropped, a call in progress may finish. */
    public void close() {
        synchronized (lock) {
            closed = true;
            queue.clear();
        }
    }
}
