package io.millwright.controller.internal.launch;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Tells plug-in pools when a call may be late, by one thread, {@code millwright-plugin-timer}. Thread-safe. */
public final class PluginTimer implements PluginPool.Timer, AutoCloseable {
    private final ScheduledThreadPoolExecutor executor;

    /** Starts the thread. */
    public PluginTimer() {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "millwright-plugin-timer");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.prestartCoreThread();
    }

    @Override
    public void after(long nanos, Runnable task) {
        executor.schedule(task, nanos, TimeUnit.NANOSECONDS);
    }

    /** Ends the thread; what it was to tell is dropped. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
