package io.millwright.controller.internal.event;

import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogListener;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerListener;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.internal.log.WorkerLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives each worker listener the events and log lines it asked for, through bounded queues, and calls it by one thread at a
 * time. Thread-safe; a listener is called with no lock.
 */
public final class WorkerListeners implements AutoCloseable {
    private static final String WORKER_TOPICS = "io/millwright/worker/";

    /**
     * A listener that is bound. Immutable; equal only to itself, since its service's {@code equals} is a plug-in's.
     *
     * @param bundle the symbolic name of the bundle that offers it
     * @param ids the workers it wants to hear of; empty for all
     * @param service the listener
     */
    public record Listener(String bundle, Set<String> ids, WorkerListener service) {
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        private boolean wants(String id) {
            return ids.isEmpty() || ids.contains(id);
        }

        private boolean wants(NodeEvent event) {
            return event.topic().startsWith(WORKER_TOPICS)
                    && wants(String.valueOf(event.properties().get(EventProperties.WORKER_ID)));
        }
    }

    private final EventPublisher publisher;
    private final Supplier<Map<WorkerId, WorkerLog>> present;
    private final Function<Listener, CompletableFuture<Boolean>> wantsLog;
    private final Executor threads;
    private final Map<Listener, Served> bound = new ConcurrentHashMap<>();

    /**
     * Serves no listener yet.
     *
     * @param publisher where the events come from
     * @param present the logs there are; called by any thread
     * @param wantsLog asks a listener for {@link WorkerListener#wantsLog}; answers false if it fails
     * @param threads call the listeners
     */
    public WorkerListeners(
            EventPublisher publisher,
            Supplier<Map<WorkerId, WorkerLog>> present,
            Function<Listener, CompletableFuture<Boolean>> wantsLog,
            Executor threads) {
        this.publisher = publisher;
        this.present = present;
        this.wantsLog = wantsLog;
        this.threads = threads;
    }

    /**
     * Adds a listener. Its events come from now on, the logs once it has said that it wants them.
     *
     * @param listener the listener
     */
    public void bind(Listener listener) {
        Served served = new Served(listener);
        served.events = publisher.follow(listener::wants, listener.service()::onEvent, served.calls);
        bound.put(listener, served);
        wantsLog.apply(listener).thenAccept(wanted -> {
            if (wanted) {
                served.followAll(present.get());
            }
        });
    }

    /**
     * Removes a listener. A call in progress may go on.
     *
     * @param listener one that was added
     */
    public void unbind(Listener listener) {
        Served served = bound.remove(listener);
        if (served != null) {
            served.close();
        }
    }

    /**
     * A worker was made, or its log goes on after its end: the listeners that want it follow it from its next line on.
     *
     * @param id the worker
     * @param log its log
     */
    public void created(WorkerId id, WorkerLog log) {
        bound.values().forEach(served -> served.followNew(id, log));
    }

    /** How many subscriptions to logs there are. */
    int subscriptions() {
        return bound.values().stream().mapToInt(Served::subscriptions).sum();
    }

    @Override
    public void close() {
        new ArrayList<>(bound.keySet()).forEach(this::unbind);
    }

    /** What one listener follows. */
    private final class Served {
        final Listener listener;
        /** Events and logs come through one queue, so that they are not told at once. */
        final Executor calls = new SerialExecutor(threads);

        Subscription events = () -> {};
        /** Guarded by this, as all below it. */
        private final Map<WorkerId, Followed> logs = new HashMap<>();

        private boolean wanted;
        private boolean closed;

        Served(Listener listener) {
            this.listener = listener;
        }

        synchronized void followAll(Map<WorkerId, WorkerLog> all) {
            wanted = true;
            all.forEach((id, log) -> {
                // One that was made meanwhile is newer than what was looked up.
                if (!logs.containsKey(id)) {
                    followNew(id, log);
                }
            });
        }

        synchronized void followNew(WorkerId id, WorkerLog log) {
            if (closed || !wanted || !listener.wants(id.value())) {
                return;
            }
            Followed followed = new Followed(this, id);
            logs.put(id, followed);
            followed.subscription = log.follow(0, followed, calls);
        }

        synchronized void ended(Followed followed) {
            logs.remove(followed.id, followed);
        }

        synchronized int subscriptions() {
            return logs.size();
        }

        synchronized boolean isClosed() {
            return closed;
        }

        void close() {
            events.close();
            List<Followed> all;
            synchronized (this) {
                closed = true;
                all = List.copyOf(logs.values());
                logs.clear();
            }
            all.forEach(followed -> followed.subscription.close());
        }
    }

    /** One listener at one log, until the log's end: one that goes on after that is followed anew. */
    private static final class Followed implements LogListener {
        private final Served served;
        private final WorkerId id;
        private Subscription subscription = () -> {};

        Followed(Served served, WorkerId id) {
            this.served = served;
            this.id = id;
        }

        @Override
        public void onLog(List<LogEntry> entries, long lost) {
            if (!served.isClosed()) {
                served.listener.service().onLog(id, entries, lost);
            }
        }

        @Override
        public void onEnd() {
            served.ended(this);
        }
    }
}
