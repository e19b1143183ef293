package io.millwright.wamp.router.internal;

import io.millwright.wamp.router.RouterLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs tasks one after the other on any executor, in the order in which they came. A task that is added by another waits until that one has run,
 * also where the executor runs in the calling thread. Thread-safe.
 */
final class Turns implements Executor {
    /** So many follow one another, or as many as wait already, where the executor has other things to do. */
    private static final int AT_ONCE = 64;

    private final Executor executor;
    private final Consumer<Throwable> failures;
    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    Turns(Executor executor, Consumer<Throwable> failures) {
        this.executor = executor;
        this.failures = failures;
    }

    /** Dropped in silence if the executor takes no tasks any more. */
    @Override
    public void execute(Runnable task) {
        queue.add(task);
        if (waiting.getAndIncrement() == 0) {
            try {
                executor.execute(this::run);
            } catch (RejectedExecutionException e) {
                queue.clear();
                waiting.set(0);
            }
        }
    }

    private void run() {
        int left = Math.max(AT_ONCE, waiting.get());
        do {
            if (left-- == 0 && executor instanceof RouterLoop loop) {
                loop.later(this::run);
                return;
            }
            Runnable task = queue.poll();
            if (task != null) {
                runOne(task);
            }
        } while (waiting.decrementAndGet() > 0);
    }

    @SuppressWarnings("CatchingUnchecked") // one task must not end the turns of all others
    private void runOne(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            failures.accept(e);
        }
    }
}
