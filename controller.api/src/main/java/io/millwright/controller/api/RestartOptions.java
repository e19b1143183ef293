package io.millwright.controller.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How several workers are to be restarted. Immutable. */
public final class RestartOptions {
    /** All at the same time; a failure of one is no matter of the others. */
    public static final RestartOptions ALL_AT_ONCE = new RestartOptions(0, false, StopOptions.GRACEFUL);

    private final int atOnce;
    private final boolean firstFailureEnds;
    private final StopOptions stop;

    private RestartOptions(int atOnce, boolean firstFailureEnds, StopOptions stop) {
        this.atOnce = atOnce;
        this.firstFailureEnds = firstFailureEnds;
        this.stop = stop;
    }

    /**
     * The same with another number at the same time.
     *
     * @param number how many may be restarting at the same time; 0 for all
     * @return a changed copy
     * @throws NodeException {@link ErrorCode#INVALID_ARGUMENT} if it is negative
     */
    public RestartOptions withAtOnce(int number) {
        if (number < 0) {
            throw new NodeException(
                    ErrorCode.INVALID_ARGUMENT, "at_once must not be negative, is " + number + "; 0 means all");
        }
        return new RestartOptions(number, firstFailureEnds, stop);
    }

    /**
     * The same, ended by the first failure or not. Those that have begun go on; those that have not keep running as they are, and
     * their outcome says so.
     *
     * @param ends whether the first failure ends it
     * @return a changed copy
     */
    public RestartOptions withFirstFailureEnds(boolean ends) {
        return new RestartOptions(atOnce, ends, stop);
    }

    /**
     * The same with another way to stop those that run.
     *
     * @param options how; whether it is for now only is of no matter
     * @return a changed copy
     */
    public RestartOptions withStop(StopOptions options) {
        return new RestartOptions(atOnce, firstFailureEnds, Objects.requireNonNull(options, "options"));
    }

    /** How many may be restarting at the same time; 0 for all. */
    public int atOnce() {
        return atOnce;
    }

    /** Whether the first failure ends it. */
    public boolean firstFailureEnds() {
        return firstFailureEnds;
    }

    /** How those that run are stopped. */
    public StopOptions stop() {
        return stop;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof RestartOptions that
                        && atOnce == that.atOnce
                        && firstFailureEnds == that.firstFailureEnds
                        && stop.equals(that.stop);
    }

    @Override
    public int hashCode() {
        return Objects.hash(atOnce, firstFailureEnds, stop);
    }

    @Override
    public String toString() {
        return "at_once=" + atOnce
                + (firstFailureEnds ? " first_failure_ends" : "")
                + (stop.equals(StopOptions.GRACEFUL) ? "" : " " + stop);
    }
}
