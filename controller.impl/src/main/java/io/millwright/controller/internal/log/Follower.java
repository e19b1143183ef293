package io.millwright.controller.internal.log;

import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogListener;
import io.millwright.controller.api.Subscription;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener of a log with its bounded queue, itself a ring: the oldest lines are lost. Thread-safe; its state is guarded by
 * the log's memory lock, and the listener is called with no lock.
 */
final class Follower implements Subscription {
    /** The bounds of the queue. */
    static final int LINES = 1000;

    static final int BYTES = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

    private final Object memory;
    private final LogListener listener;
    private final Executor executor;
    private final Consumer<Follower> onClose;
    private @Nullable LogRing backlog;
    private LogRing queue = new LogRing(LINES, BYTES);
    private LogRing spare = new LogRing(LINES, BYTES);
    private boolean scheduled;
    private boolean complete;
    private boolean closed;
    private boolean complained;

    /** Is called with the memory lock. */
    Follower(Object memory, LogRing backlog, LogListener listener, Executor executor, Consumer<Follower> onClose) {
        this.memory = memory;
        this.backlog = backlog;
        this.listener = listener;
        this.executor = executor;
        this.onClose = onClose;
    }

    /** Queues lines; with the memory lock. */
    void add(long time, int kind, byte[] bytes, int from, int length, int lines) {
        queue.add(time, kind, bytes, from, length, lines);
    }

    /** Nothing follows; with the memory lock. */
    void complete() {
        complete = true;
    }

    /** Sees that what waits is delivered; without any lock. */
    void wake() {
        synchronized (memory) {
            if (scheduled || closed || !waiting()) {
                return;
            }
            scheduled = true;
        }
        submit();
    }

    @Override
    public void close() {
        synchronized (memory) {
            if (closed) {
                return;
            }
            closed = true;
            backlog = null;
            queue = new LogRing(0, 0);
            spare = queue;
        }
        onClose.accept(this);
    }

    private boolean waiting() {
        return complete || backlog != null || queue.lines() > 0;
    }

    private void submit() {
        try {
            executor.execute(this::deliver);
        } catch (RuntimeException e) {
            // its executor has ended, and so has it
            LOG.debug("A log listener is gone", e);
            close();
        }
    }

    /**
     * One batch, then to the back of the executor's queue: a chatty worker must not keep a thread for itself. The last lines
     * of a log come with its end, before what an executor that keeps the order was given meanwhile.
     */
    private void deliver() {
        boolean ends;
        do {
            deliverBatch();
            synchronized (memory) {
                scheduled = !closed && waiting();
                if (!scheduled) {
                    return;
                }
                ends = complete;
            }
        } while (ends && hasLines());
        if (ends) {
            close();
            call(LogListener::onEnd);
        } else {
            submit();
        }
    }

    private boolean hasLines() {
        synchronized (memory) {
            return backlog != null || queue.lines() > 0;
        }
    }

    private void deliverBatch() {
        LogRing batch;
        long lost;
        synchronized (memory) {
            if (closed) {
                return;
            }
            if (backlog != null) {
                batch = backlog;
                backlog = null;
                lost = 0;
            } else {
                batch = queue;
                lost = batch.dropped();
                queue = spare;
                spare = batch;
            }
        }
        List<LogEntry> entries = batch.tail(batch.lines());
        batch.clear();
        if (!entries.isEmpty()) {
            call(l -> l.onLog(entries, lost));
        }
    }

    private void call(Consumer<LogListener> what) {
        try {
            what.accept(listener);
        } catch (Exception | LinkageError e) {
            if (!complained) {
                complained = true;
                LOG.warn(
                        "Log listener {} failed; it is called again, further failures are not logged",
                        listener.getClass().getName(),
                        e);
            }
        }
    }
}
