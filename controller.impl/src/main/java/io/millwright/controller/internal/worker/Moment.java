package io.millwright.controller.internal.worker;

import java.time.Duration;
import java.time.Instant;

/**
 * One moment on two clocks: the wall clock says when it was, the monotonic one how long ago, for the wall clock can be set.
 * Immutable.
 *
 * @param at by the wall clock
 * @param elapsed by a monotonic clock of any origin, the same for all moments of a node
 */
public record Moment(Instant at, Duration elapsed) {
    /** How long it is from this moment to a later one, by the monotonic clock. */
    public Duration until(Moment later) {
        return later.elapsed.minus(elapsed);
    }

    /** The moment a while later. */
    public Moment plus(Duration time) {
        return new Moment(at.plus(time), elapsed.plus(time));
    }

    /** When this moment was or will be, by the wall clock of now. */
    public Instant asOf(Moment now) {
        return now.at.plus(now.until(this));
    }
}
