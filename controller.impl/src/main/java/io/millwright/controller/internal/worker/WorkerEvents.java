package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Documents;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerHealth;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.channel.ComponentChange;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.api.event.NodeTopics;
import io.millwright.controller.internal.event.UnnumberedEvent;
import io.millwright.controller.internal.worker.ready.Health;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the events of workers and of the node and publishes them, and says them in the node's own log; called by the controller
 * loop.
 */
public final class WorkerEvents {
    private static final int MOST_FILES = 100;

    private final ControllerLoop loop;
    private final Consumer<UnnumberedEvent> publisher;
    private final Consumer<Runnable> afterwards;
    private final BiConsumer<Level, String> log;
    final WorkerLines lines;

    /**
     * Makes them.
     *
     * @param publisher publishes an event after those before it, and has its map
     * @param afterwards runs foreign code once all events before it are published
     * @param log writes a line into the node's own log; does not block
     */
    public WorkerEvents(
            ControllerLoop loop,
            Consumer<UnnumberedEvent> publisher,
            Consumer<Runnable> afterwards,
            BiConsumer<Level, String> log) {
        this.loop = loop;
        this.publisher = publisher;
        this.afterwards = afterwards;
        this.log = log;
        this.lines = new WorkerLines(loop, log);
    }

    /** Publishes that a worker is in the state it is in. */
    void state(Worker worker) {
        String topic =
                switch (worker.state) {
                    case STARTING -> NodeTopics.WORKER_STARTING;
                    case CONNECTED -> NodeTopics.WORKER_CONNECTED;
                    case STARTED -> NodeTopics.WORKER_STARTED;
                    case STOPPING -> NodeTopics.WORKER_STOPPING;
                    case EXITED -> NodeTopics.WORKER_EXITED;
                    case FAILED -> NodeTopics.WORKER_FAILED;
                    case BACKOFF -> NodeTopics.WORKER_BACKOFF;
                    case INACTIVE -> throw new IllegalStateException("inactive is no event");
                };
        Instant now = loop.now().at();
        Map<String, Object> properties = base(worker, now);
        properties.put(EventProperties.STATUS, worker.state.text());
        switch (worker.state) {
            case STARTED -> {
                Run run = worker.run;
                if (run != null && run.started != null) {
                    properties.put(EventProperties.STARTUP_TIME, Documents.seconds(run.created.until(run.started)));
                }
            }
            case EXITED, FAILED -> putExit(properties, worker.exit);
            case BACKOFF -> {
                if (worker.wait instanceof Wait.Delay delay) {
                    properties.put(EventProperties.DELAY, Documents.seconds(delay.length()));
                } else if (worker.wait instanceof Wait.ForSchedule wait && !wait.until.equals(Instant.MAX)) {
                    properties.put(EventProperties.DELAY, Documents.seconds(Duration.between(now, wait.until)));
                }
            }
            default -> {}
        }
        putIfThere(properties, EventProperties.REASON, worker.why());
        publisher.accept(new UnnumberedEvent(topic, now, properties));
        lines.state(worker);
    }

    /** Publishes that a stop was asked for. */
    void stopRequested(Worker worker) {
        publisher.accept(new UnnumberedEvent(
                NodeTopics.WORKER_STOP_REQUESTED,
                loop.now().at(),
                base(worker, loop.now().at())));
    }

    /** Publishes how a worker is found to be. */
    void health(Worker worker, Health.Finding finding) {
        Instant now = loop.now().at();
        boolean well = finding.state() == WorkerHealth.State.HEALTHY;
        Map<String, Object> properties = base(worker, now);
        putIfThere(properties, EventProperties.REASON, finding.reason());
        publisher.accept(
                new UnnumberedEvent(well ? NodeTopics.WORKER_HEALTHY : NodeTopics.WORKER_UNHEALTHY, now, properties));
        lines.bounded(
                worker, well ? Level.INFO : Level.WARNING, well ? "is healthy" : "is unhealthy: " + finding.reason());
    }

    /** Publishes what has become of a component of a worker. */
    void component(Worker worker, ComponentChange change) {
        Instant now = loop.now().at();
        Map<String, Object> properties = subject(worker, now);
        properties.put(EventProperties.COMPONENT_ID, change.component());
        properties.put(EventProperties.STATUS, change.state().text());
        properties.put(EventProperties.RESTARTS, change.restarts());
        putIfThere(properties, EventProperties.REASON, change.reason());
        String topic =
                switch (change.state()) {
                    case STARTED -> NodeTopics.COMPONENT_STARTED;
                    case STOPPED -> NodeTopics.COMPONENT_STOPPED;
                    case FAILED -> NodeTopics.COMPONENT_FAILED;
                };
        publisher.accept(new UnnumberedEvent(topic, now, properties));
    }

