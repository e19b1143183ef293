package io.millwright.controller.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One ended run of a worker, as the node's history keeps it. Immutable.
 *
 * @param id the worker
 * @param type its type
 * @param pid its main process, {@code null} if it never had one
 * @param created when the run was accepted
 * @param started when it was started, {@code null} if it failed before
 * @param exit how it ended
 * @param restart which restart of the worker this run was, 0 for the first run
 */
public record WorkerRun(
        WorkerId id,
        String type,
        @Nullable Long pid,
        Instant created,
        @Nullable Instant started,
        WorkerExit exit,
        int restart)
        implements Document {
    /**
     * How long it ran.
     *
     * @return from started, or created if it never started, to its exit
     */
    public Duration duration() {
        return Duration.between(started != null ? started : created, exit.at());
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of(
                "id", id,
                "type", type,
                "pid", pid,
                "created", created,
                "started", started,
                "duration", duration(),
                "restart", restart,
                "exit", exit);
    }
}
