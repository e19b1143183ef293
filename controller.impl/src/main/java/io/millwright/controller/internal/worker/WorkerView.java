package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.WorkerStats;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A worker at one moment, cheap to make at every transition; {@link #info} turns it into what callers see. Immutable. */
public record WorkerView(
        WorkerId id,
        String type,
        WorkerState state,
        @Nullable String reason,
        @Nullable Long pid,
        @Nullable Instant created,
        @Nullable Instant started,
        int restarts,
        @Nullable Instant nextStart,
        @Nullable WorkerExit exit,
        String origin,
        @Nullable Caller who,
        Map<String, Object> shown,
        List<String> customizers) {

    static WorkerView of(Worker worker) {
        return new WorkerView(
                worker.id,
                worker.spec.type(),
                worker.state,
                worker.reason,
                worker.mainExit == null ? worker.processId : null,
                worker.created,
                worker.started,
                worker.restarts,
                worker.nextStart,
                worker.exit,
                worker.origin,
                worker.who,
                worker.shown,
                worker.customizers);
    }

    public WorkerInfo info(Instant now, @Nullable WorkerStats stats) {
        Duration startup = created != null && started != null ? Duration.between(created, started) : null;
        Duration uptime = null;
        if (started != null) {
            boolean over = !state.isLive() || state == WorkerState.BACKOFF;
            uptime = Duration.between(started, over && exit != null ? exit.at() : now);
        }
        return new WorkerInfo(
                id,
                type,
                state,
                reason,
                pid,
                created,
                started,
                startup,
                uptime,
                restarts,
                nextStart,
                exit,
                origin,
                who,
                shown,
                customizers,
                stats);
    }
}
