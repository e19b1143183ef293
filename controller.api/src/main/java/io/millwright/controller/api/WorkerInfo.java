package io.millwright.controller.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything known of one worker at one moment. Immutable.
 *
 * @param id its id
 * @param type its worker type
 * @param status its state
 * @param reason why it is in that state, where there is more to say (for example {@code type unavailable}), else
 *     {@code null}
 * @param pid its main process, {@code null} if it has none
 * @param created when its present or last run was accepted; {@code null} if it never ran
 * @param started when that run was started, {@code null} if it was not
 * @param startupTime from created to started, {@code null} if not started
 * @param uptime since started, or from started to its exit; {@code null} if not started
 * @param restarts how often the restart policy or a changed file started it again since an operator or configuration did
 * @param nextStart when it will be started again, {@code null} if it is not waiting for that
 * @param exit how its last run ended; {@code null} if none ended
 * @param origin {@code config:<pid>}, {@code node.json} or {@code call}
 * @param who who asked for its present state, {@code null} if it never ran
 * @param options the options in force, secrets masked; keys dotted
 * @param customizers names of the launch customizers that changed its launch
 * @param stats figures, {@code null} if they were not asked for
 */
public record WorkerInfo(
        WorkerId id,
        String type,
        WorkerState status,
        @Nullable String reason,
        @Nullable Long pid,
        @Nullable Instant created,
        @Nullable Instant started,
        @Nullable Duration startupTime,
        @Nullable Duration uptime,
        int restarts,
        @Nullable Instant nextStart,
        @Nullable WorkerExit exit,
        String origin,
        @Nullable Caller who,
        Map<String, Object> options,
        List<String> customizers,
        @Nullable WorkerStats stats)
        implements Document {
    /** Keeps unmodifiable collections. */
    public WorkerInfo {
        options = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(options));
        customizers = List.copyOf(customizers);
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of(
                "id", id,
                "pid", pid,
                "type", type,
                "status", status,
                "reason", reason,
                "created", created,
                "started", started,
                "startup_time", startupTime,
                "uptime", uptime,
                "restarts", restarts,
                "next_start", nextStart,
                "exit", exit,
                "origin", origin,
                "who", who,
                "options", options,
                "customizers", customizers,
                "stats", stats);
    }
}
