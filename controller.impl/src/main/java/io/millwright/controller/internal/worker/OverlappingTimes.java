package io.millwright.controller.internal.worker;

import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.options.ScheduleOptions.Overlap;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/**
 * Times of a schedule that come while the run before goes on: {@code schedule.overlap} says whether they are skipped, kept, or restart the
 * worker. Runs in the controller loop.
 */
final class OverlappingTimes {
    private final Starter starter;
    private final Stopper stopper;
    private final WorkerEvents events;

    OverlappingTimes(Starter starter, Stopper stopper, WorkerEvents events) {
        this.starter = starter;
        this.stopper = stopper;
        this.events = events;
    }

    /** A time at which the worker does not wait for one. */
    void come(Scheduled one, Instant time) {
        Worker worker = one.worker;
        boolean ending = worker.state == WorkerState.STOPPING;
        boolean starts = starter.isPending(worker.id)
                || worker.follow != null
                || worker.state == WorkerState.BACKOFF && !(worker.wait instanceof Wait.Delay);
        Overlap overlap = one.schedule().overlap();
        if (starts || overlap == Overlap.SKIP || ending && worker.isStopped()) {
            skip(one, time, starts ? "it has not begun for an earlier one yet" : "the run before still goes on");
        } else if (overlap == Overlap.QUEUE || ending) {
            if (one.queued != null) {
                skip(one, time, "the run before still goes on, and " + one.text(one.queued) + " is kept already");
                return;
            }
            one.queued = time;
            events.say(worker, one.text(time) + " is kept until the run before has ended");
        } else {
            one.last = time;
            endSkips(one);
            events.say(worker, "the run before is stopped for " + one.text(time));
            stopper.stopAndFollow(
                    worker,
                    new Follow(
                            Stopper.next(worker), Schedules.caller(worker), new CompletableFuture<>(), Duration.ZERO));
        }
    }

    private void skip(Scheduled one, Instant time, String why) {
        String text = one.skip(time, why);
        if (text != null) {
            events.say(one.worker, text);
        }
    }

    /** A worker waits for its next time, or has none any more: says how many came to nothing meanwhile. */
    void endSkips(Scheduled one) {
        String text = one.endSkips();
        if (text != null) {
            events.say(one.worker, text);
        }
    }
}
