package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.Operation;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.api.event.NodeTopics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions wait for the answer of a call that tells the same as an event: they do not get that event. Thread-safe.
 */
final class Answered {
    private static final Set<String> STARTS = Set.of(NodeTopics.WORKER_STARTING, NodeTopics.WORKER_STARTED);
    private static final Set<String> STOPS = Set.of(NodeTopics.WORKER_STOP_REQUESTED);
    private static final Set<String> RESTARTS =
            Set.of(NodeTopics.WORKER_STOP_REQUESTED, NodeTopics.WORKER_STARTING, NodeTopics.WORKER_STARTED);
    private static final Map<Operation, Set<String>> TOLD = Map.of(
            Operation.START_WORKER, STARTS,
            Operation.STOP_WORKER, STOPS,
            Operation.RESTART_WORKER, RESTARTS,
            Operation.SHUTDOWN, Set.of(NodeTopics.NODE_SHUTDOWN));

    /** A call. Each topic is left out once. */
    private record Waiting(long session, @Nullable String worker, String who, Set<String> topics) {}

    private final List<Waiting> all = new ArrayList<>();

    /**
     * A session has called.
     *
     * @return to be run if the call fails: no event tells of it
     */
    Runnable waits(long session, Operation operation, Arguments arguments, String who) {
        Set<String> topics = TOLD.get(operation);
        if (topics == null) {
            return () -> {};
        }
        String worker = operation == Operation.SHUTDOWN ? null : arguments.id().value();
        Waiting waiting = new Waiting(session, worker, who, new HashSet<>(topics));
        synchronized (all) {
            all.add(waiting);
        }
        return () -> {
            synchronized (all) {
                all.removeIf(one -> one == waiting);
            }
        };
    }

    /** The sessions that do not get an event; they get the next one of its kind. */
    Set<Long> take(NodeEvent event) {
        synchronized (all) {
            if (all.isEmpty()) {
                return Set.of();
            }
            Set<Long> sessions = new HashSet<>();
            Object worker = event.properties().get(EventProperties.WORKER_ID);
            Object who = event.properties().get(EventProperties.WHO);
            Iterator<Waiting> each = all.iterator();
            while (each.hasNext()) {
                Waiting one = each.next();
                boolean mine = (one.worker() == null || one.worker().equals(worker))
                        && (who == null || one.who().equals(who));
                if (mine && one.topics().remove(event.topic())) {
                    sessions.add(one.session());
                    if (one.topics().isEmpty()) {
                        each.remove();
                    }
                }
            }
            return sessions;
        }
    }

    /** Sessions that have left, and events that were lost: nothing is waited for any more. */
    void forget(Collection<Long> sessions) {
        synchronized (all) {
            all.removeIf(one -> sessions.contains(one.session()));
        }
    }

    /** Events were lost: those that were waited for may be among them. */
    void forgetAll() {
        synchronized (all) {
            all.clear();
        }
    }
}
