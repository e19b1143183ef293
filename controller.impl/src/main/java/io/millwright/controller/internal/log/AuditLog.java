package io.millwright.controller.internal.log;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.Documents;
import io.millwright.controller.api.text.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log: one line of JSON an operation that changes something, each with a number that goes on over restarts of the node. A
 * thread of its own, {@code millwright-audit}, writes it from a bounded queue, and refuses nothing: a line that finds the queue full or
 * that the disk does not take is lost, and its number is missing. Thread-safe.
 */
public final class AuditLog implements Audit, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final int QUEUE = 1000;
    private static final int MOST_KEYS = 100;
    private static final int LONGEST_TARGET = 1000;

    private final AuditFile file;
    private final ThreadPoolExecutor writer;
    private long given;
    private long lost;
    private @Nullable String reason;
    /** Whether the last line was lost. */
    private boolean failing;

    /**
     * Makes one; nothing is opened before the first line.
     *
     * @param path the file
     */
    public AuditLog(Path path) {
        this(new AuditFile(path, LogOptions.DEFAULT.maxSize(), LogOptions.DEFAULT.keep()), QUEUE);
    }

    AuditLog(AuditFile file, int queue) {
        this.file = file;
        writer = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queue), task -> {
            Thread thread = new Thread(task, "millwright-audit");
            thread.setDaemon(true);
            return thread;
        });
        writer.allowCoreThreadTimeOut(true);
    }

    @Override
    public void write(Line line) {
        // One after another: numbers are in the order of the queue.
        synchronized (this) {
            long number = ++given;
            try {
                writer.execute(() -> store(number, line));
            } catch (RejectedExecutionException full) {
                lose(writer.isShutdown() ? "the node has ended" : "more came at once than could be written");
            }
        }
    }

    private void store(long number, Line line) {
        try {
            file.write(number, start -> text(start, line));
            works();
        } catch (IOException | RuntimeException e) {
            lose(AppendedFile.reason(e));
        }
    }

    private static byte[] text(long number, Line line) {
        Caller who = line.who();
        String target = line.target();
        List<String> keys = new ArrayList<>(line.keys());
        if (keys.size() > MOST_KEYS) {
            keys = keys.subList(0, MOST_KEYS);
            keys.add("…");
        }
        String text = Json.write(Documents.of(
                "number",
                number,
                "time",
                line.time(),
                "who",
                who,
                "session",
                who.session(),
                "role",
                who.role(),
                "listener",
                who.listener(),
                "address",
                who.address(),
                "operation",
                line.operation(),
                "target",
                target != null && target.length() > LONGEST_TARGET ? target.substring(0, LONGEST_TARGET) + "…" : target,
                "keys",
                keys,
                "result",
                line.result(),
                "done",
                line.done(),
                "failed",
                line.failed(),
                "duration",
                line.duration()));
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private void lose(String why) {
        boolean first;
        synchronized (this) {
            lost++;
            first = !failing || !why.equals(reason);
            failing = true;
            reason = why;
        }
        if (first) {
            LOG.error("a line of {} is lost: {}; operations go on, and their numbers are missing there", file, why);
        }
    }

    private void works() {
        long missing;
        synchronized (this) {
            if (!failing) {
                return;
            }
            failing = false;
            missing = lost;
        }
        LOG.info("{} is written again; {} line(s) are lost so far", file, missing);
    }

    /**
     * What is wrong with it; for any thread.
     *
     * @return what is lost in this life of the node and why, {@code null} if nothing is
     */
    public synchronized @Nullable String trouble() {
        return lost == 0
                ? null
                : lost + (lost == 1 ? " line is lost" : " lines are lost") + ", and their numbers are missing: "
                        + reason + (failing ? "" : "; it is written again");
    }

    /** Writes what waits, for at most a second, and ends. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(1, TimeUnit.SECONDS)) {
                LOG.error("{} could not be written to its end", file);
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        file.close();
    }
}
