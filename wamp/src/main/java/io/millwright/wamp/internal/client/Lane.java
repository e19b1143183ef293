package io.millwright.wamp.internal.client;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs tasks one after the other on an executor; takes a thread of it only while there are tasks. Thread-safe, never blocks. */
final class Lane {
    private final Executor executor;
    private final int limit;
    private final Consumer<Throwable> failed;
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private boolean running;

    Lane(Executor executor, int limit, Consumer<Throwable> failed) {
        this.executor = executor;
        this.limit = limit;
        this.failed = failed;
    }

    /** Runs the task later, unless as many wait as may: then not. */
    boolean offer(Runnable task) {
        synchronized (tasks) {
            if (tasks.size() >= limit) {
                return false;
            }
            tasks.add(task);
        }
        run();
        return true;
    }

    /** Runs the task later, in place of the oldest that waits if as many do as may; whether there was room for both. */
    boolean offerLatest(Runnable task) {
        boolean room;
        synchronized (tasks) {
            room = tasks.size() < limit;
            if (!room) {
                tasks.remove();
            }
            tasks.add(task);
        }
        run();
        return room;
    }

    /** Runs the task later, however many wait. */
    void put(Runnable task) {
        synchronized (tasks) {
            tasks.add(task);
        }
        run();
    }

    private void run() {
        synchronized (tasks) {
            if (running) {
                return;
            }
            running = true;
        }
        try {
            executor.execute(this::drain);
        } catch (RuntimeException | Error e) {
            // The executor has ended, or has no thread: what was promised is done all the same.
            drain();
        }
    }

    private void drain() {
        for (Runnable task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (Throwable e) {
                failed.accept(e);
            }
        }
    }

    private @Nullable Runnable next() {
        synchronized (tasks) {
            Runnable task = tasks.poll();
            running = task != null;
            return task;
        }
    }
}
