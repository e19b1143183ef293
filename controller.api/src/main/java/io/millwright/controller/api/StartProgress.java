package io.millwright.controller.api;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A start was accepted: the options are valid and the process is being made. Immutable.
 *
 * @param id the worker
 * @param created when it was accepted
 * @param who who asked
 */
public record StartProgress(WorkerId id, Instant created, Caller who) implements Document {
    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of("id", id, "status", WorkerState.STARTING, "created", created, "who", who);
    }
}
