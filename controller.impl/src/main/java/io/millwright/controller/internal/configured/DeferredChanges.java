package io.millwright.controller.internal.configured;

import io.millwright.controller.internal.launch.Planner;
import io.millwright.controller.internal.worker.Worker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Changes of running workers that came while the type was away: the workers go on, and the changes are taken when the type is back.
 * Belongs to the controller loop.
 */
final class DeferredChanges {
    private final Planner planner;
    private final Consumer<Configured> apply;
    private final Map<String, Configured> waiting = new HashMap<>();

    /**
     * @param planner knows the types that there are
     * @param apply takes a configuration
     */
    DeferredChanges(Planner planner, Consumer<Configured> apply) {
        this.planner = planner;
        this.apply = apply;
    }

    /** A change of a worker, or of the instances of a group, cannot be judged now. */
    void defer(Configured configured, List<Worker> workers) {
        waiting.put(configured.pid(), configured);
        for (Worker worker : workers) {
            worker.definition.notInForce(
                    configured.spec(),
                    "its changed configuration waits for the worker type '"
                            + configured.spec().type() + "', which no bundle offers now");
            worker.publishView();
        }
        // A type may have come between the reading and now: nobody would tell again.
        if (planner.hasType(configured.spec().type())) {
            apply.accept(configured);
        }
    }

    boolean isDeferred(String pid) {
        return waiting.containsKey(pid);
    }

    void forget(String pid) {
        waiting.remove(pid);
    }

    /** A newer version asks for something else: the older one is not waited for. */
    void overtake(Configured newer) {
        Configured older = waiting.get(newer.pid());
        if (older != null && !older.spec().equals(newer.spec())) {
            waiting.remove(newer.pid());
        }
    }

    void typeCame(String type) {
        List<Configured> due = waiting.values().stream()
                .filter(configured -> configured.spec().type().equals(type))
                .toList();
        due.forEach(apply);
    }

    /** The change that waits for the type of a worker that runs no more; it waits no longer. */
    @Nullable
    Configured take(Worker worker) {
        return worker.definition.pid == null ? null : waiting.remove(worker.definition.pid);
    }
}
