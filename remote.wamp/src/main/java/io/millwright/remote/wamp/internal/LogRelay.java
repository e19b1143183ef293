package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.Documents;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogListener;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.api.event.NodeTopics;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.router.LocalSession;
import io.millwright.wamp.router.PublishTo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the log of each worker as {@code PREFIX.worker.<id>.on_log}, {@code {entries, lost}}, and follows it only while somebody has
 * subscribed. Thread-safe; nothing blocks.
 */
final class LogRelay implements AutoCloseable {
    private static final class Followed {
        LocalSession.@Nullable Handle watch;

        @Nullable
        Subscription subscription;

        int subscribers;
    }

    private final String prefix;
    private final NodeController node;
    private final LocalSession session;
    private final Map<String, Followed> workers = new HashMap<>();
    private boolean closed;

    LogRelay(String prefix, NodeController node, LocalSession session) {
        this.prefix = prefix;
        this.node = node;
        this.session = session;
        for (WorkerInfo worker : node.listWorkers(Scope.ALL)) {
            if (!worker.isGroup()) {
                know(worker.id().value());
            }
        }
    }

    private String topic(String worker) {
        return prefix + ".worker." + worker + ".on_log";
    }

    /** A worker that begins has a log to be followed, one that has ended begins a new one with its next run. */
    void onEvent(NodeEvent event) {
        boolean begins = event.topic().equals(NodeTopics.WORKER_STARTING)
                || event.topic().equals(NodeTopics.WORKER_BACKOFF);
        if (begins && event.properties().get(EventProperties.WORKER_ID) instanceof String worker) {
            know(worker);
            follow(worker);
        }
    }

    private void know(String worker) {
        Followed followed;
        synchronized (workers) {
            if (closed || workers.containsKey(worker)) {
                return;
            }
            followed = new Followed();
            workers.put(worker, followed);
        }
        LocalSession.Handle watch = session.watch(topic(worker), count -> subscribed(worker, count));
        synchronized (workers) {
            followed.watch = watch;
        }
    }

    private void subscribed(String worker, int count) {
        Subscription over = null;
        synchronized (workers) {
            Followed followed = workers.get(worker);
            if (followed == null) {
                return;
            }
            followed.subscribers = count;
            if (count == 0) {
                over = followed.subscription;
                followed.subscription = null;
            }
        }
        if (over != null) {
            over.close();
        } else if (count > 0) {
            follow(worker);
        }
    }

    private void follow(String worker) {
        synchronized (workers) {
            Followed followed = workers.get(worker);
            if (closed || followed == null || followed.subscribers == 0 || followed.subscription != null) {
                return;
            }
        }
        Subscription[] own = new Subscription[1];
        Subscription made;
        try {
            made = node.follow(new WorkerId(worker), 0, new LogListener() {
                @Override
                public void onLog(List<LogEntry> entries, long lost) {
                    session.publish(
                            topic(worker), Payload.args(Documents.of("entries", entries, "lost", lost)), PublishTo.ALL);
                }

                @Override
                public void onEnd() {
                    ended(worker, own);
                }
            });
        } catch (NodeException gone) {
            return;
        }
        boolean unwanted;
        synchronized (workers) {
            own[0] = made;
            Followed followed = workers.get(worker);
            unwanted = closed || followed == null || followed.subscribers == 0 || followed.subscription != null;
            if (!unwanted && followed != null) {
                followed.subscription = made;
            }
        }
        if (unwanted) {
            made.close();
        }
    }

    private void ended(String worker, Subscription[] own) {
        synchronized (workers) {
            Followed followed = workers.get(worker);
            if (followed != null && followed.subscription == own[0]) {
                followed.subscription = null;
            }
        }
    }

    @Override
    public void close() {
        List<Followed> all;
        synchronized (workers) {
            closed = true;
            all = List.copyOf(workers.values());
            workers.clear();
        }
        for (Followed followed : all) {
            if (followed.watch != null) {
                followed.watch.close();
            }
            if (followed.subscription != null) {
                followed.subscription.close();
            }
        }
    }
}
