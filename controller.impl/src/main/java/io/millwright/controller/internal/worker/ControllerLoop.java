package io.millwright.controller.internal.worker;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * The controller loop: where everything that decides on workers runs, one task after another, none of which blocks; and the
 * clocks those tasks go by. Thread-safe.
 */
public interface ControllerLoop extends Executor {
    /**
     * Runs a task after those that wait.
     *
     * @param task what it throws is logged
     */
    @Override
    void execute(Runnable task);

    /**
     * Runs a task that somebody waits for.
     *
     * @param task runs in the loop
     * @param onFault gets what the task throws, in the loop, so that the waiting caller has an answer whatever happens
     */
    void execute(Runnable task, Consumer<Throwable> onFault);

    /**
     * Runs a task later.
     *
     * @param delay from now, by the monotonic clock
     * @param task runs in the loop
     * @return cancels it
     */
    Future<?> schedule(Duration delay, Runnable task);

    /**
     * The present moment; for any thread.
     *
     * @return on both clocks
     */
    Moment now();
}
