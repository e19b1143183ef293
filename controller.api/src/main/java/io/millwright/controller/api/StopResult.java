package io.millwright.controller.api;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A worker was stopped: its processes are gone and its output is drained. Immutable.
 *
 * @param id the worker
 * @param type its type
 * @param mode how it was asked to end
 * @param who who asked first
 * @param when when it was asked
 * @param exit how it ended; for a worker that was waiting for a restart, how it had ended before
 */
public record StopResult(WorkerId id, String type, StopMode mode, Caller who, Instant when, @Nullable WorkerExit exit)
        implements Document {
    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of(
                "id", id, "type", type, "kill", mode == StopMode.KILL, "who", who, "when", when, "exit", exit);
    }
}
