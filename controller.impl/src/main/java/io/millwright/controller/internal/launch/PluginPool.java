package io.millwright.controller.internal.launch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs code of plug-ins, on threads of its own, each call bounded in time. A call that is late is interrupted and its caller
 * told; while its thread stays stuck the pool has one thread more, so that others go on. A plug-in of which several calls are
 * stuck is not called until one of them ends. Thread-safe.
 */
public final class PluginPool implements PluginCalls, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PluginPool.class);
    /** So many stuck calls of one plug-in are enough. */
    private static final int MOST_STUCK = 4;

    /** Runs something later, by a thread of its own. */
    @FunctionalInterface
    public interface Timer {
        /**
         * Runs a task later.
         *
         * @param nanos from now
         * @param task does not block
         * @throws RejectedExecutionException if the timer has ended
         */
        void after(long nanos, Runnable task);
    }

    private final int threads;
    private final ThreadPoolExecutor pool;
    private final ThreadFactory aloneThreads;
    private final Duration limit;
    private final LongSupplier clock;
    private final Timer timer;
    private final Set<Running> underWay = ConcurrentHashMap.newKeySet();
    /** Whether the timer is going to look. */
    private final AtomicBoolean looking = new AtomicBoolean();
    /** How many late calls have not ended, by what was called; guarded by itself, as the pool's size is. */
    private final Map<String, Integer> stuck = new TreeMap<>();

    /** Threads the pool has in place of stuck ones; guarded as they are. */
    private int spare;

    /**
     * Makes a pool; its threads end when they have nothing to do.
     *
     * @param name what its threads are called, before a number
     * @param threads so many calls at once, those that are stuck not counted
     * @param limit the longest a call may take
     * @param clock nanoseconds that never go back
     * @param timer tells when a call may be late
     */
    public PluginPool(String name, int threads, Duration limit, LongSupplier clock, Timer timer) {
        this(threads, limit, clock, timer, numbered(name), numbered(name + "-alone"));
    }

    PluginPool(
            int threads,
            Duration limit,
            LongSupplier clock,
            Timer timer,
            ThreadFactory poolThreads,
            ThreadFactory aloneThreads) {
        this.threads = threads;
        this.limit = limit;
        this.clock = clock;
        this.timer = timer;
        this.aloneThreads = aloneThreads;
        pool = new ThreadPoolExecutor(threads, threads, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), poolThreads);
        pool.allowCoreThreadTimeOut(true);
    }

    private static ThreadFactory numbered(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public <T> CompletableFuture<T> call(String what, Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Waiting waiting = new Waiting(result, () -> {
            String refusal = refusal(what);
            if (refusal == null) {
                run(what, limit, true, call, result);
            } else {
                result.completeExceptionally(new TimeoutException(refusal));
            }
        });
        try {
            pool.execute(waiting);
        } catch (RejectedExecutionException closed) {
            hasEnded(result);
        }
        return result;
    }

    /** Runs on a thread of its own: for the few calls that may take long. */
    @Override
    public <T> CompletableFuture<T> alone(String what, Duration most, Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        String refusal = refusal(what);
        if (refusal != null) {
            result.completeExceptionally(new TimeoutException(refusal));
            return result;
        }
        Thread thread = aloneThreads.newThread(() -> run(what, most, false, call, result));
        try {
            thread.start();
        } catch (OutOfMemoryError noThread) {
            result.completeExceptionally(noThread);
        }
        return result;
    }

    /**
     * The plug-ins that do not come back from calls.
     *
     * @return a sentence each, without a full stop
     */
    public List<String> problems() {
        List<String> sentences = new ArrayList<>();
        synchronized (stuck) {
            stuck.forEach((what, calls) ->
                    sentences.add(what + " has not come back from " + calls + " call(s), which are over their time"
                            + (calls < MOST_STUCK ? "" : "; it is not called until one of them ends")));
        }
        return sentences;
    }

    private static void hasEnded(CompletableFuture<?> result) {
        result.completeExceptionally(new IllegalStateException("the node controller has ended"));
    }

    private @Nullable String refusal(String what) {
        synchronized (stuck) {
            int calls = stuck.getOrDefault(what, 0);
            return calls < MOST_STUCK
                    ? null
                    : what + " is not called, because it has not come back from " + calls + " calls before";
        }
    }

    private <T> void run(String what, Duration most, boolean pooled, Callable<T> call, CompletableFuture<T> result) {
        Running running =
                new Running(what, Thread.currentThread(), most, clock.getAsLong() + most.toNanos(), pooled, result);
        underWay.add(running);
        expectEnd(running);
        try {
            T value = call.call();
            if (running.settle()) {
                result.complete(value);
            } else {
                count(running, -1);
            }
        } catch (Throwable fault) {
            if (running.settle()) {
                result.completeExceptionally(fault);
            } else {
                count(running, -1);
            }
        } finally {
            underWay.remove(running);
            running.end();
        }
    }

    private void expectEnd(Running running) {
        if (running.pooled) {
            expectEnd(running.limit.toNanos());
            return;
        }
        // Its limit may be shorter than what the timer waits for already.
        try {
            timer.after(running.limit.toNanos(), this::look);
        } catch (RejectedExecutionException closed) {
            running.interrupt();
        }
    }

    /** Has the timer look after a time, unless it will look anyway: a timer for each call would cost more than most calls. */
    private void expectEnd(long nanos) {
        if (looking.compareAndSet(false, true)) {
            try {
                timer.after(nanos, this::look);
            } catch (RejectedExecutionException closed) {
                LOG.debug("the pool has ended", closed);
            }
        }
    }

    /** Gives up on the calls that are late, and looks again when the next would be. */
    private void look() {
        looking.set(false);
        long now = clock.getAsLong();
        long next = Long.MAX_VALUE;
        List<Running> late = new ArrayList<>();
        // All are counted before a thread that comes for one of them looks at the next call.
        synchronized (stuck) {
            for (Running running : underWay) {
                long left = running.deadline - now;
                if (left > 0) {
                    next = Math.min(next, left);
                } else if (giveUp(running)) {
                    late.add(running);
                }
            }
        }
        for (Running running : late) {
            running.interrupt();
            running.result.completeExceptionally(
                    new TimeoutException(running.what + " did not answer within " + running.limit.toMillis() + " ms"));
        }
        if (next != Long.MAX_VALUE) {
            expectEnd(next);
        }
    }

    /** Answers in place of a call, unless it has answered; counted before the call can count itself out. */
    private boolean giveUp(Running running) {
        synchronized (stuck) {
            boolean late = running.settle();
            if (late) {
                count(running, 1);
            }
            return late;
        }
    }

    /** A call that waits for a thread. */
    private record Waiting(CompletableFuture<?> result, Runnable task) implements Runnable {
        @Override
        public void run() {
            task.run();
        }
    }

    /** A call that is under way; equal only to itself. */
    private static final class Running {
        final String what;
        final Duration limit;
        final long deadline;
        final boolean pooled;
        final CompletableFuture<?> result;
        private final Thread thread;
        private final AtomicBoolean settled = new AtomicBoolean();
        /** Guarded by this. */
        private boolean ended;

        Running(
                String what,
                Thread thread,
                Duration limit,
                long deadline,
                boolean pooled,
                CompletableFuture<?> result) {
            this.what = what;
            this.thread = thread;
            this.limit = limit;
            this.deadline = deadline;
            this.pooled = pooled;
            this.result = result;
        }

        /** True for the first of the call itself and the timer: the one that answers. */
        boolean settle() {
            return settled.compareAndSet(false, true);
        }

        /** Interrupts the call, never what its thread does after it. */
        synchronized void interrupt() {
            if (!ended) {
                thread.interrupt();
            }
        }

        /** The call's thread is free again, and nothing of an interrupt is left in it. */
        synchronized void end() {
            ended = true;
            Thread.interrupted();
        }
    }

    /** Counts a stuck call more or less; for one of the pool's threads the pool has one more. */
    private void count(Running running, int change) {
        synchronized (stuck) {
            stuck.merge(running.what, change, Integer::sum);
            stuck.values().removeIf(calls -> calls == 0);
            if (!running.pooled) {
                return;
            }
            spare += change;
            // Growing sets the maximum first, shrinking the core first, or the executor refuses.
            if (change > 0) {
                pool.setMaximumPoolSize(threads + spare);
                pool.setCorePoolSize(threads + spare);
            } else {
                pool.setCorePoolSize(threads + spare);
                pool.setMaximumPoolSize(threads + spare);
            }
        }
    }

    /** Interrupts the calls that are under way; they, and those that wait, fail. */
    @Override
    public void close() {
        for (Runnable task : pool.shutdownNow()) {
            if (task instanceof Waiting waiting) {
                hasEnded(waiting.result());
            }
        }
        for (Running running : underWay) {
            running.interrupt();
            if (giveUp(running)) {
                hasEnded(running.result);
            }
        }
    }
}
