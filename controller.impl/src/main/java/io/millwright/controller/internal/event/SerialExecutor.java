package io.millwright.controller.internal.event;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks one after another, in their order, by threads of another executor. Thread-safe; no lock is held in a task. */
public final class SerialExecutor implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(SerialExecutor.class);

    private final Executor threads;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean running;

    /**
     * Runs nothing yet.
     *
     * @param threads does not run tasks in the thread that hands them over
     */
    public SerialExecutor(Executor threads) {
        this.threads = threads;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (waiting) {
            waiting.add(task);
            if (running) {
                return;
            }
            running = true;
        }
        try {
            threads.execute(this::run);
        } catch (RejectedExecutionException ended) {
            synchronized (waiting) {
                waiting.clear();
                running = false;
            }
            throw ended;
        } catch (OutOfMemoryError noThread) {
            // Those that wait are run with the next.
            synchronized (waiting) {
                running = false;
            }
            LOG.debug("no thread now", noThread);
        }
    }

    private void run() {
        for (Runnable task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (RuntimeException | Error fault) {
                LOG.error("a task failed; those behind it go on", fault);
            }
        }
    }

    private @Nullable Runnable next() {
        synchronized (waiting) {
            Runnable task = waiting.poll();
            running = task != null;
            return task;
        }
    }
}
