package io.millwright.controller.internal.event;

import java.lang.System.Logger.Level;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

    /** Takes the lines. */
    public interface Sink {
        /** One line; may block. */
        void write(Level level, String text);
    }

    private final Sink sink;
    private final ThreadPoolExecutor writer;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong lost = new AtomicLong();

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
        writer = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "millwright-node-log");
            thread.setDaemon(true);
            return thread;
        });
        writer.allowCoreThreadTimeOut(true);
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
        if (waiting.incrementAndGet() > MOST) {
            waiting.decrementAndGet();
            lost.incrementAndGet();
            return;
        }
        try {
            writer.execute(() -> {
                waiting.decrementAndGet();
                long gone = lost.getAndSet(0);
                if (gone > 0) {
                    sink.write(Level.WARNING, gone + " lines of this log were lost: the disk is too slow for them");
                }
                sink.write(level, text);
            });
        } catch (RejectedExecutionException closed) {
            LOG.debug("the node has ended: {}", text);
        }
    }

    /** Writes what waits, for at most two seconds, and ends. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn(
                        "{} lines of this log were lost at the node's end",
                        writer.shutdownNow().size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
