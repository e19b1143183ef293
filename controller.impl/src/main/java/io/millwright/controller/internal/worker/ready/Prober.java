package io.millwright.controller.internal.worker.ready;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Asks programs how they are, in threads of its own, {@code millwright-probe-N}, at most 64 at once and none at rest. Thread-safe.
 */
public final class Prober implements AutoCloseable {
    private static final int THREADS = 64;

    private final Executor threads;
    private final boolean disguised;
    private final UnaryOperator<Probe> disguise;
    private final Runnable onClose;

    /** Begins without a thread. */
    public Prober() {
        AtomicInteger count = new AtomicInteger();
        // Of threads that rest the one that rested last is taken: a few are warm, and the others end.
        ForkJoinPool pool = new ForkJoinPool(
                THREADS,
                joined -> {
                    ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(joined);
                    thread.setName("millwright-probe-" + count.incrementAndGet());
                    return thread;
                },
                null,
                true,
                0,
                THREADS,
                1,
                null,
                10,
                TimeUnit.SECONDS);
        threads = pool;
        disguised = false;
        disguise = UnaryOperator.identity();
        onClose = pool::shutdownNow;
    }

    /**
     * Asks by the threads of somebody else.
     *
     * @param threads run what asks
     * @param disguise gives the probe that is asked in place of another
     */
    public Prober(Executor threads, UnaryOperator<Probe> disguise) {
        this.threads = threads;
        this.disguised = true;
        this.disguise = disguise;
        this.onClose = () -> {};
    }

    /**
     * Asks, in the calling thread where that does not block.
     *
     * @return completed with why the answer is bad, or with {@code null}; by a thread of this object, if not already
     */
    CompletableFuture<@Nullable String> ask(Probe probe, Duration limit) {
        CompletableFuture<@Nullable String> answer = new CompletableFuture<>();
        Probe.Answer atOnce = disguised ? null : probe.askAtOnce();
        if (atOnce != null) {
            answer.complete(atOnce.bad());
            return answer;
        }
        try {
            threads.execute(() -> {
                try {
                    answer.complete(disguise.apply(probe).ask(limit));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    answer.complete("the node ends");
                } catch (RuntimeException | Error e) {
                    answer.complete(probe.what() + " could not be asked for: " + e);
                }
            });
        } catch (RejectedExecutionException e) {
            answer.complete("the node ends");
        }
        return answer;
    }

    /** Runs what looks at workers and may take a moment. */
    public Executor threads() {
        return threads;
    }

    @Override
    public void close() {
        onClose.run();
    }
}
