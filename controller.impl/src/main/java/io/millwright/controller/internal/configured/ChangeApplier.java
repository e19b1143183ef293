package io.millwright.controller.internal.configured;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.launch.Planner;
import io.millwright.controller.internal.worker.ControllerLoop;
import io.millwright.controller.internal.worker.Follow;
import io.millwright.controller.internal.worker.Groups;
import io.millwright.controller.internal.worker.OperatorWords;
import io.millwright.controller.internal.worker.Starter;
import io.millwright.controller.internal.worker.Stopper;
import io.millwright.controller.internal.worker.Worker;
import io.millwright.controller.internal.worker.WorkerEvents;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does to one worker what was decided about its configuration. Runs in the controller loop. */
final class ChangeApplier {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeApplier.class);

    private final Consumer<Configured> apply;
    private final ConfigurationVersions versions;
    private final DeferredChanges deferred;
    private final ControllerLoop loop;
    private final Starter starter;
    private final Stopper stopper;
    private final Consumer<Worker> optionsChanged;
    private final WorkerEvents events;
    private final OperatorWords words;

    ChangeApplier(
            Consumer<Configured> apply,
            ConfigurationVersions versions,
            DeferredChanges deferred,
            ControllerLoop loop,
            Starter starter,
            Stopper stopper,
            Consumer<Worker> optionsChanged,
            WorkerEvents events,
            OperatorWords words) {
        this.apply = apply;
        this.versions = versions;
        this.deferred = deferred;
        this.loop = loop;
        this.starter = starter;
        this.stopper = stopper;
        this.optionsChanged = optionsChanged;
        this.events = events;
        this.words = words;
    }

    private void say(Worker worker, Configured configured, String what) {
        events.say(Level.INFO, "worker " + worker.id + ": " + configured.source() + " " + what);
    }

    /** A worker is what a configuration says; a restart for an earlier change that is still being planned is void. */
    static void adopt(Worker worker, Configured configured) {
        if (worker.definition.changing != null) {
            worker.intend("configured anew by " + configured.origin());
        }
        worker.definition.pid = configured.pid();
        worker.definition.origin = configured.origin();
        worker.definition.source = configured.source();
        worker.definition.spec = configured.spec();
        worker.definition.inForce();
    }

    void begin(
            Worker worker,
            Configured configured,
            Planner.Reading reading,
            SavedWorkers.Asked<StartResult> asked,
            CompletableFuture<Boolean> done) {
        adopt(worker, configured);
        show(worker, reading);
        boolean enabled = worker.definition.disabled && !reading.values().flag("disabled");
        worker.definition.disabled = reading.values().flag("disabled");
        if (enabled || worker.definition.disabled || OperatorWords.isOperator(asked.who())) {
            words.forget(configured.pid());
        }
        OperatorWords.Word stopped = words.of(configured.pid());
        if (worker.definition.disabled || stopped != null) {
            rest(worker, stopped == null ? "disabled" : stopped.reason());
            done.complete(true);
            return;
        }
        worker.reason = null;
        // A worker that waits for its type has done what it can do now.
        asked.result()
                .whenComplete((started, fault) -> loop.execute(
                        () -> done.complete(fault == null || worker.state == WorkerState.BACKOFF || worker.isLive())));
        starter.startOrWait(worker, asked.who(), asked.result());
    }

    void follow(Worker worker, Configured configured, Planner.Reading reading, CompletableFuture<Boolean> done) {
        adopt(worker, configured);
        enable(worker, configured, reading);
        forgetReason(worker);
        worker.intend("configured anew by " + configured.origin());
        Follow before = worker.follow;
        Follow next = before != null
                ? before.of(configured.spec())
                : new Follow(configured.spec(), caller(worker), new CompletableFuture<>(), Duration.ZERO);
        next.result().whenComplete((started, fault) -> done.complete(fault == null));
        worker.follow = next;
        worker.publishView();
    }

    void replan(Worker worker, Configured configured, Planner.Reading reading, CompletableFuture<Boolean> done) {
        adopt(worker, configured);
        if (enable(worker, configured, reading)) {
            worker.reason = null;
            starter.replanEnabled(worker, caller(worker));
        } else {
            starter.replan(worker, caller(worker));
        }
        worker.publishView();
        done.complete(true);
    }

    /**
     * A worker is to run, as its configuration says or, though that disables it, by a caller's word. If the configuration is the first to
     * say so, it has the last word on a stop of before. Returns whether it is.
     */
    boolean enable(Worker worker, Configured configured, Planner.Reading reading) {
        boolean disabled = reading.values().flag("disabled");
        boolean enabled = worker.definition.disabled && !disabled;
        worker.definition.disabled = disabled;
        if (enabled) {
            words.forget(configured.pid());
        }
        return enabled;
    }

    /** A change of a worker that runs or waits. */
    void change(
            Worker worker,
            Configured configured,
            Planner.Reading reading,
            Decision decision,
            CompletableFuture<Boolean> done) {
        enable(worker, configured, reading);
        if (!reading.typeKnown() && worker.state != WorkerState.BACKOFF) {
            if (!configured.spec().equals(worker.definition.spec)
                    || !decision.keys().isEmpty()) {
                deferred.defer(configured, List.of(worker));
            } else {
                // What waited for the type is taken back.
                adopt(worker, configured);
                worker.publishView();
            }
            done.complete(true);
        } else if (decision.kind() == Decision.Kind.RESTART) {
            restart(worker, configured, decision.keys(), done);
        } else {
            changeInPlace(worker, configured, reading, decision.keys(), done);
        }
    }

    void note(Worker worker, Configured configured, Planner.Reading reading, CompletableFuture<Boolean> done) {
        CompletableFuture<StartResult> changing = worker.definition.changing;
        boolean restarts = changing != null && !changing.isDone() && !worker.isLive();
        adopt(worker, configured);
        worker.definition.disabled = reading.values().flag("disabled");
        forgetReason(worker);
        show(worker, reading);
        if (worker.definition.disabled) {
            words.forget(configured.pid());
            rest(worker, "disabled");
        } else if (restarts) {
            // It ended by itself while the restart for an earlier change was planned: what starts is this one.
            startChanged(worker, configured);
        }
        done.complete(true);
    }

    /** One that does not run is disabled, or was stopped in an earlier life; a restart of it that is being planned is void. */
    private void rest(Worker worker, String why) {
        worker.intend(why.equals("disabled") ? "disabled by " + worker.definition.origin : why);
        worker.reason = why;
        worker.publishView();
        stopper.rest(worker);
    }

    void disable(Worker worker, Configured configured, CompletableFuture<Boolean> done) {
        adopt(worker, configured);
        words.forget(configured.pid());
        worker.definition.disabled = true;
        forgetReason(worker);
        // A start that is being checked would bring back what it was asked for.
        starter.replan(worker, caller(worker));
        stopper.stop(worker.id, StopOptions.GRACEFUL, caller(worker), quietStop(worker));
        done.complete(true);
    }

    private void changeInPlace(
            Worker worker,
            Configured configured,
            Planner.Reading reading,
            Set<String> keys,
            CompletableFuture<Boolean> done) {
        adopt(worker, configured);
        forgetReason(worker);
        worker.options = reading.values();
        show(worker, reading);
        optionsChanged.accept(worker);
        if (!keys.isEmpty()) {
            say(worker, configured, "changes " + keys + " in place");
        }
        done.complete(true);
    }

    private void restart(Worker worker, Configured configured, Set<String> keys, CompletableFuture<Boolean> done) {
        worker.definition.origin = configured.origin();
        worker.definition.source = configured.source();
        worker.definition.inForce();
        forgetReason(worker);
        say(worker, configured, "changes " + keys + ", for which it restarts");
        CompletableFuture<StartResult> result = new CompletableFuture<>();
        int version = versions.number(configured);
        stopper.restart(worker.id, configured.spec(), caller(worker), result);
        CompletableFuture<StartResult> settled = new CompletableFuture<>();
        worker.definition.changing = settled;
        int ticket = worker.ticket();
        result.whenComplete((started, fault) -> {
            loop.execute(
                    () -> {
                        restarted(worker, configured, version, ticket, fault);
                        settle(settled, started, fault);
                    },
                    unexpected -> settle(settled, null, unexpected));
            done.complete(fault == null);
        });
    }

    /** Those that asked for the same restart are answered once the configuration knows what became of it. */
    private static void settle(
            CompletableFuture<StartResult> settled, @Nullable StartResult started, @Nullable Throwable fault) {
        if (fault == null) {
            settled.complete(started);
        } else {
            settled.completeExceptionally(fault);
        }
    }

    /** What has become of the restart for a changed configuration. */
    private void restarted(Worker worker, Configured configured, int version, int ticket, @Nullable Throwable fault) {
        if (!versions.isNewest(configured, version)) {
            return;
        }
        worker.definition.changing = null;
        if (fault == null || !configured.pid().equals(worker.definition.pid)) {
            return;
        }
        ErrorCode code = fault instanceof NodeException error ? error.code() : ErrorCode.INTERNAL;
        // A change that was taken and could not be started is left to the restart policy, unless its type or the router
        // of
        // control channels is away: then nothing was tried.
        boolean away = code == ErrorCode.INVALID_WORKER_TYPE || code == ErrorCode.FEATURE_UNAVAILABLE;
        boolean untried = away && !worker.isLive();
        if (configured.spec().equals(worker.definition.spec) && !untried) {
            return;
        }
        if (!worker.isLastWord(ticket) || code == ErrorCode.WORKER_ALREADY_RUNNING) {
            // Another word on the worker came first, or it ended and another start of it was under way; what the
            // configuration asks for is decided anew, as things are now.
            apply.accept(configured);
        } else if (code == ErrorCode.NODE_SHUTTING_DOWN) {
            LOG.debug("worker {}: the node shuts down before its change is taken", worker.id);
        } else if (!worker.isLive()) {
            // It has ended by itself meanwhile: nothing that runs has to be spared.
            startChanged(worker, configured);
        } else if (code == ErrorCode.INVALID_WORKER_TYPE) {
            deferred.defer(configured, List.of(worker));
        } else {
            events.say(
                    Level.ERROR,
                    "worker " + worker.id + ": what " + configured.source() + " changes could not be applied: "
                            + fault.getMessage());
            worker.definition.notInForce(
                    configured.spec(), "its changed configuration was refused: " + fault.getMessage());
            worker.publishView();
        }
    }

    /** Starts a changed worker that has ended by itself; it waits if its type is away. */
    void startChanged(Worker worker, Configured configured) {
        adopt(worker, configured);
        if (starter.isPending(worker.id)) {
            // Another start of it is being checked, of what it was before.
            starter.replan(worker, caller(worker));
        } else {
            starter.startOrWait(worker, caller(worker), new CompletableFuture<>());
        }
    }

    /**
     * What was said of a worker is said no more, unless its run has not taken its changed files, or it is what its last run ended with or
     * its end waits for.
     */
    private static void forgetReason(Worker worker) {
        if (!Groups.isHeldBackForFiles(worker) && !worker.isHeld() && !worker.tellsItsEnd()) {
            worker.reason = null;
        }
    }

    private static void show(Worker worker, Planner.Reading reading) {
        if (reading.typeKnown()) {
            worker.shown = reading.shown();
        }
        worker.publishView();
    }

    static Caller caller(Worker worker) {
        String pid = worker.definition.pid;
        return Caller.config(pid == null ? worker.id.value() : Configured.whole(pid));
    }

    static CompletableFuture<StopResult> quietStop(Worker worker) {
        CompletableFuture<StopResult> result = new CompletableFuture<>();
        result.whenComplete((stopped, fault) -> {
            if (fault != null) {
                LOG.error("worker {}: {}", worker.id, fault.getMessage());
            }
        });
        return result;
    }
}
