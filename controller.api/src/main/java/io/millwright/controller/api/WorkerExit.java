package io.millwright.controller.api;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a worker's main process ended. Immutable. */
public final class WorkerExit implements Document {
    private final ExitClass exitClass;
    private final @Nullable Integer code;
    private final @Nullable String signal;
    private final String reason;
    private final Instant at;

    private WorkerExit(
            ExitClass exitClass, @Nullable Integer code, @Nullable String signal, String reason, Instant at) {
        this.exitClass = Objects.requireNonNull(exitClass, "exitClass");
        this.code = code;
        this.signal = signal;
        this.reason = Objects.requireNonNull(reason, "reason");
        this.at = Objects.requireNonNull(at, "at");
    }

    /**
     * Makes one.
     *
     * @param exitClass how the end is judged
     * @param code the exit code, {@code null} if a signal ended it or there never was a process
     * @param signal the name of the signal that ended it, without {@code SIG}, for example {@code SEGV}; else {@code
     * null}
     * @param reason a short sentence for a person
     * @param at when the node saw it
     * @return the value
     */
    public static WorkerExit of(
            ExitClass exitClass, @Nullable Integer code, @Nullable String signal, String reason, Instant at) {
        return new WorkerExit(exitClass, code, signal, reason, at);
    }

    /** How the end is judged. */
    public ExitClass exitClass() {
        return exitClass;
    }

    /** The exit code, {@code null} if a signal ended it or there never was a process. */
    public @Nullable Integer code() {
        return code;
    }

    /** The name of the signal that ended it, without {@code SIG}, for example {@code SEGV}; else {@code null}. */
    public @Nullable String signal() {
        return signal;
    }

    /** A short sentence for a person. */
    public String reason() {
        return reason;
    }

    /** When the node saw it. */
    public Instant at() {
        return at;
    }

    /** How an exit is judged. */
    public enum ExitClass {
        /** It was asked for: a stop, a kill, a shutdown. */
        REQUESTED,
        /** By itself, with 0 or a code the options call a success. */
        SUCCESS,
        /** By itself, with any other code or by a signal; or it could not start. */
        ERROR
    }

    /**
     * The exit in a few words, the same wherever it is shown.
     *
     * @return code or signal, the judgement, the reason
     */
    public String describe() {
        String how = code != null ? "code " + code : signal != null ? "signal " + signal : "no process";
        return how + " (" + exitClass.name().toLowerCase(Locale.ROOT) + "): " + reason;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of("class", exitClass, "code", code, "signal", signal, "reason", reason, "at", at);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof WorkerExit that
                        && exitClass.equals(that.exitClass)
                        && Objects.equals(code, that.code)
                        && Objects.equals(signal, that.signal)
                        && reason.equals(that.reason)
                        && at.equals(that.at);
    }

    @Override
    public int hashCode() {
        return Objects.hash(exitClass, code, signal, reason, at);
    }

    @Override
    public String toString() {
        return "WorkerExit" + toMap();
    }
}
