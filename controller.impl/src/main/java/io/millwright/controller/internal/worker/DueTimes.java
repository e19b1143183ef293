package io.millwright.controller.internal.worker;

import io.millwright.controller.internal.options.CronTimes;
import io.millwright.controller.internal.options.ScheduleOptions.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which times of a schedule have come, by a wall clock that may be set by hours in both directions: each time comes once, and those that
 * were missed are counted. Reads no clock. Not thread-safe, for the controller loop.
 */
final class DueTimes {
    /** A time that is noticed this much later was missed: the machine slept, or its clock was set. */
    static final Duration LATE = Duration.ofMinutes(2);
    /** A clock that is set back by more was wrong before: what it said then does not count. */
    static final Duration WRONG = Duration.ofDays(1);
    /** Most missed times that are counted. */
    static final int MOST = 1000;

    /**
     * Times at which nothing could be done.
     *
     * @param count how many, at most {@link #MOST}
     * @param first the first of them
     * @param last the last that was counted
     */
    record Missed(int count, Instant first, Instant last) {
        @Override
        public String toString() {
            return count == 1
                    ? "its time " + first + " was missed"
                    : (count < MOST ? count : "more than " + count) + " of its times were missed, from " + first
                            + (count < MOST ? " to " + last : " on");
        }
    }

    private final RandomGenerator random;
    private Schedule schedule;
    private CronTimes times;
    /** What is to be done about all times up to here is done. */
    private Instant done = Instant.EPOCH;
    /** That is a time which has come, and no more than the moment from which it counts. */
    private boolean came;

    private @Nullable Instant next;
    private Instant due = Instant.MAX;

    /** The times of a schedule, from a moment on. */
    DueTimes(Schedule schedule, Instant now, RandomGenerator random) {
        this.schedule = schedule;
        this.times = schedule.times();
        this.random = random;
        countFrom(now);
    }

    private void countFrom(Instant now) {
        done = now;
        came = false;
        plan();
    }

    private void plan() {
        Instant time = times.after(done);
        next = time;
        due = time == null ? Instant.MAX : time.plus(jitter(time));
    }

    /** How much later one time comes. */
    private Duration jitter(Instant time) {
        Duration most = schedule.jitter();
        if (most.isZero()) {
            return Duration.ZERO;
        }
        Instant following = times.after(time);
        if (following != null && most.compareTo(Duration.between(time, following)) >= 0) {
            most = Duration.between(time, following).minusMillis(1);
        }
        return Duration.ofMillis(random.nextLong(most.toMillis() + 1));
    }

    /** Goes on from where an earlier life of the node has left it, at the same schedule; what was missed since, {@code null} if nothing. */
    @Nullable
    Missed resume(Instant doneBefore, boolean cameBefore, Instant now) {
        done = doneBefore;
        came = cameBefore;
        plan();
        setBack(now);
        return miss(now.minus(schedule.jitter()));
    }

    /** The schedule is another one; whether its times are others. */
    boolean change(Schedule changed, Instant now) {
        boolean others = !changed.when().equals(schedule.when());
        boolean sameDelay = changed.jitter().equals(schedule.jitter());
        schedule = changed;
        if (others) {
            times = changed.times();
            countFrom(now);
        } else if (!sameDelay) {
            plan();
        }
        return others;
    }

    /** What the options say. */
    Schedule schedule() {
        return schedule;
    }

    /** The next time; {@code null} if there is none any more. */
    @Nullable
    Instant next() {
        return next;
    }

    /** When it comes, its own delay with it; {@link Instant#MAX} if there is none any more. */
    Instant due() {
        return due;
    }

    /** What is to be done about all times up to here is done. */
    Instant done() {
        return done;
    }

    /** Whether {@link #done} is a time which has come. */
    boolean came() {
        return came;
    }

    /** Whether the clock says less than it has said; a clock that was quite wrong before does not count, nor does one by which nothing came. */
    boolean setBack(Instant now) {
        if (!now.isBefore(done)) {
            return false;
        }
        if (!came || Duration.between(now, done).compareTo(WRONG) > 0) {
            countFrom(now);
        }
        return true;
    }

    /** Takes the times that have come so long ago that they were missed; {@code null} if there are none. */
    @Nullable
    Missed takeMissed(Instant now) {
        return due.isBefore(now.minus(LATE)) ? miss(now.minus(LATE)) : null;
    }

    private @Nullable Missed miss(Instant until) {
        Instant first = next;
        if (first == null || first.isAfter(until)) {
            return null;
        }
        Instant last = first;
        int count = 1;
        for (Instant time = times.after(last); time != null && !time.isAfter(until); time = times.after(last)) {
            last = time;
            if (++count == MOST) {
                break;
            }
        }
        done = count == MOST ? until : last;
        came = true;
        plan();
        return new Missed(count, first, last);
    }

    /** Takes the next time if it has come; {@code null} if it has not. */
    @Nullable
    Instant take(Instant now) {
        Instant time = next;
        if (time == null || due.isAfter(now)) {
            return null;
        }
        done = time;
        came = true;
        plan();
        return time;
    }
}
