package io.millwright.controller.internal.node;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ShutdownInfo;
import io.millwright.controller.api.ShutdownRequest;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.api.event.NodeTopics;
import io.millwright.controller.internal.launch.PluginCalls;
import io.millwright.controller.internal.worker.ControllerLoop;
import io.millwright.controller.internal.worker.DependencyRules;
import io.millwright.controller.internal.worker.Starter;
import io.millwright.controller.internal.worker.Stopper;
import io.millwright.controller.internal.worker.Worker;
import io.millwright.controller.internal.worker.WorkerEvents;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one shutdown of a node: stops all workers, those that need others before these and all else in parallel, then asks the
 * participants. Runs in the controller loop.
 */
final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    /** How a shutdown ended. */
    record Outcome(ShutdownInfo info, int exitCode) {}

    private final ControllerLoop loop;
    private final Stopper stopper;
    private final Starter starter;
    private final DependencyRules dependencies;
    private final WorkerEvents events;
    private final PluginCalls plugins;
    private final Supplier<List<Participant>> participants;
    private final Supplier<String> nodeId;
    private final CompletableFuture<Outcome> done = new CompletableFuture<>();
    private final Set<WorkerId> abandoned = new TreeSet<>();
    private volatile @Nullable ShutdownInfo info;
    private boolean releasing;
    private BooleanSupplier othersAreDone = () -> true;

    Shutdown(
            ControllerLoop loop,
            Stopper stopper,
            Starter starter,
            DependencyRules dependencies,
            WorkerEvents events,
            PluginCalls plugins,
            Supplier<List<Participant>> participants,
            Supplier<String> nodeId) {
        this.loop = loop;
        this.stopper = stopper;
        this.starter = starter;
        this.dependencies = dependencies;
        this.events = events;
        this.plugins = plugins;
        this.participants = participants;
        this.nodeId = nodeId;
    }

    /** Has it wait, besides, for what workers have left to do. */
    void waitFor(BooleanSupplier areDone) {
        othersAreDone = areDone;
    }

    /** What is under way, {@code null} if nothing is; for any thread. */
    @Nullable
    ShutdownInfo info() {
        return info;
    }

    /** Completed when the workers have ended and the participants have answered; for any thread. */
    CompletableFuture<Outcome> done() {
        return done;
    }

    /** Begins, unless it has begun before. */
    ShutdownInfo begin(ShutdownRequest request, Caller caller, boolean clean, @Nullable String cause) {
        ShutdownInfo before = info;
        if (before != null) {
            return before;
        }
        ShutdownInfo now =
                ShutdownInfo.of(nodeId.get(), request.restart(), request.mode(), caller, Instant.now(), clean, cause);
        info = now;
        events.say(Level.INFO, "the node shuts down, asked by " + caller + (cause == null ? "" : ": " + cause));
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(EventProperties.NODE_ID, now.nodeId());
        properties.put(EventProperties.WHO, caller.who());
        properties.put(EventProperties.RESTART, now.restart());
        properties.put(EventProperties.WAS_CLEAN, clean);
        if (cause != null) {
            properties.put(EventProperties.REASON, cause);
        }
        events.node(NodeTopics.NODE_SHUTDOWN, properties);
        List<Worker> live = dependencies.neededLast(stopper.live());
        stopper.signalAhead(live, StopOptions.GRACEFUL);
        for (Worker worker : live) {
            CompletableFuture<StopResult> result = new CompletableFuture<>();
            result.whenComplete((stopped, fault) -> {
                if (fault != null) {
                    LOG.warn("worker {}: {}", worker.id, fault.getMessage());
                }
            });
            stopper.stop(worker.id, StopOptions.GRACEFUL, caller, result);
        }
        proceed();
        return now;
    }

    /** A worker's processes cannot be ended: at a shutdown it is abandoned. */
    void stuck(Worker worker) {
        if (info != null) {
            abandoned.add(worker.id);
        }
        proceed();
    }

    /** Goes on when nothing lives any more and no start is being checked; called after each end of either. */
    void proceed() {
        if (info == null
                || releasing
                || !starter.isIdle()
                || !othersAreDone.getAsBoolean()
                || stopper.isAnyLive(worker -> !abandoned.contains(worker.id))) {
            return;
        }
        releasing = true;
        release(info).whenComplete((nothing, fault) -> loop.execute(this::finish));
    }

    private CompletableFuture<Void> release(ShutdownInfo shutdown) {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (Participant participant : participants.get()) {
            CompletableFuture<Void> answer = plugins.alone(
                            "shutdown participant " + participant.name(),
                            participant.deadline(),
                            () -> participant.service().release(shutdown))
                    .thenCompose(stage -> stage);
            Future<?> late =
                    loop.schedule(participant.deadline(), () -> answer.completeExceptionally(new TimeoutException()));
            answers.add(answer.handle((nothing, fault) -> {
                late.cancel(false);
                if (fault != null) {
                    LOG.warn(
                            "shutdown participant {} has not released what it holds (deadline {} ms): {}",
                            participant.name(),
                            participant.deadline().toMillis(),
                            fault.toString());
                }
                return null;
            }));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
    }

    private void finish() {
        ShutdownInfo shutdown = info;
        if (shutdown == null) {
            return;
        }
        if (!abandoned.isEmpty()) {
            LOG.error("worker(s) {} could not be ended and are abandoned", abandoned);
        }
        int exitCode = shutdown.wasClean() && abandoned.isEmpty() ? 0 : 1;
        events.afterwards(() -> done.complete(new Outcome(shutdown, exitCode)));
    }
}
