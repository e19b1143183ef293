package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.StartProgress;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.launch.Planner;
import io.millwright.controller.internal.log.WorkerLog;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts workers: has the options checked and the launch planned, then hands over to the supervisor. Runs in the controller
 * loop. While an id is being checked nothing of it is reported, and a second start of it is refused.
 */
public final class Starter {
    private static final Logger LOG = LoggerFactory.getLogger(Starter.class);
    private final ControllerLoop loop;
    private final Planner planner;
    private final Registry registry;
    private final Supervisor supervisor;
    private final WorkerEvents events;
    private final Function<WorkerId, WorkerLog> logs;
    private final BooleanSupplier shuttingDown;
    private final OperatorWords words;
    private final HeldSockets sockets;
    private final PendingStarts pending;
    private final Dependencies dependencies;
    private final StartRefusals refusals;
    private final PlannedStarts planned;
    private final Restarter restarter;
    private Consumer<WorkerId> checked = id -> {};
    private Consumer<WorkerId> groupGone = id -> {};

    public Starter(
            ControllerLoop loop,
            Planner planner,
            Registry registry,
            Supervisor supervisor,
            WorkerEvents events,
            Function<WorkerId, WorkerLog> logs,
            BooleanSupplier shuttingDown,
            Channels channels,
            OperatorWords words,
            HeldSockets sockets) {
        this.loop = loop;
        this.planner = planner;
        this.registry = registry;
        this.supervisor = supervisor;
        this.events = events;
        this.logs = logs;
        this.shuttingDown = shuttingDown;
        this.words = words;
        this.sockets = sockets;
        this.pending = new PendingStarts(registry, events);
        this.dependencies = new Dependencies(registry, pending::contains);
        this.refusals = new StartRefusals(registry, planner, pending, dependencies, channels, shuttingDown);
        this.planned = new PlannedStarts(loop, registry, supervisor, dependencies);
        this.restarter = new Restarter(loop, planner, registry, supervisor, refusals, planned, events, shuttingDown);
        this.planned.setDemand(new Demand(loop, supervisor, registry, events, sockets, restarter));
    }

    /** Why workers cannot be started. */
    public StartRefusals refusals() {
        return refusals;
    }

    /** What brings workers back that wait. */
    public Restarter restarter() {
        return restarter;
    }

    /** What starts those that wait for a time, a connection or for others. */
    PlannedStarts planned() {
        return planned;
    }

    /** Who needs whom. */
    Dependencies dependencies() {
        return dependencies;
    }

    public boolean isIdle() {
        return pending.isIdle();
    }

    /** The workers whose first start is being checked, for a call: nothing else is known of them. */
    public Set<WorkerId> unborn() {
        return pending.unborn();
    }

    public boolean isPending(WorkerId id) {
        return pending.contains(id);
    }

    /** Keeps a stop that comes while the id is being checked; false if it is not. */
    boolean cancel(WorkerId id, StopOptions options, Caller caller, CompletableFuture<StopResult> result) {
        return pending.cancel(id, options, caller, result);
    }

    /** The options of a worker that lives are others now. */
    public void optionsChanged(Worker worker) {
        planned.demand().optionsChanged(worker);
        planned.schedules().optionsChanged(worker);
    }

    /** Has something run, in the loop, each time the start of a worker is not being checked any more. */
    public void onChecked(Consumer<WorkerId> then) {
        checked = then;
    }

    /** Has something run, in the loop, for each group of which nothing runs and whose id is free now. */
    public void onGroupGone(Consumer<WorkerId> then) {
        groupGone = then;
    }

    /** Starts what a caller specifies. */
    public void call(
            WorkerSpec spec, Caller caller, Consumer<StartProgress> progress, CompletableFuture<StartResult> result) {
        NodeException refusal = refusals.ofCall(spec);
        if (refusal != null) {
            fail(result, refusal);
            return;
        }
        Groups.Group ended = registry.groups.of(spec.id());
        if (ended != null) {
            registry.groups.remove(ended.id());
            groupGone.accept(ended.id());
        }
        registry.groups.remove(spec.id());
        callInstance(spec, caller, progress, result);
    }

