package io.millwright.controller.api;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a worker is to be stopped: {@link #GRACEFUL} or {@link #KILL}, and what is to be different this time. Immutable. */
public final class StopOptions {
    /** As the worker's own options say: its stop signal, its stop timeout, then SIGKILL. */
    public static final StopOptions GRACEFUL = new StopOptions(StopMode.GRACEFUL, null, null, false);
    /** SIGKILL at once. */
    public static final StopOptions KILL = new StopOptions(StopMode.KILL, null, null, false);

    private final StopMode mode;
    private final @Nullable Duration timeout;
    private final @Nullable Signal signal;
    private final boolean once;

    private StopOptions(StopMode mode, @Nullable Duration timeout, @Nullable Signal signal, boolean once) {
        this.mode = mode;
        this.timeout = timeout;
        this.signal = signal;
        this.once = once;
    }

    /**
     * The options of a mode, nothing different.
     *
     * @param mode how
     * @return {@link #GRACEFUL} or {@link #KILL}
     */
    public static StopOptions of(StopMode mode) {
        return mode == StopMode.KILL ? KILL : GRACEFUL;
    }

    /**
     * The same with another timeout, in place of the worker's {@code stop.timeout}.
     *
     * @param length after which SIGKILL follows; {@code null} for the worker's own
     * @return a changed copy
     * @throws NodeException {@link ErrorCode#INVALID_ARGUMENT} if it is negative
     */
    public StopOptions withTimeout(@Nullable Duration length) {
        if (length != null && length.isNegative()) {
            throw new NodeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "timeout must not be negative, is " + Documents.seconds(length) + " s; 0 kills at once");
        }
        return new StopOptions(mode, length, signal, once);
    }

    /**
     * The same with another signal, in place of the worker's {@code stop.signal}.
     *
     * @param first the signal that is sent first; {@code null} for the worker's own
     * @return a changed copy
     */
    public StopOptions withSignal(@Nullable Signal first) {
        return new StopOptions(mode, timeout, first, once);
    }

    /**
     * The same, for now only or not. A configured worker that an operator has stopped rests after a restart of the node too,
     * until an operator starts it, unless the stop is for now only.
     *
     * @param only whether it is meant for now only
     * @return a changed copy
     */
    public StopOptions withOnce(boolean only) {
        return new StopOptions(mode, timeout, signal, only);
    }

    /** Whether the worker is given time. */
    public StopMode mode() {
        return mode;
    }

    /** After which SIGKILL follows; {@code null} for the worker's own {@code stop.timeout}. */
    public @Nullable Duration timeout() {
        return timeout;
    }

    /** The signal that is sent first; {@code null} for the worker's own {@code stop.signal}. */
    public @Nullable Signal signal() {
        return signal;
    }

    /** Whether it is meant for now only. */
    public boolean once() {
        return once;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof StopOptions that
                        && mode == that.mode
                        && Objects.equals(timeout, that.timeout)
                        && signal == that.signal
                        && once == that.once;
    }

    @Override
    public int hashCode() {
        return Objects.hash(mode, timeout, signal, once);
    }

    @Override
    public String toString() {
        return mode
                + (timeout == null ? "" : " timeout=" + timeout)
                + (signal == null ? "" : " signal=" + signal)
                + (once ? " once" : "");
    }
}
