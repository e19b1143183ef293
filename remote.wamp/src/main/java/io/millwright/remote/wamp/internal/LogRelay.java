package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.Documents;
import io.millwright.controller.api.ErrorCode;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the log of each worker as {@code PREFIX.worker.<id>.on_log}, {@code {entries, lost}}, and follows it only while somebody has
 * subscribed. Thread-safe; nothing blocks.
 */
final class LogRelay implements AutoCloseable {
    /** A worker whose topic is watched. */
    private static final class Followed {
        LocalSession.@Nullable Handle watch;
        /** The one that is under way. */
        @Nullable
        Following following;

        int subscribers;
        /** The position of the last line that was published; {@code null} if none is known. */
        @Nullable
        Long position;
    }

    /** Of one log, until its end. */
    private final class Following implements LogListener {
        private final String worker;
        private final Followed followed;

        @Nullable
        Subscription subscription;

        /** The worker has begun something since: there may be another log. */
        boolean again;

        Following(String worker, Followed followed) {
            this.worker = worker;
            this.followed = followed;
        }

        @Override
        public void onLog(List<LogEntry> entries, long lost) {
            session.publish(topic(worker), Payload.args(Documents.of("entries", entries, "lost", lost)), PublishTo.ALL);
        }

        @Override
        public void onLog(List<LogEntry> entries, long lost, long position) {
            synchronized (workers) {
                followed.position = position;
            }
            if (!entries.isEmpty()) {
                onLog(entries, lost);
            }
        }

        @Override
        public void onEnd() {
            boolean next;
            synchronized (workers) {
                next = again && followed.following == this;
                if (followed.following == this) {
                    followed.following = null;
                }
            }
            if (next) {
                follow(worker, true);
            }
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(LogRelay.class);
    /** As many lines as there are. */
    private static final int WHOLE = Integer.MAX_VALUE;

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
            follow(worker, true);
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
                over = followed.following == null ? null : followed.following.subscription;
                followed.following = null;
                followed.position = null;
            }
        }
        if (over != null) {
            over.close();
        } else if (count > 0) {
            follow(worker, false);
        }
    }

    /**
     * Follows the log of a worker if somebody has subscribed, and nothing follows it.
     *
     * @param begins whether the worker begins something: a log that was not followed before is a new one, and published from its first line on
     */
    private void follow(String worker, boolean begins) {
        Following following;
        Long after;
        synchronized (workers) {
            Followed followed = workers.get(worker);
            if (closed || followed == null || followed.subscribers == 0) {
                return;
            }
            if (followed.following != null) {
                followed.following.again |= begins;
                return;
            }
            following = new Following(worker, followed);
            followed.following = following;
            after = followed.position;
        }
        Subscription made = null;
        try {
            made = begin(following, after, begins);
        } catch (NodeException gone) {
            LOG.debug("the log of {} is not followed: {}", worker, gone.getMessage());
        }
        boolean unwanted;
        synchronized (workers) {
            following.subscription = made;
            unwanted = closed || following.followed.following != following;
            if (made == null && following.followed.following == following) {
                following.followed.following = null;
            }
        }
        if (made != null && unwanted) {
            made.close();
        }
    }

    private Subscription begin(Following following, @Nullable Long after, boolean begins) {
        WorkerId id = new WorkerId(following.worker);
        if (begins && after != null) {
            try {
                return node.followAfter(id, after, following);
            } catch (NodeException another) {
                if (another.code() != ErrorCode.INVALID_ARGUMENT) {
                    throw another;
                }
            }
        }
        return node.follow(id, begins ? WHOLE : 0, following);
    }

    @Override
    public void close() {
        List<LocalSession.Handle> watches = new ArrayList<>();
        List<Subscription> subscriptions = new ArrayList<>();
        synchronized (workers) {
            closed = true;
            for (Followed followed : workers.values()) {
                if (followed.watch != null) {
                    watches.add(followed.watch);
                }
                if (followed.following != null && followed.following.subscription != null) {
                    subscriptions.add(followed.following.subscription);
                }
            }
            workers.clear();
        }
        watches.forEach(LocalSession.Handle::close);
        subscriptions.forEach(Subscription::close);
    }
}