    /** Starts one instance of a group that a caller specifies. */
    public void callInstance(
            WorkerSpec spec, Caller caller, Consumer<StartProgress> progress, CompletableFuture<StartResult> result) {
        StartCall call = new StartCall(events, progress, result);
        admit(
                spec,
                caller,
                call,
                call.started(),
                PendingStart.Asked.CALL,
                registry.nextWord(),
                (why, admission) -> say(spec.id(), caller, why));
    }

    private void say(WorkerId id, Caller caller, NodeException refusal) {
        events.lines.refused(id, caller, String.valueOf(refusal.getMessage()));
    }

    /**
     * Starts a known worker; one that waits for a connection waits no longer.
     *
     * @param notTaken what its configuration asks for that was not taken, which is started if it can be; {@code null} if the worker is as
     *     it asks
     */
    public void known(
            Worker worker, @Nullable WorkerSpec notTaken, Caller caller, CompletableFuture<StartResult> result) {
        known(worker, notTaken, caller, result, registry.nextWord());
    }

    /** As {@link #known}, of a start that was asked for by an earlier word: what was stopped since then is not started for its sake. */
    void known(
            Worker worker,
            @Nullable WorkerSpec notTaken,
            Caller caller,
            CompletableFuture<StartResult> result,
            long word) {
        words.started(worker, caller);
        if (worker.wait instanceof Wait.ForDemand wait && !wait.wanted && !shuttingDown.getAsBoolean()) {
            PlannedStarts.countStart(worker, caller);
            wait.caller = caller;
            worker.startWaiter = result;
            planned.demand().want(worker, wait, "is started by " + caller);
            return;
        }
        if (worker.wait instanceof Wait.ForSchedule wait && !wait.wanted && !shuttingDown.getAsBoolean()) {
            worker.startWaiter = result;
            planned.schedules().hurry(worker, wait, caller);
            return;
        }
        WorkerSpec asItIs = worker.definition.spec;
        admit(
                notTaken == null ? asItIs : notTaken,
                notTaken == null ? null : asItIs,
                caller,
                null,
                result,
                PendingStart.Asked.CALL,
                word,
                (why, admission) -> say(worker.id, caller, why));
    }

    /** Starts what a worker requires and waits for; the caller is answered when the worker is there, or cannot be. In the loop. */
    public void hurry(Worker worker, Caller caller, CompletableFuture<StartResult> result) {
        CompletableFuture<StartResult> before = worker.startWaiter;
        if (before == null) {
            worker.startWaiter = result;
        } else {
            before.whenComplete((started, fault) -> {
                if (fault == null) {
                    result.complete(started);
                } else {
                    result.completeExceptionally(fault);
                }
            });
        }
        if (worker.wait instanceof Wait.ForOthers wait) {
            wait.caller = caller;
        }
        events.say(worker, "is to be started with what it requires, asked by " + caller);
        planned.rules().startRequired(worker.definition.needs, caller, registry.nextWord());
        planned.rules().look(worker);
    }

    /** Starts a known worker; if its type is not there, or its options do not fit, that becomes its state. */
    public void startOrWait(Worker worker, Caller caller, CompletableFuture<StartResult> result) {
        startOrWait(worker, caller, result, PendingStart.Asked.WANTED, registry.nextWord());
    }

    /** As {@link #startOrWait}, of what the start that a word asks for requires. */
    void startRequired(Worker worker, Caller caller, long word) {
        startOrWait(worker, caller, new CompletableFuture<>(), PendingStart.Asked.WANTED, word);
    }

    /** As {@link #startOrWait}, of a worker that has just ended: what it requires is not started for its sake. */
    void startAgain(Worker worker, Caller caller, CompletableFuture<StartResult> result) {
        startOrWait(worker, caller, result, PendingStart.Asked.AGAIN, registry.nextWord());
    }

    private void startOrWait(
            Worker worker, Caller caller, CompletableFuture<StartResult> result, PendingStart.Asked asked, long word) {
        admit(
                worker.definition.spec,
                caller,
                null,
                result,
                asked,
                word,
                (refusal, admission) -> notStarted(worker, caller, refusal, admission));
    }