    /** Publishes that watched files of a worker changed. */
    public void changedFiles(Worker worker, List<String> files) {
        Instant now = loop.now().at();
        Map<String, Object> properties = base(worker, now);
        properties.put(EventProperties.FILES, List.copyOf(files.subList(0, Math.min(files.size(), MOST_FILES))));
        publisher.accept(new UnnumberedEvent(NodeTopics.WORKER_CHANGED_FILES, now, properties));
    }

    /** Publishes an event of the node itself. */
    public void node(String topic, Map<String, Object> properties) {
        Instant now = loop.now().at();
        Map<String, Object> all = new LinkedHashMap<>(properties);
        all.put(EventProperties.TIMESTAMP, now.toEpochMilli());
        publisher.accept(new UnnumberedEvent(topic, now, all));
    }

    /**
     * The instances of a group are no longer restarted one after the other.
     *
     * @param group the group
     * @param failed the instance that could not be started again
     * @param others those that are left as they were
     */
    public void rolloutStopped(Groups.Group group, WorkerId failed, Collection<WorkerId> others) {
        String left = others.stream().map(WorkerId::value).collect(Collectors.joining(", "));
        node(
                NodeTopics.WORKER_ROLLOUT_STOPPED,
                Map.of(
                        EventProperties.WORKER_ID,
                        group.id().value(),
                        EventProperties.WORKER_TYPE,
                        group.spec().type(),
                        EventProperties.REASON,
                        failed + " could not be restarted; left as before: " + left));
    }

    /** Says something in the node's own log; a log is a file, for which the loop does not wait. */
    public void say(Level level, String text) {
        log.accept(level, text);
    }

    /** As the other, of one worker, which may say it often. */
    public void say(Worker worker, String text) {
        lines.bounded(worker, Level.INFO, text);
    }

    /** Runs something on a callback thread after the events published so far. */
    public void afterwards(Runnable task) {
        afterwards.accept(task);
    }

    /** Completes a result after the events published so far, on a callback thread unless the loop alone waits for it. */
    public <T> void complete(CompletableFuture<T> result, T value) {
        if (result instanceof LoopResult) {
            result.complete(value);
        } else {
            afterwards(() -> result.complete(value));
        }
    }

    /** As {@link #complete}, with a failure. */
    public void fail(CompletableFuture<?> result, Throwable failure) {
        if (result instanceof LoopResult) {
            result.completeExceptionally(failure);
        } else {
            afterwards(() -> result.completeExceptionally(failure));
        }
    }

    private static Map<String, Object> base(Worker worker, Instant now) {
        Map<String, Object> properties = subject(worker, now);
        putIfThere(properties, EventProperties.WHO, worker.who == null ? null : worker.who.who());
        properties.put(EventProperties.RESTARTS, worker.restarts);
        return properties;
    }

    private static Map<String, Object> subject(Worker worker, Instant now) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(EventProperties.TIMESTAMP, now.toEpochMilli());
        properties.put(EventProperties.WORKER_ID, worker.id.value());
        properties.put(EventProperties.WORKER_TYPE, worker.definition.spec.type());
        putIfThere(properties, EventProperties.WORKER_PID, worker.pid());
        Run run = worker.run;
        boolean waited = worker.state == WorkerState.BACKOFF || !worker.isLive() && worker.exitOfWait;
        if (run != null && run.number != null && !waited) {
            properties.put(EventProperties.WORKER_RUN, run.number);
        }
        if (worker.whole != null) {
            properties.put(EventProperties.OVERLAP, worker.next == null ? "retiring" : "next");
        }
        return properties;
    }

    private static void putExit(Map<String, Object> properties, @Nullable WorkerExit exit) {
        if (exit != null) {
            properties.put(EventProperties.EXIT_CLASS, exit.exitClass().name().toLowerCase(Locale.ROOT));
            properties.put(EventProperties.EXIT_REASON, exit.reason());
            putIfThere(properties, EventProperties.EXIT_CODE, exit.code());
            putIfThere(properties, EventProperties.EXIT_SIGNAL, exit.signal());
        }
    }

    private static void putIfThere(Map<String, Object> properties, String key, @Nullable Object value) {
        if (value != null) {
            properties.put(key, value);
        }
    }
}
