package io.millwright.controller.internal.configured;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.worker.ControllerLoop;
import io.millwright.controller.internal.worker.OperatorWords;
import io.millwright.controller.internal.worker.Registry;
import io.millwright.controller.internal.worker.Starter;
import io.millwright.controller.internal.worker.Stopper;
import io.millwright.controller.internal.worker.Worker;
import io.millwright.controller.internal.worker.WorkerEvents;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Ends workers that no configuration asks for any more. Belongs to the controller loop. */
final class WorkerRemoval {
    static final String DELETED = " is deleted";
    static final String NOT_ASKED = " does not ask for it any more";

    private final ControllerLoop loop;
    private final Registry registry;
    private final Starter starter;
    private final Stopper stopper;
    private final Consumer<Worker> optionsChanged;
    private final WorkerEvents events;
    private final OperatorWords words;
    private final ConfigurationVersions versions;
    private final IdClaims claims;
    private final DeferredChanges deferred;
    private final SavedWorkers saved;
    private final Rollouts rollouts;

    WorkerRemoval(
            ControllerLoop loop,
            Registry registry,
            Starter starter,
            Stopper stopper,
            Consumer<Worker> optionsChanged,
            WorkerEvents events,
            OperatorWords words,
            ConfigurationVersions versions,
            IdClaims claims,
            DeferredChanges deferred,
            SavedWorkers saved,
            Rollouts rollouts) {
        this.loop = loop;
        this.registry = registry;
        this.starter = starter;
        this.stopper = stopper;
        this.optionsChanged = optionsChanged;
        this.events = events;
        this.words = words;
        this.versions = versions;
        this.claims = claims;
        this.deferred = deferred;
        this.saved = saved;
        this.rollouts = rollouts;
    }

    /**
     * A worker, or an instance, is not asked for any more: it stops.
     *
     * @param pid its PID
     * @param why ends a sentence that begins with the configuration
     * @return completed when it is gone, or failed if it could not be ended
     */
    CompletableFuture<Void> remove(String pid, Caller caller, String why) {
        words.forget(pid);
        if (!Configured.whole(pid).equals(pid)) {
            versions.next(pid);
            claims.suspend(pid);
            rollouts.decided(pid);
        }
        versions.forget(pid);
        deferred.forget(pid);
        saved.fail(pid, ErrorCode.WORKER_NOT_RUNNING, "it is saved, and was not started: its configuration" + why);
        Worker worker = ofPid(pid);
        if (worker == null) {
            return CompletableFuture.completedFuture(null);
        }
        events.say(Level.INFO, "worker " + worker.id + ": " + worker.definition.source + why);
        return end(worker, caller);
    }

    /** The worker that has a PID. */
    @Nullable
    Worker ofPid(String pid) {
        return registry.all().stream()
                .filter(worker -> pid.equals(worker.definition.pid))
                .findFirst()
                .orElse(null);
    }

    /** A configuration that names another worker than before has given the first one up. */
    void giveUpOthers(Configured configured) {
        for (Worker worker : List.copyOf(registry.all())) {
            if (configured.pid().equals(worker.definition.pid)
                    && !worker.id.equals(configured.spec().id())) {
                events.say(
                        Level.INFO,
                        "worker " + worker.id + ": given up, for " + configured.source() + " is of worker '"
                                + configured.spec().id() + "' now");
                // An operator's word was on this worker, not on the next.
                words.forget(configured.pid());
                end(worker, ChangeApplier.caller(worker));
            }
        }
    }

    /** A worker whose configuration names another one now, and was refused that, runs only until somebody else asks for its id. */
    void releaseFor(Configured configured) {
        Worker holder = registry.find(configured.spec().id());
        if (holder != null && claims.isLeft(holder)) {
            events.say(
                    Level.INFO,
                    "worker " + holder.id + ": given up, for " + holder.definition.source
                            + " names another worker now");
            end(holder, ChangeApplier.caller(holder));
        }
    }

    /** The record of a worker that ran before its id became that of a group. */
    void dropRecord(Configured whole) {
        Worker worker = registry.find(whole.spec().id());
        if (worker != null && !worker.isLive() && !worker.isConfigured() && !starter.isPending(worker.id)) {
            registry.remove(worker);
        }
    }

    private CompletableFuture<Void> end(Worker worker, Caller caller) {
        worker.definition.pid = null;
        worker.definition.disabled = false;
        worker.definition.inForce();
        worker.intend("given up: its configuration was deleted");
        loop.execute(() -> claims.freed(worker.id));
        if (worker.isLive() || starter.isPending(worker.id)) {
            return stop(worker, caller);
        }
        if (worker.exit == null) {
            registry.remove(worker);
        } else {
            if (worker.state == WorkerState.INACTIVE) {
                worker.state = WorkerState.EXITED;
                worker.publishView();
            }
            registry.gone(worker);
            registry.ended(worker);
            optionsChanged.accept(worker);
        }
        return CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> stop(Worker worker, Caller caller) {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        CompletableFuture<StopResult> stop = ChangeApplier.quietStop(worker);
        stop.whenComplete((stopped, fault) -> {
            // A start that was cancelled before it began is an end too.
            boolean over =
                    fault == null || (fault instanceof NodeException e && e.code() == ErrorCode.WORKER_NOT_RUNNING);
            if (over) {
                // Told by whatever thread: it may be asked for again by now.
                loop.execute(
                        () -> {
                            if (!worker.isConfigured() && !worker.isLive()) {
                                registry.gone(worker);
                            }
                            gone.complete(null);
                        },
                        gone::completeExceptionally);
            } else {
                gone.completeExceptionally(fault);
            }
        });
        stopper.stop(worker.id, StopOptions.GRACEFUL, caller, stop);
        return gone;
    }
}
