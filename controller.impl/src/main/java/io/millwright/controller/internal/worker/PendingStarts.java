package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The starts that are being checked, by worker. Belongs to the controller loop. */
final class PendingStarts {
    private final Registry registry;
    private final WorkerEvents events;
    private final Map<WorkerId, PendingStart> starts = new HashMap<>();

    PendingStarts(Registry registry, WorkerEvents events) {
        this.registry = registry;
        this.events = events;
    }

    boolean contains(WorkerId id) {
        return starts.containsKey(id);
    }

    @Nullable
    PendingStart find(WorkerId id) {
        return starts.get(id);
    }

    void add(WorkerId id, PendingStart start) {
        starts.put(id, start);
    }

    void remove(WorkerId id) {
        starts.remove(id);
    }

    /** Keeps a stop that comes while the id is being checked; false if it is not. */
    boolean cancel(WorkerId id, StopOptions options, Caller caller, CompletableFuture<StopResult> result) {
        PendingStart start = starts.get(id);
        if (start == null) {
            return false;
        }
        PendingStart.Cancel before = start.cancel;
        if (before == null) {
            start.cancel = new PendingStart.Cancel(options, caller, result, registry.nextWord());
            return true;
        }
        start.cancel = before.again(options, caller, registry.nextWord());
        before.result().whenComplete((done, fault) -> {
            if (fault != null) {
                events.fail(result, fault);
            } else {
                events.complete(result, done);
            }
        });
        return true;
    }

    boolean isIdle() {
        return starts.isEmpty();
    }

    /** The workers whose first start is being checked, for a call: nothing else is known of them. */
    Set<WorkerId> unborn() {
        return starts.isEmpty()
                ? Set.of()
                : starts.keySet().stream()
                        .filter(id -> registry.find(id) == null)
                        .collect(Collectors.toSet());
    }
}
