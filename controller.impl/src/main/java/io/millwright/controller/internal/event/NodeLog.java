package io.millwright.controller.internal.event;

import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what the node does into its own log, in order, by a thread of its own, {@code millwright-node-log}: a log is a file, for
 * which the controller does not wait. If the disk is so slow that very many lines wait, new ones are lost, and how many is told.
 * Thread-safe.
 */
public final class NodeLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("io.millwright.node");
    private static final int MOST = 20_000;
    private static final int END_SECONDS = 2;
    /** A line is written a moment later: the restarts that it tells of need the processor now. */
    private static final int PAUSE_MILLIS = 50;

    /** Takes the lines. */
    public interface Sink {
        /** One line; may block. */
        void write(Level level, String text);
    }

    private record Line(Level level, String text) {}

    private final Sink sink;
    private final ScheduledThreadPoolExecutor writer;
    private final Queue<Line> lines = new LinkedBlockingQueue<>(MOST);
    private final AtomicBoolean due = new AtomicBoolean();
    private final AtomicLong lost = new AtomicLong();
    private volatile Runnable before = () -> {};

    /** Writes to the logger {@code io.millwright.node}. */
    public NodeLog() {
        this(NodeLog::toLogger);
    }

    /**
     * Writes somewhere else.
     *
     * @param sink called by one thread
     */
    public NodeLog(Sink sink) {
        this.sink = sink;
        writer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "millwright-node-log");
            thread.setDaemon(true);
            return thread;
        });
        writer.setKeepAliveTime(10, TimeUnit.SECONDS);
        writer.allowCoreThreadTimeOut(true);
        writer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    private static void toLogger(Level level, String text) {
        switch (level) {
            case ERROR -> LOG.error("{}", text);
            case WARNING -> LOG.warn("{}", text);
            case INFO -> LOG.info("{}", text);
            default -> LOG.debug("{}", text);
        }
    }

    /**
     * Has a line written. Does not block.
     *
     * @param level how much it matters
     * @param text without a full stop
     */
    public void write(Level level, String text) {
        if (!lines.offer(new Line(level, text))) {
            lost.incrementAndGet();
        } else if (due.compareAndSet(false, true)) {
            try {
                writer.schedule(this::writeAll, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closed) {
                LOG.debug("the node has ended: {}", text);
            }
        }
    }

    /**
     * Has something done before lines are written.
     *
     * @param task called by the thread that writes; may block for the disk
     */
    public void beforeWriting(Runnable task) {
        before = task;
    }

    private void writeAll() {
        // Before the look: a line that comes meanwhile is due again.
        due.set(false);
        try {
            before.run();
        } catch (RuntimeException e) {
            LOG.warn("the file of this log could not be looked at", e);
        }
        for (Line line = lines.poll(); line != null; line = lines.poll()) {
            long gone = lost.getAndSet(0);
            if (gone > 0) {
                sink.write(Level.WARNING, gone + " lines of this log were lost: the disk is too slow for them");
            }
            sink.write(line.level(), line.text());
        }
    }

    /** Writes what waits, for at most two seconds, and ends. */
    @Override
    public void close() {
        if (!writer.isShutdown()) {
            writer.execute(this::writeAll);
            writer.shutdown();
        }
        try {
            if (!writer.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                writer.shutdownNow();
                LOG.warn("{} lines of this log were lost at the node's end", lines.size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
