package io.millwright.controller.api;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a worker's main process ended. Immutable.
 *
 * @param exitClass how the end is judged
 * @param code the exit code, {@code null} if a signal ended it or there never was a process
 * @param signal the name of the signal that ended it, without {@code SIG}, for example {@code SEGV}; else {@code null}
 * @param reason a short sentence for a person
 * @param at when the node saw it
 */
public record WorkerExit(
        ExitClass exitClass, @Nullable Integer code, @Nullable String signal, String reason, Instant at)
        implements Document {
    /** How an exit is judged. */
    public enum ExitClass {
        /** It was asked for: a stop, a kill, a shutdown. */
        REQUESTED,
        /** By itself, with 0 or a code the options call a success. */
        SUCCESS,
        /** By itself, with any other code or by a signal; or it could not start. */
        ERROR
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of("class", exitClass, "code", code, "signal", signal, "reason", reason, "at", at);
    }
}
