package io.millwright.controller.api;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a command ended that ran beside a worker. Immutable. */
public final class CommandExit implements Document {
    private final WorkerId id;
    private final @Nullable Integer code;
    private final @Nullable String signal;
    private final @Nullable String reason;
    private final Duration duration;

    private CommandExit(
            WorkerId id, @Nullable Integer code, @Nullable String signal, @Nullable String reason, Duration duration) {
        this.id = Objects.requireNonNull(id, "id");
        this.code = code;
        this.signal = signal;
        this.reason = reason;
        this.duration = Objects.requireNonNull(duration, "duration");
    }

    /**
     * Makes one.
     *
     * @param id the worker
     * @param code the exit code, {@code null} if a signal ended it
     * @param signal the name of the signal that ended it, without {@code SIG}; else {@code null}
     * @param reason what was wrong, for people; {@code null} if it ended with 0
     * @param duration how long it ran
     * @return the value
     */
    public static CommandExit of(
            WorkerId id, @Nullable Integer code, @Nullable String signal, @Nullable String reason, Duration duration) {
        return new CommandExit(id, code, signal, reason, duration);
    }

    /** The worker beside which it ran. */
    public WorkerId id() {
        return id;
    }

    /** The exit code, {@code null} if a signal ended it. */
    public @Nullable Integer code() {
        return code;
    }

    /** The name of the signal that ended it, without {@code SIG}, for example {@code KILL}; else {@code null}. */
    public @Nullable String signal() {
        return signal;
    }

    /** What was wrong, for people; {@code null} if it ended with 0. */
    public @Nullable String reason() {
        return reason;
    }

    /** How long it ran. */
    public Duration duration() {
        return duration;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of("id", id, "code", code, "signal", signal, "reason", reason, "duration", duration);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof CommandExit that
                        && id.equals(that.id)
                        && Objects.equals(code, that.code)
                        && Objects.equals(signal, that.signal)
                        && Objects.equals(reason, that.reason)
                        && duration.equals(that.duration);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, code, signal, reason, duration);
    }

    @Override
    public String toString() {
        return "CommandExit" + toMap();
    }
}