    private void notStarted(Worker worker, Caller caller, NodeException refusal, @Nullable Admission admission) {
        if (worker.isLive()) {
            return;
        }
        if (shuttingDown.getAsBoolean()) {
            supervisor.stays(worker);
        } else if (admission instanceof Admission.NoType) {
            worker.who = caller;
            restarter.waitForType(worker);
        } else if (refusals.lacksHost(admission)) {
            worker.who = caller;
            restarter.waitForChannel(worker);
        } else if (admission instanceof Admission.Refused refused) {
            restarter.refuse(worker, caller, refused);
        } else if (refusal.code() == ErrorCode.INVALID_CONFIGURATION) {
            restarter.refuse(worker, caller, refusal.problems());
        } else {
            supervisor.stays(worker);
        }
    }

    private void admit(
            WorkerSpec spec,
            Caller caller,
            @Nullable StartCall call,
            CompletableFuture<StartResult> result,
            PendingStart.Asked asked,
            long word,
            PendingStart.Refusal onRefusal) {
        admit(spec, null, caller, call, result, asked, word, onRefusal);
    }

    /** As the other; what is refused is started as {@code otherwise} says, if that is not {@code null}. */
    private void admit(
            WorkerSpec spec,
            @Nullable WorkerSpec otherwise,
            Caller caller,
            @Nullable StartCall call,
            CompletableFuture<StartResult> result,
            PendingStart.Asked asked,
            long word,
            PendingStart.Refusal onRefusal) {
        NodeException refusal = refusals.now(spec.id());
        if (refusal != null) {
            fail(result, refusal);
            onRefusal.refused(refusal, null);
            return;
        }
        PendingStart mine = new PendingStart(caller, call, result, word, asked, onRefusal);
        mine.otherwise = otherwise;
        pending.add(spec.id(), mine);
        plan(mine, spec);
    }

    private void plan(PendingStart mine, WorkerSpec spec) {
        planner.admit(spec)
                .whenComplete((admission, fault) -> loop.execute(
                        () -> {
                            WorkerSpec newer = mine.newer;
                            if (newer != null && mine.cancel == null && !shuttingDown.getAsBoolean()) {
                                mine.newer = null;
                                mine.otherwise = null;
                                plan(mine, newer);
                                return;
                            }
                            WorkerSpec otherwise = mine.otherwise;
                            if (otherwise != null && mine.cancel == null && !(admission instanceof Admission.Planned)) {
                                mine.otherwise = null;
                                plan(mine, otherwise);
                                return;
                            }
                            pending.remove(spec.id());
                            admitted(mine, newer == null ? spec : newer, admission, fault);
                            over(spec.id());
                        },
                        unexpected -> {
                            pending.remove(spec.id());
                            fail(mine.result, unexpected);
                            if (mine.cancel != null) {
                                events.fail(mine.cancel.result(), unexpected);
                            }
                            over(spec.id());
                        }));
    }

    /** A start is not being checked any more. */
    private void over(WorkerId id) {
        checked.accept(id);
        planned.rules().changed(id);
        releaseSockets(id);
    }

    /** What rests needs its sockets and its times no more; one that is between two runs does. */
    public void releaseSockets(WorkerId id) {
        supervisor.afterEvent(() -> {
            Worker worker = registry.find(id);
            if ((worker == null || !worker.isLive()) && !isPending(id)) {
                sockets.release(id);
                planned.schedules().release(id);
                if (worker != null && !worker.sockets.isEmpty()) {
                    worker.sockets = Map.of();
                    worker.publishView();
                }
            }
        });
    }

    /**
     * What is being checked for a start is not wanted any more: what the worker is to be now is checked and started instead. A refusal
     * becomes its state, for its configuration asks for it now.
     */
    public void replan(Worker worker, Caller caller) {
        PendingStart start = pending.find(worker.id);
        if (start != null) {
            start.newer = worker.definition.spec;
            start.onRefusal = (refusal, admission) -> notStarted(worker, caller, refusal, admission);
        }
    }

