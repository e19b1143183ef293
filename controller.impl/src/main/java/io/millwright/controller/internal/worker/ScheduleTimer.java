package io.millwright.controller.internal.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One timer for all workers that run at certain times: at the next time or after {@link #LOOK}, for the wall clock may be set meanwhile;
 * while there are none there is no timer. Runs in the controller loop.
 */
final class ScheduleTimer {
    /** How long a changed clock goes unnoticed at most. */
    private static final Duration LOOK = Duration.ofMinutes(1);

    private final ControllerLoop loop;
    private final Collection<Scheduled> all;
    private final BooleanSupplier shuttingDown;
    private final Runnable look;

    private @Nullable Future<?> timer;
    /** When the timer is due, by the wall clock. */
    private Instant armed = Instant.MAX;

    /**
     * A timer that is not armed.
     *
     * @param all those that have times, now and later
     * @param look looks at their times, and arms the timer again
     */
    ScheduleTimer(ControllerLoop loop, Collection<Scheduled> all, BooleanSupplier shuttingDown, Runnable look) {
        this.loop = loop;
        this.all = all;
        this.shuttingDown = shuttingDown;
        this.look = look;
    }

    boolean isArmed() {
        return timer != null;
    }

    /** Sees that the timer is not later than the next time of one worker. */
    void arm(Scheduled one) {
        if (timer == null || one.times.due().isBefore(armed)) {
            arm();
        }
    }

    /** Sets the timer to the next time of all. */
    void arm() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        // Times that come while the node shuts down are for its next life.
        if (all.isEmpty() || shuttingDown.getAsBoolean()) {
            armed = Instant.MAX;
            return;
        }
        Instant now = loop.now().at();
        armed = now.plus(LOOK);
        for (Scheduled one : all) {
            armed = one.times.due().isBefore(armed) ? one.times.due() : armed;
        }
        Duration delay = Duration.between(now, armed);
        timer = loop.schedule(delay.isNegative() ? Duration.ZERO : delay, this::fire);
    }

    private void fire() {
        timer = null;
        look.run();
    }

    void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
            armed = Instant.MAX;
        }
    }
}
