package io.millwright.controller.internal.worker;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller loop as a thread of its own, {@code millwright-loop}, with the clocks of the machine. Thread-safe. After
 * {@link #close()} tasks are dropped.
 */
public final class LoopThread implements ControllerLoop, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerLoop.class);

    private final ScheduledThreadPoolExecutor executor;
    private final Consumer<Runnable> around;
    private volatile Thread thread = Thread.currentThread();

    /**
     * Starts the thread {@code millwright-loop}.
     *
     * @param around runs each task, in the loop
     */
    public LoopThread(Consumer<Runnable> around) {
        this.around = around;
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread created = new Thread(task, "millwright-loop");
            created.setDaemon(true);
            thread = created;
            return created;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.prestartCoreThread();
    }

    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(() -> guarded(task));
        } catch (RejectedExecutionException closed) {
            LOG.debug("the controller has ended; a late task is dropped");
        }
    }

    @Override
    public void execute(Runnable task, Consumer<Throwable> onFault) {
        execute(() -> {
            try {
                task.run();
            } catch (RuntimeException | Error fault) {
                if (!(fault instanceof NodeException)) {
                    LOG.error("a task of the controller loop failed; this is a bug of the controller", fault);
                }
                onFault.accept(asAnswer(fault));
            }
        });
    }

    private static NodeException asAnswer(Throwable fault) {
        return fault instanceof NodeException known
                ? known
                : new NodeException(ErrorCode.INTERNAL, "the controller failed: " + fault + "; node.log has the trace");
    }

    @Override
    public Moment now() {
        return new Moment(Instant.now(), Duration.ofNanos(System.nanoTime()));
    }

    @Override
    public Future<?> schedule(Duration delay, Runnable task) {
        return executor.schedule(() -> guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Whether the caller is the loop.
     *
     * @return true in a task of it
     */
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    private void guarded(Runnable task) {
        try {
            around.accept(task);
        } catch (RuntimeException | Error fault) {
            LOG.error("a task of the controller loop failed; this is a bug of the controller", fault);
        }
    }

    /** Ends the thread after the task it is in; waiting tasks are dropped. */
    @Override
    public void close() {
        executor.shutdownNow();
        if (!isCurrent()) {
            try {
                executor.awaitTermination(2, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
