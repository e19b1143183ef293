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

    /**
     * Where it begins.
     *
     * @param backlog the lines that come first
     * @param lost how many before them are not kept any more
     * @param position of the last line that was written
     */
    record Start(LogRing backlog, long lost, long position) {}

    private final Object memory;
    private final LogListener listener;
    private final Executor executor;
    private final Consumer<Follower> onClose;
    private @Nullable Start start;
    /** How many lines were lost before those that come next; the delivering thread's. */
    private long missed;
    /** The position of the last line that was given or is lost; the delivering thread's. */
    private long position;

    private LogRing queue = new LogRing(LINES, BYTES);
    private LogRing spare = new LogRing(LINES, BYTES);
    private boolean scheduled;
    private boolean complete;
    private boolean closed;
    private boolean complained;

    /** Is called with the memory lock. */
    Follower(Object memory, Start start, LogListener listener, Executor executor, Consumer<Follower> onClose) {
        this.memory = memory;
        this.start = start;
        this.missed = start.lost();
        this.position = start.position();
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
            start = null;
            queue = new LogRing(0, 0);
            spare = queue;
        }
        onClose.accept(this);
    }

    private boolean waiting() {
        return complete || start != null || queue.lines() > 0;
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
            return start != null || queue.lines() > 0;
        }
    }

    private void deliverBatch() {
        LogRing batch;
        boolean first;
        synchronized (memory) {
            if (closed) {
                return;
            }
            first = start != null;
            if (start != null) {
                batch = start.backlog();
                start = null;
            } else {
                batch = queue;
                missed += batch.dropped();
                position += batch.dropped() + batch.lines();
                queue = spare;
                spare = batch;
            }
        }
        List<LogEntry> entries = batch.tail(batch.lines());
        batch.clear();
        if (first || !entries.isEmpty()) {
            long lost = entries.isEmpty() ? 0 : missed;
            missed -= lost;
            long last = position;
            call(l -> l.onLog(entries, lost, last));
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
