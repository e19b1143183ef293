package io.millwright.controller.internal.log;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compresses and deletes rotated files of the logs whose options ask for it, after each rotation and every ten minutes, in one thread,
 * {@code millwright-log-keeper}; without such a log there is none. Thread-safe; nothing but {@link #close} blocks.
 */
final class LogKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogKeeper.class);
    private static final long MINUTES = 10;
    private static final long CLOSE_SECONDS = 2;

    private final Map<RotatedFiles, Housekeeping> logs = new ConcurrentHashMap<>();
    // Guarded by this.
    private @Nullable ScheduledThreadPoolExecutor thread;
    private boolean closed;

    /** Looks at the files of a log soon, and from time to time while the rules ask for it. */
    void look(RotatedFiles files, Housekeeping rules) {
        if (!rules.isOfRotated()) {
            logs.remove(files);
            return;
        }
        logs.put(files, rules);
        synchronized (this) {
            if (!closed) {
                thread().execute(() -> keep(files));
            }
        }
    }

    /** Looks at the files of a log no more. */
    void forget(RotatedFiles files) {
        logs.remove(files);
    }

    private ScheduledThreadPoolExecutor thread() {
        ScheduledThreadPoolExecutor present = thread;
        if (present == null) {
            present = new ScheduledThreadPoolExecutor(1, task -> {
                Thread made = new Thread(task, "millwright-log-keeper");
                made.setDaemon(true);
                return made;
            });
            present.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
            present.scheduleWithFixedDelay(() -> logs.keySet().forEach(this::keep), MINUTES, MINUTES, TimeUnit.MINUTES);
            thread = present;
        }
        return present;
    }

    private void keep(RotatedFiles files) {
        Housekeeping rules = logs.get(files);
        if (rules == null) {
            return;
        }
        try {
            files.keep(rules, Instant.now());
        } catch (ClosedByInterruptException ends) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "rotated files of {} could not be compressed or deleted; it is tried again: {}",
                    files,
                    e.toString());
        }
    }

    @Override
    public void close() {
        ScheduledThreadPoolExecutor present;
        synchronized (this) {
            closed = true;
            present = thread;
        }
        if (present != null) {
            present.shutdownNow();
            try {
                if (!present.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                    LOG.warn("the disk does not let go of the logs' rotated files");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
