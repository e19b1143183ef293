package io.millwright.controller.internal.life;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs code of plug-ins, on threads {@code millwright-plugin-N}, each call bounded in time. A call that is late is
 * interrupted and its caller told; while its thread stays stuck the pool has one thread more, so that others go on. Thread-safe.
 */
public final class PluginPool implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int MOST_STUCK = 32;

    private final ThreadPoolExecutor pool;
    private final ScheduledThreadPoolExecutor timer;
    private final Duration limit;
    private final AtomicInteger stuck = new AtomicInteger();

    /**
     * Makes a pool.
     *
     * @param limit the longest a call may take
     */
    public PluginPool(Duration limit) {
        this.limit = limit;
        AtomicInteger number = new AtomicInteger();
        pool = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "millwright-plugin-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        pool.allowCoreThreadTimeOut(true);
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = Executors.defaultThreadFactory().newThread(task);
            thread.setName("millwright-plugin-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
    }

    /**
     * Calls plug-in code.
     *
     * @param what what it is, for the message when it is late, for example {@code worker type 'guest'}
     * @param call the code
     * @param <T> its result
     * @return completed with the result, exceptionally with what it threw, or with a {@link TimeoutException}
     */
    public <T> CompletableFuture<T> call(String what, Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            pool.execute(() -> run(what, call, result));
        } catch (RejectedExecutionException closed) {
            result.completeExceptionally(new IllegalStateException("the node controller has ended", closed));
        }
        return result;
    }

    private <T> void run(String what, Callable<T> call, CompletableFuture<T> result) {
        Thread caller = Thread.currentThread();
        AtomicBoolean settled = new AtomicBoolean();
        ScheduledFuture<?> alarm = timer.schedule(
                () -> {
                    if (settled.compareAndSet(false, true)) {
                        spare(1);
                        caller.interrupt();
                        result.completeExceptionally(
                                new TimeoutException(what + " did not answer within " + limit.toMillis() + " ms"));
                    }
                },
                limit.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            T value = call.call();
            if (settled.compareAndSet(false, true)) {
                result.complete(value);
            } else {
                spare(-1);
            }
        } catch (Throwable fault) {
            if (settled.compareAndSet(false, true)) {
                result.completeExceptionally(fault);
            } else {
                spare(-1);
            }
        } finally {
            alarm.cancel(false);
            Thread.interrupted();
        }
    }

    private void spare(int change) {
        int now = Math.min(stuck.addAndGet(change), MOST_STUCK);
        // Growing sets the maximum first, shrinking the core first, or the executor refuses.
        if (change > 0) {
            pool.setMaximumPoolSize(THREADS + now);
            pool.setCorePoolSize(THREADS + now);
        } else {
            pool.setCorePoolSize(THREADS + now);
            pool.setMaximumPoolSize(THREADS + now);
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
        timer.shutdownNow();
    }
}