    /** As {@link #replan}, for one that is to run from now on: a stop that came is void. */
    public void replanEnabled(Worker worker, Caller caller) {
        replan(worker, caller);
        PendingStart start = pending.find(worker.id);
        if (start == null) {
            return;
        }
        PendingStart.Cancel cancel = start.cancel;
        if (cancel != null) {
            start.cancel = null;
            NodeException nothing = new NodeException(
                    ErrorCode.WORKER_NOT_RUNNING,
                    "worker '" + worker.id + "' did not run, and is configured anew by " + caller);
            events.fail(cancel.result(), nothing);
        }
    }

    private void admitted(
            PendingStart mine, WorkerSpec spec, @Nullable Admission admission, @Nullable Throwable fault) {
        if (fault != null) {
            LOG.error("worker {}: its start could not be planned", spec.id(), fault);
        }
        NodeException refusal =
                shuttingDown.getAsBoolean() ? Settlement.shuttingDown() : refusals.of(spec, admission, fault);
        PendingStart.Cancel cancel = mine.cancel;
        if (refusal == null) {
            refusal = prepare(mine, spec, (Admission.Planned) Objects.requireNonNull(admission));
        }
        if (refusal != null) {
            fail(mine.result, refusal);
            if (cancel == null) {
                mine.onRefusal.refused(refusal, admission);
            } else {
                NodeException nothing = new NodeException(
                        ErrorCode.WORKER_NOT_RUNNING,
                        "worker '" + spec.id() + "' was not started: " + refusal.getMessage());
                events.fail(cancel.result(), nothing);
            }
            return;
        }
        Worker worker = workerFor(spec);
        if (mine.asked == PendingStart.Asked.CALL && !worker.isConfigured()) {
            // A worker whose configuration was deleted is the caller's now.
            worker.definition.origin = Definition.CALL;
            worker.definition.source = Definition.CALL;
        }
        PlannedStarts.countStart(worker, mine.caller);
        StartCall call = mine.call;
        if (call != null) {
            call.expect();
        }
        try {
            planned.start(
                    worker,
                    (Admission.Planned) Objects.requireNonNull(admission),
                    mine.caller,
                    mine.result,
                    mine.asked == PendingStart.Asked.CALL && cancel == null,
                    mine.asked == PendingStart.Asked.CALL || PlannedStarts.startsAtOnce(mine.caller));
        } finally {
            if (call != null) {
                call.tell(StartProgress.of(worker.id, loop.now().at(), mine.caller));
            }
        }
        if (cancel != null) {
            worker.stopWaiters.add(cancel.result());
            worker.stoppedAt = cancel.word();
            words.stopped(worker, cancel.options(), cancel.caller(), loop.now().at());
            supervisor.stop(worker, cancel.options(), cancel.caller());
        }
    }

    /** Starts what a start needs; why it cannot be, if that is not on its way and the worker is nobody's but the caller's. */
    private @Nullable NodeException prepare(PendingStart mine, WorkerSpec spec, Admission.Planned plan) {
        Needs needs = Needs.of(plan.options());
        if (needs.isEmpty() || mine.cancel != null) {
            return null;
        }
        if (mine.asked != PendingStart.Asked.AGAIN) {
            planned.rules().startRequired(needs, mine.caller, mine.word);
        }
        Worker known = registry.find(spec.id());
        if (mine.asked != PendingStart.Asked.CALL || (known != null && known.isConfigured())) {
            return null;
        }
        Dependencies.Missing missing = dependencies.missing(needs);
        return missing == null || missing.onItsWay() ? null : DependencyRules.refusal(spec.id(), missing);
    }

    private Worker workerFor(WorkerSpec spec) {
        Worker worker = registry.find(spec.id());
        if (worker == null) {
            worker = new Worker(spec, Definition.CALL, logs.apply(spec.id()));
            registry.put(worker);
        } else {
            worker.definition.spec = spec;
            registry.revived(worker);
        }
        return worker;
    }

    private void fail(CompletableFuture<StartResult> result, Throwable failure) {
        events.fail(result, failure);
    }
}
