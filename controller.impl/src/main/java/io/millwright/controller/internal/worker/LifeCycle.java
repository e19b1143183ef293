package io.millwright.controller.internal.worker;

import static io.millwright.controller.api.WorkerState.BACKOFF;
import static io.millwright.controller.api.WorkerState.CONNECTED;
import static io.millwright.controller.api.WorkerState.EXITED;
import static io.millwright.controller.api.WorkerState.FAILED;
import static io.millwright.controller.api.WorkerState.INACTIVE;
import static io.millwright.controller.api.WorkerState.STARTED;
import static io.millwright.controller.api.WorkerState.STARTING;
import static io.millwright.controller.api.WorkerState.STOPPING;
import static io.millwright.controller.internal.worker.LifeAction.AWAIT_GROUP;
import static io.millwright.controller.internal.worker.LifeAction.AWAIT_READY;
import static io.millwright.controller.internal.worker.LifeAction.CANCEL_WAIT;
import static io.millwright.controller.internal.worker.LifeAction.COMPLETE_START;
import static io.millwright.controller.internal.worker.LifeAction.END_TREE;
import static io.millwright.controller.internal.worker.LifeAction.PUBLISH;
import static io.millwright.controller.internal.worker.LifeAction.PUBLISH_STOP_REQUESTED;
import static io.millwright.controller.internal.worker.LifeAction.REPORT_STUCK;
import static io.millwright.controller.internal.worker.LifeAction.SETTLE;
import static io.millwright.controller.internal.worker.LifeAction.SIGNAL_STOP;
import static io.millwright.controller.internal.worker.LifeAction.SPAWN;

import io.millwright.controller.api.WorkerState;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The life cycle of a worker as one table: state and event give the next state and the actions. A pair that is not in the
 * table cannot happen; the supervisor reports it as a bug and ignores it. Immutable.
 */
public final class LifeCycle {
    /**
     * What an event does in a state.
     *
     * @param next the state after it
     * @param actions what to do, in order, after the state has changed
     */
    public record Transition(WorkerState next, List<LifeAction> actions) {}

    private static final Map<WorkerState, Map<LifeEvent, Transition>> TABLE = table();

    private LifeCycle() {}

    /**
     * Looks a pair up.
     *
     * @param state the present state
     * @param event what happened
     * @return the transition, empty if the pair cannot happen
     */
    public static Optional<Transition> on(WorkerState state, LifeEvent event) {
        return Optional.ofNullable(TABLE.getOrDefault(state, Map.of()).get(event));
    }

    private static Map<WorkerState, Map<LifeEvent, Transition>> table() {
        Map<WorkerState, Map<LifeEvent, Transition>> table = new EnumMap<>(WorkerState.class);
        for (WorkerState rest : new WorkerState[] {INACTIVE, EXITED, FAILED, BACKOFF}) {
            put(table, rest, LifeEvent.START, STARTING, PUBLISH, SPAWN);
            put(table, rest, LifeEvent.WAIT, BACKOFF, PUBLISH);
            put(table, rest, LifeEvent.REFUSED, FAILED, PUBLISH, SETTLE);
        }
        put(table, EXITED, LifeEvent.REST, INACTIVE);
        put(table, FAILED, LifeEvent.REST, INACTIVE);
        put(table, EXITED, LifeEvent.UNSTARTED, FAILED);
        put(table, BACKOFF, LifeEvent.STOP, EXITED, CANCEL_WAIT, PUBLISH_STOP_REQUESTED, PUBLISH, SETTLE);
        put(table, BACKOFF, LifeEvent.KILL, EXITED, CANCEL_WAIT, PUBLISH_STOP_REQUESTED, PUBLISH, SETTLE);

        put(table, STARTING, LifeEvent.SPAWNED, STARTING, AWAIT_READY);
        put(table, STARTING, LifeEvent.SPAWN_FAILED, FAILED, PUBLISH, SETTLE);
        put(table, STARTING, LifeEvent.CHANNEL_UP, CONNECTED, PUBLISH);
        for (WorkerState young : new WorkerState[] {STARTING, CONNECTED}) {
            put(table, young, LifeEvent.READY, STARTED, PUBLISH, COMPLETE_START);
            put(table, young, LifeEvent.START_TIMEOUT, STOPPING, PUBLISH, SIGNAL_STOP);
            put(table, young, LifeEvent.MAIN_EXITED, young, END_TREE);
            put(table, young, LifeEvent.ENDED, FAILED, PUBLISH, SETTLE);
        }
        put(table, STARTED, LifeEvent.MAIN_EXITED, STARTED, END_TREE);
        put(table, STARTED, LifeEvent.ENDED, EXITED, PUBLISH, SETTLE);
        put(table, STARTED, LifeEvent.CHANNEL_TIMEOUT, STOPPING, PUBLISH, SIGNAL_STOP);
        put(table, STARTED, LifeEvent.UNFIT, STOPPING, PUBLISH, SIGNAL_STOP);
        for (WorkerState running : new WorkerState[] {STARTING, CONNECTED, STARTED}) {
            put(table, running, LifeEvent.STOP, STOPPING, PUBLISH_STOP_REQUESTED, PUBLISH, SIGNAL_STOP);
            put(table, running, LifeEvent.KILL, STOPPING, PUBLISH_STOP_REQUESTED, PUBLISH, END_TREE);
            // The tree of a process that ended by itself can be unkillable too.
            put(table, running, LifeEvent.STUCK, STOPPING, PUBLISH, REPORT_STUCK);
        }
        put(table, STOPPING, LifeEvent.SPAWNED, STOPPING, SIGNAL_STOP);
        put(table, STOPPING, LifeEvent.SPAWN_FAILED, EXITED, PUBLISH, SETTLE);
        put(table, STOPPING, LifeEvent.CHANNEL_UP, STOPPING);
        put(table, STOPPING, LifeEvent.READY, STOPPING);
        put(table, STOPPING, LifeEvent.STOP, STOPPING);
        put(table, STOPPING, LifeEvent.KILL, STOPPING, END_TREE);
        put(table, STOPPING, LifeEvent.STOP_TIMEOUT, STOPPING, END_TREE);
        put(table, STOPPING, LifeEvent.MAIN_EXITED, STOPPING, AWAIT_GROUP);
        put(table, STOPPING, LifeEvent.STUCK, STOPPING, REPORT_STUCK);
        put(table, STOPPING, LifeEvent.ENDED, EXITED, PUBLISH, SETTLE);
        put(table, STOPPING, LifeEvent.ENDED_UNREADY, FAILED, PUBLISH, SETTLE);
        return table;
    }

    private static void put(
            Map<WorkerState, Map<LifeEvent, Transition>> table,
            WorkerState state,
            LifeEvent event,
            WorkerState next,
            LifeAction... actions) {
        Transition old = table.computeIfAbsent(state, s -> new EnumMap<>(LifeEvent.class))
                .put(event, new Transition(next, List.of(actions)));
        if (old != null) {
            throw new IllegalStateException(state + " x " + event + " stands twice in the life-cycle table");
        }
    }
}
