package io.millwright.controller.internal.launch;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs code of plug-ins, on threads {@code millwright-plugin-N}, each call bounded in time. A call that is late is
 * interrupted and its caller told; while its thread stays stuck the pool has one thread more, so that others go on. Thread-safe.
 */
public final class PluginPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PluginPool.class);
    private static final int THREADS = 4;
    private static final int MOST_STUCK = 32;

    private final ThreadPoolExecutor pool;
    private final ScheduledThreadPoolExecutor timer;
    private final Duration limit;
    private final AtomicInteger stuck = new AtomicInteger();
    private final AtomicInteger alone = new AtomicInteger();
    private final Set<Running> underWay = ConcurrentHashMap.newKeySet();
    /** Whether the timer is going to look. */
    private final AtomicBoolean looking = new AtomicBoolean();

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
        timer.prestartCoreThread();
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
            pool.execute(() -> run(what, limit, true, call, result));
        } catch (RejectedExecutionException closed) {
            result.completeExceptionally(new IllegalStateException("the node controller has ended", closed));
        }
        return result;
    }

    /**
     * Calls plug-in code on a thread of its own, {@code millwright-plugin-alone-N}, with a limit of its own: for the few calls
     * that may take long and must not wait for others.
     *
     * @param what what it is, for the message when it is late
     * @param most the longest this call may take, positive
     * @param call the code
     * @param <T> its result
     * @return completed with the result, exceptionally with what it threw, or with a {@link TimeoutException}
     */
    public <T> CompletableFuture<T> alone(String what, Duration most, Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> run(what, most, false, call, result), "millwright-plugin-alone-" + alone.incrementAndGet());
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError noThread) {
            result.completeExceptionally(noThread);
        }
        return result;
    }

    private <T> void run(String what, Duration most, boolean pooled, Callable<T> call, CompletableFuture<T> result) {
        Running running = new Running(what, Thread.currentThread(), most, pooled, result);
        underWay.add(running);
        expectEnd(running);
        try {
            T value = call.call();
            if (running.settled.compareAndSet(false, true)) {
                result.complete(value);
            } else {
                spare(running, -1);
            }
        } catch (Throwable fault) {
            if (running.settled.compareAndSet(false, true)) {
                result.completeExceptionally(fault);
            } else {
                spare(running, -1);
            }
        } finally {
            underWay.remove(running);
            Thread.interrupted();
        }
    }

    private void expectEnd(Running running) {
        if (running.pooled) {
            expectEnd(running.limit.toNanos());
            return;
        }
        // Its limit may be shorter than what the timer waits for already.
        try {
            timer.schedule(this::look, running.limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            running.thread.interrupt();
        }
    }

    /** Has the timer look after a time, unless it will look anyway: a timer for each call would cost more than most calls. */
    private void expectEnd(long nanos) {
        if (looking.compareAndSet(false, true)) {
            try {
                timer.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException closed) {
                LOG.debug("the pool has ended", closed);
            }
        }
    }

    /** Gives up on the calls that are late, and looks again when the next would be. */
    private void look() {
        looking.set(false);
        long now = System.nanoTime();
        long next = Long.MAX_VALUE;
        for (Running running : underWay) {
            long left = running.deadline - now;
            if (left > 0) {
                next = Math.min(next, left);
            } else if (running.settled.compareAndSet(false, true)) {
                spare(running, 1);
                running.thread.interrupt();
                running.result.completeExceptionally(new TimeoutException(
                        running.what + " did not answer within " + running.limit.toMillis() + " ms"));
            }
        }
        if (next != Long.MAX_VALUE) {
            expectEnd(next);
        }
    }

    /** A call that is under way; equal only to itself. */
    private static final class Running {
        final String what;
        final Thread thread;
        final Duration limit;
        final long deadline;
        final boolean pooled;
        final CompletableFuture<?> result;
        final AtomicBoolean settled = new AtomicBoolean();

        Running(String what, Thread thread, Duration limit, boolean pooled, CompletableFuture<?> result) {
            this.what = what;
            this.thread = thread;
            this.limit = limit;
            this.deadline = System.nanoTime() + limit.toNanos();
            this.pooled = pooled;
            this.result = result;
        }
    }

    private void spare(Running running, int change) {
        if (!running.pooled) {
            return;
        }
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
        underWay.stream().filter(running -> !running.pooled).forEach(running -> running.thread.interrupt());
    }
}
