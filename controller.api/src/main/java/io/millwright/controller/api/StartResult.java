package io.millwright.controller.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A worker was started. Immutable.
 *
 * @param id the worker
 * @param started when it was started
 * @param who who asked
 * @param pid its main process
 * @param startupTime from created to started
 */
public record StartResult(WorkerId id, Instant started, Caller who, long pid, Duration startupTime)
        implements Document {
    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of(
                "id",
                id,
                "status",
                WorkerState.STARTED,
                "started",
                started,
                "who",
                who,
                "pid",
                pid,
                "startup_time",
                startupTime);
    }
}
