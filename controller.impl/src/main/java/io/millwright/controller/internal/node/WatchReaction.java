package io.millwright.controller.internal.node;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.Operation;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.ConfiguredWorkers;
import io.millwright.controller.internal.log.Audit;
import io.millwright.controller.internal.process.WorkerProcess;
import io.millwright.controller.internal.watch.Watching;
import io.millwright.controller.internal.worker.ControllerLoop;
import io.millwright.controller.internal.worker.Groups;
import io.millwright.controller.internal.worker.Registry;
import io.millwright.controller.internal.worker.Run;
import io.millwright.controller.internal.worker.Starter;
import io.millwright.controller.internal.worker.Stopper;
import io.millwright.controller.internal.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what a change of watched files asks for. Belongs to the controller loop. */
final class WatchReaction implements Watching.Reaction {
    private static final Logger LOG = LoggerFactory.getLogger(WatchReaction.class);

    private final ControllerLoop loop;
    private final Registry registry;
    private final Starter starter;
    private final Stopper stopper;
    private final ConfiguredWorkers configured;
    private final Audit audit;

    WatchReaction(
            ControllerLoop loop,
            Registry registry,
            Starter starter,
            Stopper stopper,
            ConfiguredWorkers configured,
            Audit audit) {
        this.loop = loop;
        this.registry = registry;
        this.starter = starter;
        this.stopper = stopper;
        this.configured = configured;
        this.audit = audit;
    }

    @Override
    public void restart(Worker worker, Duration pause, Caller caller) {
        Groups.Group group = registry.groups.of(worker.id);
        if (worker.state == WorkerState.STOPPING) {
            return;
        } else if (group == null) {
            restartNow(worker, pause, caller, new CompletableFuture<>());
            return;
        }
        Run before = worker.run;
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        configured.restartInTurn(worker, group, done, () -> {
            if (isToRestart(worker, before)) {
                restartNow(worker, pause, caller, done);
            } else {
                done.complete(true);
            }
        });
    }

    /**
     * Whether an instance whose turn has come still runs what it ran before its files changed, or rests though nobody has stopped it and it
     * is to run.
     */
    private boolean isToRestart(Worker worker, @Nullable Run before) {
        boolean ended = !worker.isLive() || worker.state == WorkerState.BACKOFF;
        return registry.find(worker.id) == worker
                && worker.state != WorkerState.STOPPING
                && (ended || worker.run == before)
                && (worker.isLive()
                        || !worker.isStopped() && !worker.definition.disabled && registry.groups.of(worker.id) != null);
    }

    @Override
    public boolean awaitsTurn(Worker worker) {
        Groups.Group group = registry.groups.of(worker.id);
        return group != null && configured.awaitsTurn(worker, group);
    }

    /** As {@link #restart}, at once. */
    private void restartNow(Worker worker, Duration pause, Caller caller, CompletableFuture<Boolean> done) {
        CompletableFuture<StartResult> result = new CompletableFuture<>();
        boolean live = worker.isLive();
        result.whenComplete((started, fault) -> loop.execute(() -> {
            if (fault != null) {
                notRestarted(worker, String.valueOf(fault.getMessage()));
            }
            done.complete(fault == null || live && !worker.wasRestartedBy(caller));
        }));
        Audit.Begun begun = begin(caller, Operation.RESTART_WORKER, worker);
        result.whenComplete(begun::end);
        if (live) {
            stopper.restart(worker.id, null, pause, caller, result);
        } else {
            starter.startOrWait(worker, caller, result);
        }
    }

    private static void notRestarted(Worker worker, String why) {
        LOG.error("worker {}: not restarted after a change: {}", worker.id, why);
        worker.changed = null;
        if (worker.run != null && worker.run.live() != null) {
            worker.reason = "its restart for changed files has failed: " + why;
            worker.publishView();
        }
    }

    @Override
    public void signal(Worker worker, Signal signal, Caller caller) {
        Run run = worker.run;
        WorkerProcess process = run == null ? null : run.live();
        if (process != null) {
            Audit.Begun begun = begin(caller, Operation.SIGNAL_WORKER, worker);
            process.signalMain(signal).whenComplete((sent, fault) -> {
                begun.end(sent, fault);
                if (fault != null) {
                    LOG.error("worker {}: {} could not be sent: {}", worker.id, signal, fault.getMessage());
                }
            });
        }
    }

    private Audit.Begun begin(Caller caller, Operation operation, Worker worker) {
        return audit.begin(caller, operation.text(), worker.id.value(), List.of());
    }
}
