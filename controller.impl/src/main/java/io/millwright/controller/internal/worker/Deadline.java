package io.millwright.controller.internal.worker;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * The end of the time that a worker has: to get ready, to say that it lives, to end. While the node itself stood still (it was halted, its machine
 * slept) nothing that a worker did was heard, and the worker may have stood still too: so the time by which a deadline is noticed late is added to it, at most its whole time.
 * Belongs to the controller loop.
 */
public final class Deadline {
    /** A timer that is later than this was not just busy. */
    static final Duration LATE = Duration.ofMillis(100);
    /** So often time is added, so that an end comes on a machine that is always late. */
    static final int MOST = 3;

    private final ControllerLoop loop;
    private final Duration limit;
    private final Runnable task;
    private final FutureTask<Void> handle = new FutureTask<>(() -> null) {
        @Override
        protected void done() {
            timer.cancel(false);
        }
    };
    private Future<?> timer = CompletableFuture.completedFuture(null);
    private int begun;

    private Deadline(ControllerLoop loop, Duration limit, Runnable task) {
        this.loop = loop;
        this.limit = limit;
        this.task = task;
    }

    /**
     * Runs a task when somebody has had so long.
     *
     * @param limit from now on; if it has passed already, the task runs next
     * @param task runs in the loop
     * @return cancels it, in the loop
     */
    public static Future<?> after(ControllerLoop loop, Duration limit, Runnable task) {
        Deadline deadline = new Deadline(loop, limit, task);
        deadline.begin(limit);
        return deadline.handle;
    }

    private void begin(Duration time) {
        Moment due = loop.now().plus(time);
        begun++;
        timer = loop.schedule(time, () -> {
            Duration late = due.until(loop.now());
            if (handle.isCancelled()) {
                return;
            } else if (begun <= MOST && !limit.isNegative() && late.compareTo(LATE) > 0) {
                begin(late.compareTo(limit) < 0 ? late : limit);
            } else {
                task.run();
            }
        });
    }
}
