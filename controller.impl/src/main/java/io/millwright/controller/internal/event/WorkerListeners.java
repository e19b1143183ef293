package io.millwright.controller.internal.event;

import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogListener;
import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerListener;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.internal.log.WorkerLog;
import io.millwright.controller.internal.worker.Registry;
import io.millwright.controller.internal.worker.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/**
 * The whiteboard of worker listeners: gives each the events and log lines it asked for, through bounded queues. Thread-safe.
 */
public final class WorkerListeners implements AutoCloseable {
    private static final String WORKER_TOPICS = "io/millwright/worker/";

    private record Bound(WorkerListener service, Set<String> ids, boolean log, List<Subscription> subscriptions) {
        boolean wants(String id) {
            return ids.isEmpty() || ids.contains(id);
        }
    }

    private final EventPublisher publisher;
    private final Registry registry;
    private final Executor executor;
    private final Map<WorkerListener, Bound> bound = new ConcurrentHashMap<>();

    public WorkerListeners(EventPublisher publisher, Registry registry, Executor executor) {
        this.publisher = publisher;
        this.registry = registry;
        this.executor = executor;
    }

    /**
     * Adds a listener.
     *
     * @param listener the service
     * @param ids the workers it wants to hear of; empty for all
     */
    public void bind(WorkerListener listener, Set<String> ids) {
        Bound entry = new Bound(listener, Set.copyOf(ids), listener.wantsLog(), new CopyOnWriteArrayList<>());
        entry.subscriptions.add(publisher.follow((event, lost) -> {
            if (event.topic().startsWith(WORKER_TOPICS)
                    && entry.wants(String.valueOf(event.properties().get(EventProperties.WORKER_ID)))) {
                listener.onEvent(event, lost);
            }
        }));
        bound.put(listener, entry);
        if (entry.log) {
            for (Worker worker : registry.all()) {
                follow(entry, worker.id, worker.log);
            }
        }
    }

    /**
     * Removes a listener.
     *
     * @param listener one that was added
     */
    public void unbind(WorkerListener listener) {
        Bound entry = bound.remove(listener);
        if (entry != null) {
            entry.subscriptions.forEach(Subscription::close);
        }
    }

    /** A worker was made: who wants its log follows it from its first line on. */
    public void created(WorkerId id, WorkerLog log) {
        for (Bound entry : bound.values()) {
            if (entry.log) {
                follow(entry, id, log);
            }
        }
    }

    private void follow(Bound entry, WorkerId id, WorkerLog log) {
        if (!entry.wants(id.value())) {
            return;
        }
        entry.subscriptions.add(log.follow(
                0,
                new LogListener() {
                    @Override
                    public void onLog(List<LogEntry> entries, long lost) {
                        entry.service.onLog(id, entries, lost);
                    }
                },
                executor));
    }

    @Override
    public void close() {
        new ArrayList<>(bound.keySet()).forEach(this::unbind);
    }
}
