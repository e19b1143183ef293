package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.CallerKind;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.StartProgress;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.launch.Planner;
import io.millwright.controller.internal.log.WorkerLog;
import io.millwright.controller.internal.options.DependencyOptions;
import io.millwright.controller.internal.options.ScheduleOptions;
import io.millwright.controller.internal.options.SocketOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts workers: has the options checked and the launch planned, then hands over to the supervisor. Runs in the controller
 * loop. While an id is being checked nothing of it is reported, and a second start of it is refused.
 */
public final class Starter {
    private static final Logger LOG = LoggerFactory.getLogger(Starter.class);
    /** A run that lasted so long did not end because of what is checked before a start. */
    private static final Duration PLAN_WAS_GOOD = Duration.ofMillis(200);

    /** How a start came about, which says what is done for it. */
    private enum Asked {
        /** A caller asks for this start: what the worker requires is started too, and what is not on its way ends the call. */
        CALL,
        /** The worker is to run: what it requires is started too. */
        WANTED,
        /** It comes back after an end: it waits for what it requires. */
        AGAIN
    }

    /** A start that is being checked; a stop that comes meanwhile is kept until the answer is there. */
    private static final class Pending {
        final Caller caller;
        final Consumer<StartProgress> progress;
        final CompletableFuture<StartResult> result;
        /** When it was asked for, among all words. */
        final long word;

        final Asked asked;
        Refusal onRefusal;

        @Nullable
        Cancel cancel;

        /** What a configuration asks for that changed meanwhile. */
        @Nullable
        WorkerSpec newer;

        Pending(
                Caller caller,
                Consumer<StartProgress> progress,
                CompletableFuture<StartResult> result,
                long word,
                Asked asked,
                Refusal onRefusal) {
            this.caller = caller;
            this.progress = progress;
            this.result = result;
            this.word = word;
            this.asked = asked;
            this.onRefusal = onRefusal;
        }
    }

    private record Cancel(StopOptions options, Caller caller, CompletableFuture<StopResult> result, long word) {}

    private final ControllerLoop loop;
    private final Planner planner;
    private final Registry registry;
    private final Supervisor supervisor;
    private final WorkerEvents events;
    private final Function<WorkerId, WorkerLog> logs;
    private final BooleanSupplier shuttingDown;
    private final Channels channels;
    private final OperatorWords words;
    private final HeldSockets sockets;
    private final Demand demand;
    private final Map<WorkerId, Pending> pending = new HashMap<>();
    private final Dependencies dependencies;
    private @Nullable DependencyRules rules;
    private @Nullable Schedules schedules;
    private Consumer<WorkerId> checked = id -> {};

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
        this.channels = channels;
        this.words = words;
        this.sockets = sockets;
        this.demand = new Demand(loop, supervisor, registry, events, sockets, this);
        this.dependencies = new Dependencies(registry, this::isPending);
    }

    void setRules(DependencyRules dependencyRules) {
        rules = dependencyRules;
    }

    void setSchedules(Schedules all) {
        schedules = all;
    }

    private Schedules schedules() {
        return Objects.requireNonNull(schedules, "the node is not put together");
    }

    private DependencyRules rules() {
        return Objects.requireNonNull(rules, "the node is not put together");
    }

    /** What starts those that wait for a connection. */
    Demand demand() {
        return demand;
    }

    /** The options of a worker that lives are others now. */
    public void optionsChanged(Worker worker) {
        demand.optionsChanged(worker);
        schedules().optionsChanged(worker);
    }

    /** Who needs whom. */
    Dependencies dependencies() {
        return dependencies;
    }

    /** Why a worker cannot need what its options say, {@code null} if it can. */
    public @Nullable Problem refuseNeeds(WorkerSpec spec, OptionValues options) {
        String chain = dependencies.cycle(spec.id(), Needs.of(options));
        return chain == null
                ? null
                : Problem.definition(
                        options.isGiven(DependencyOptions.REQUIRES)
                                ? DependencyOptions.REQUIRES
                                : DependencyOptions.AFTER,
                        "closes a circle: " + chain + "; leave one of these out");
    }

    /** Has something run, in the loop, each time the start of a worker is not being checked any more. */
    public void onChecked(Consumer<WorkerId> then) {
        checked = then;
    }

    /** Starts what a caller specifies. */
    public void call(
            WorkerSpec spec, Caller caller, Consumer<StartProgress> progress, CompletableFuture<StartResult> result) {
        NodeException refusal = refuseCall(spec);
        if (refusal != null) {
            fail(result, refusal);
            return;
        }
        Groups.Group ended = registry.groups.of(spec.id());
        if (ended != null) {
            registry.groups.remove(ended.id());
        }
        registry.groups.remove(spec.id());
        callInstance(spec, caller, progress, result);
    }

    /** Starts one instance of a group that a caller specifies. */
    public void callInstance(
            WorkerSpec spec, Caller caller, Consumer<StartProgress> progress, CompletableFuture<StartResult> result) {
        admit(
                spec,
                caller,
                progress,
                result,
                Asked.CALL,
                registry.nextWord(),
                (why, admission) -> say(spec.id(), caller, why));
    }

    private void say(WorkerId id, Caller caller, NodeException refusal) {
        events.lines.refused(id, caller, String.valueOf(refusal.getMessage()));
    }

    /** Why options of a caller's are not taken for an id, before they are looked at; {@code null} if they are. */
    @Nullable
    public NodeException refuseCall(WorkerSpec spec) {
        Groups.Group own = registry.groups.of(spec.id());
        Groups.Group group = registry.groups.find(spec.id());
        if (own != null && (own.pid() != null || isAnyLive(own))) {
            return new NodeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "worker '" + spec.id() + "' is an instance of '" + own.id() + "', of " + own.source()
                            + "; start it without options, or choose another id");
        } else if (group != null && (group.pid() != null || isAnyLive(group))) {
            return new NodeException(
                    group.pid() != null ? ErrorCode.INVALID_ARGUMENT : ErrorCode.WORKER_ALREADY_RUNNING,
                    "'" + spec.id() + "' is a group of " + group.count() + " instances, of " + group.source()
                            + "; start it without options, or choose another id");
        }
        Worker known = registry.find(spec.id());
        if (known != null && known.isConfigured() && !known.isLive()) {
            return new NodeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "worker '" + spec.id() + "' is configured by " + known.definition.source
                            + "; start it without options, or change its configuration");
        }
        return null;
    }

    private boolean isAnyLive(Groups.Group group) {
        for (WorkerId id : group.instances()) {
            Worker known = registry.find(id);
            if (pending.containsKey(id) || known != null && known.isLive()) {
                return true;
            }
        }
        return false;
    }

    /** Why an id cannot be started now, whatever its options; {@code null} if it can. */
    @Nullable
    public NodeException refuseNow(WorkerId id) {
        if (shuttingDown.getAsBoolean()) {
            return Settlement.shuttingDown();
        }
        Worker known = registry.find(id);
        if (pending.containsKey(id) || (known != null && known.isLive())) {
            String state = known != null && known.isLive() ? known.state.text() : "being started";
            return new NodeException(
                    ErrorCode.WORKER_ALREADY_RUNNING,
                    "worker '" + id + "' is " + state + "; stop it first, or choose another id");
        }
        return null;
    }

    /** Why options that were looked at cannot be started; {@code null} if they can. In the loop. */
    @Nullable
    public NodeException refuse(WorkerSpec spec, @Nullable Admission admission, @Nullable Throwable fault) {
        if (fault != null || admission == null) {
            return new NodeException(
                    ErrorCode.INTERNAL, "the start of worker '" + spec.id() + "' could not be planned: " + fault);
        } else if (admission instanceof Admission.NoType) {
            return new NodeException(ErrorCode.INVALID_WORKER_TYPE, planner.noSuchType(spec.type()));
        } else if (admission instanceof Admission.Refused refused) {
            return refused.code() == ErrorCode.INVALID_CONFIGURATION
                    ? NodeException.invalid("worker '" + spec.id() + "'", refused.problems())
                    : new NodeException(
                            refused.code(),
                            "worker '" + spec.id() + "' cannot be started: "
                                    + refused.problems().get(0).message());
        } else if (lacksHost(admission)) {
            return new NodeException(
                    ErrorCode.FEATURE_UNAVAILABLE,
                    "worker '" + spec.id() + "' cannot be started: it needs a control channel, and "
                            + Channels.NO_HOST);
        }
        return admission instanceof Admission.Planned planned ? refusePlanned(spec, planned) : null;
    }

    private @Nullable NodeException refusePlanned(WorkerSpec spec, Admission.Planned planned) {
        if (!planned.unwatchable().isEmpty() && !hasRun(spec)) {
            return NodeException.invalid("worker '" + spec.id() + "'", planned.unwatchable());
        }
        Problem circle = refuseNeeds(spec, planned.options());
        return circle == null ? null : NodeException.invalid("worker '" + spec.id() + "'", List.of(circle));
    }

    /** Whether what is planned needs a control channel while nothing carries one. */
    private boolean lacksHost(@Nullable Admission admission) {
        return admission instanceof Admission.Planned planned && planned.plan().channel() && !channels.hasHost();
    }

    private boolean hasRun(WorkerSpec spec) {
        Worker known = registry.find(spec.id());
        return known != null && known.wasStarted() && known.definition.spec.equals(spec);
    }

    /** Starts a known worker with the options it has; one that waits for a connection waits no longer. */
    public void known(Worker worker, Caller caller, CompletableFuture<StartResult> result) {
        known(worker, caller, result, registry.nextWord());
    }

    /** As {@link #known}, of a start that was asked for by an earlier word: what was stopped since then is not started for its sake. */
    void known(Worker worker, Caller caller, CompletableFuture<StartResult> result, long word) {
        words.started(worker, caller);
        if (worker.wait instanceof Wait.ForDemand wait && !wait.wanted && !shuttingDown.getAsBoolean()) {
            countStart(worker, caller);
            wait.caller = caller;
            worker.startWaiter = result;
            demand.want(worker, wait, "is started by " + caller);
            return;
        }
        if (worker.wait instanceof Wait.ForSchedule wait && !wait.wanted && !shuttingDown.getAsBoolean()) {
            worker.startWaiter = result;
            schedules().hurry(worker, wait, caller);
            return;
        }
        admit(
                worker.definition.spec,
                caller,
                progress -> {},
                result,
                Asked.CALL,
                word,
                (why, admission) -> say(worker.id, caller, why));
    }

    /** Starts a known worker; if its type is not there, or its options do not fit, that becomes its state. */
    public void startOrWait(Worker worker, Caller caller, CompletableFuture<StartResult> result) {
        startOrWait(worker, caller, result, Asked.WANTED, registry.nextWord());
    }

    /** As {@link #startOrWait}, of what the start that a word asks for requires. */
    void startRequired(Worker worker, Caller caller, long word) {
        startOrWait(worker, caller, new CompletableFuture<>(), Asked.WANTED, word);
    }

    /** As {@link #startOrWait}, of a worker that has just ended: what it requires is not started for its sake. */
    void startAgain(Worker worker, Caller caller, CompletableFuture<StartResult> result) {
        startOrWait(worker, caller, result, Asked.AGAIN, registry.nextWord());
    }

    private void startOrWait(
            Worker worker, Caller caller, CompletableFuture<StartResult> result, Asked asked, long word) {
        admit(
                worker.definition.spec,
                caller,
                progress -> {},
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
            waitForType(worker);
        } else if (lacksHost(admission)) {
            worker.who = caller;
            waitForChannel(worker);
        } else if (admission instanceof Admission.Refused refused) {
            refuse(worker, caller, refused);
        } else if (refusal.code() == ErrorCode.INVALID_CONFIGURATION) {
            refuse(worker, caller, refusal.problems());
        } else {
            supervisor.stays(worker);
        }
    }

    /** Told, in the loop, of a start that is refused. */
    private interface Refusal {
        void refused(NodeException why, @Nullable Admission admission);
    }

    private void admit(
            WorkerSpec spec,
            Caller caller,
            Consumer<StartProgress> progress,
            CompletableFuture<StartResult> result,
            Asked asked,
            long word,
            Refusal onRefusal) {
        NodeException refusal = refuseNow(spec.id());
        if (refusal != null) {
            fail(result, refusal);
            onRefusal.refused(refusal, null);
            return;
        }
        Pending mine = new Pending(caller, progress, result, word, asked, onRefusal);
        pending.put(spec.id(), mine);
        plan(mine, spec);
    }

    private void plan(Pending mine, WorkerSpec spec) {
        planner.admit(spec)
                .whenComplete((admission, fault) -> loop.execute(
                        () -> {
                            WorkerSpec newer = mine.newer;
                            if (newer != null && mine.cancel == null && !shuttingDown.getAsBoolean()) {
                                mine.newer = null;
                                plan(mine, newer);
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
        rules().changed(id);
        releaseSockets(id);
    }

    /** What rests needs its sockets and its times no more; one that is between two runs does. */
    public void releaseSockets(WorkerId id) {
        supervisor.afterEvent(() -> {
            Worker worker = registry.find(id);
            if ((worker == null || !worker.isLive()) && !isPending(id)) {
                sockets.release(id);
                schedules().release(id);
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
        Pending start = pending.get(worker.id);
        if (start != null) {
            start.newer = worker.definition.spec;
            start.onRefusal = (refusal, admission) -> notStarted(worker, caller, refusal, admission);
        }
    }

    /** As {@link #replan}, for one that is to run from now on: a stop that came is void. */
    public void replanEnabled(Worker worker, Caller caller) {
        replan(worker, caller);
        Pending start = pending.get(worker.id);
        if (start == null) {
            return;
        }
        Cancel cancel = start.cancel;
        if (cancel != null) {
            start.cancel = null;
            NodeException nothing = new NodeException(
                    ErrorCode.WORKER_NOT_RUNNING,
                    "worker '" + worker.id + "' did not run, and is configured anew by " + caller);
            events.fail(cancel.result(), nothing);
        }
    }

    private void admitted(Pending mine, WorkerSpec spec, @Nullable Admission admission, @Nullable Throwable fault) {
        if (fault != null) {
            LOG.error("worker {}: its start could not be planned", spec.id(), fault);
        }
        NodeException refusal =
                shuttingDown.getAsBoolean() ? Settlement.shuttingDown() : refuse(spec, admission, fault);
        Cancel cancel = mine.cancel;
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
        if (mine.asked == Asked.CALL && !worker.isConfigured()) {
            // A worker whose configuration was deleted is the caller's now.
            worker.definition.origin = Definition.CALL;
            worker.definition.source = Definition.CALL;
        }
        countStart(worker, mine.caller);
        launch(
                worker,
                (Admission.Planned) Objects.requireNonNull(admission),
                mine.caller,
                mine.result,
                mine.asked == Asked.CALL && cancel == null,
                mine.asked == Asked.CALL || startsAtOnce(mine.caller));
        StartProgress accepted = StartProgress.of(worker.id, loop.now().at(), mine.caller);
        events.afterwards(() -> mine.progress.accept(accepted));
        if (cancel != null) {
            worker.stopWaiters.add(cancel.result());
            worker.stoppedAt = cancel.word();
            words.stopped(worker, cancel.options(), cancel.caller(), loop.now().at());
            supervisor.stop(worker, cancel.options(), cancel.caller());
        }
    }

    /** Starts what a start needs; why it cannot be, if that is not on its way and the worker is nobody's but the caller's. */
    private @Nullable NodeException prepare(Pending mine, WorkerSpec spec, Admission.Planned plan) {
        Needs needs = Needs.of(plan.options());
        if (needs.isEmpty() || mine.cancel != null) {
            return null;
        }
        if (mine.asked != Asked.AGAIN) {
            rules().startRequired(needs, mine.caller, mine.word);
        }
        Worker known = registry.find(spec.id());
        if (mine.asked != Asked.CALL || (known != null && known.isConfigured())) {
            return null;
        }
        Dependencies.Missing missing = dependencies.missing(needs);
        return missing == null || missing.onItsWay() ? null : DependencyRules.refusal(spec.id(), missing);
    }

    /** Whether a start that a caller has brought about waits for no connection or time: a person's word, a changed file, a time. */
    private static boolean startsAtOnce(Caller caller) {
        return OperatorWords.isOperator(caller)
                || caller.kind() == CallerKind.WATCH
                || caller.kind() == CallerKind.SCHEDULE;
    }

    /** Starts what is planned, or has it wait for a connection, or for the workers it needs. */
    private void launch(
            Worker worker,
            Admission.Planned plan,
            Caller caller,
            @Nullable CompletableFuture<StartResult> waiter,
            boolean asked,
            boolean atOnce) {
        rules().take(worker, plan.options());
        ScheduleOptions.Schedule schedule = ScheduleOptions.of(plan.options());
        if (schedule == null) {
            schedules().release(worker.id);
        } else if (!schedules().begins(worker, schedule, atOnce)) {
            schedules().await(worker, plan, caller, waiter);
            return;
        }
        if (!atOnce && SocketOptions.isByDemand(plan.options())) {
            demand.await(worker, plan, caller, waiter);
            return;
        }
        Dependencies.Missing missing = dependencies.missing(worker.definition.needs);
        if (missing == null) {
            supervisor.start(worker, plan, caller, waiter);
            rules().bind(worker);
            return;
        }
        registry.revived(worker);
        worker.reason = null;
        worker.who = caller;
        worker.options = plan.options();
        worker.shown = plan.shown();
        worker.startWaiter = waiter;
        Wait.ForOthers wait = new Wait.ForOthers(loop.now(), missing, plan, caller, asked);
        supervisor.await(worker, wait, () -> {
            if (worker.wait == wait) {
                rules().waits(worker);
            }
        });
    }

    /** The time of a worker has come that waits for it, or a caller starts it; what it requires is not started for its sake. */
    void due(Worker worker, Admission.@Nullable Planned plan, Caller caller) {
        countStart(worker, caller);
        if (plan == null) {
            again(worker);
        } else {
            wake(worker, plan);
        }
    }

    /** What a worker has waited for is there. */
    void wake(Worker worker, Admission.Planned plan) {
        if (shuttingDown.getAsBoolean()) {
            return;
        } else if (planner.holds(worker.definition.spec, plan)) {
            restart(worker, plan);
        } else {
            again(worker);
        }
    }

    /** A changed file is one more restart; any other caller begins anew. Neither is one of the restart policy. */
    private static void countStart(Worker worker, Caller caller) {
        worker.restarts = caller.kind() == CallerKind.WATCH ? worker.restarts + 1 : 0;
        worker.restartTracker.forget();
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

    /** Keeps a stop that comes while the id is being checked; false if it is not. */
    boolean cancel(WorkerId id, StopOptions options, Caller caller, CompletableFuture<StopResult> result) {
        Pending start = pending.get(id);
        if (start == null) {
            return false;
        }
        if (start.cancel == null) {
            start.cancel = new Cancel(options, caller, result, registry.nextWord());
        } else {
            start.cancel.result().whenComplete((done, fault) -> {
                if (fault != null) {
                    events.fail(result, fault);
                } else {
                    events.complete(result, done);
                }
            });
        }
        return true;
    }

    public boolean isIdle() {
        return pending.isEmpty();
    }

    /** The workers whose first start is being checked, for a call: nothing else is known of them. */
    public Set<WorkerId> unborn() {
        return pending.isEmpty()
                ? Set.of()
                : pending.keySet().stream()
                        .filter(id -> registry.find(id) == null)
                        .collect(Collectors.toSet());
    }

    public boolean isPending(WorkerId id) {
        return pending.containsKey(id);
    }

    /** Puts a worker into backoff and starts it again after the delay. */
    public void restartLater(Worker worker, Duration delay) {
        wait(worker, new Wait.Delay(loop.now(), delay, null));
    }

    /** Starts a worker after the pause that was asked for; no restart of the restart policy. */
    void startLater(Worker worker, Follow follow) {
        worker.startWaiter = follow.result();
        wait(worker, new Wait.Delay(loop.now(), follow.pause(), follow));
    }

    private void wait(Worker worker, Wait.Delay delay) {
        supervisor.await(worker, delay, () -> {
            if (worker.wait != delay) {
                return;
            }
            if (delay.then == null && delay.length().isZero()) {
                atOnce(worker);
            } else {
                delay.timer = loop.schedule(delay.length(), () -> again(worker));
            }
        });
    }

    /** The next run of a worker that has just ended: what was planned for the last one is planned, if nothing has changed. */
    private void atOnce(Worker worker) {
        Run last = worker.run;
        if (last != null
                && last.plan != null
                && last.started != null
                && last.mainExitAt != null
                && last.started.until(last.mainExitAt).compareTo(PLAN_WAS_GOOD) >= 0
                && worker.state == WorkerState.BACKOFF
                && !shuttingDown.getAsBoolean()
                && planner.holds(worker.definition.spec, last.plan)) {
            restart(worker, last.plan);
        } else {
            again(worker);
        }
    }

    private void restart(Worker worker, Admission.Planned plan) {
        if (lacksHost(plan)) {
            waitForChannel(worker);
            return;
        }
        Follow paused = worker.wait instanceof Wait.Delay delay ? delay.then : null;
        if (paused != null) {
            countStart(worker, paused.caller());
            launch(worker, plan, paused.caller(), paused.result(), false, startsAtOnce(paused.caller()));
            return;
        }
        if (worker.wait instanceof Wait.ForOthers others) {
            launch(worker, plan, others.caller, worker.startWaiter, others.asked, true);
            return;
        }
        if (worker.wait instanceof Wait.ForDemand demanded) {
            launch(worker, plan, demanded.caller, worker.startWaiter, false, demanded.wanted);
            return;
        }
        if (worker.wait instanceof Wait.ForSchedule scheduled) {
            launch(worker, plan, scheduled.caller, worker.startWaiter, false, scheduled.wanted);
            return;
        }
        if (worker.run != null && !SocketOptions.isByDemand(plan.options())) {
            worker.restarts++;
        }
        launch(worker, plan, asker(worker), worker.startWaiter, false, false);
    }

    private static Caller asker(Worker worker) {
        return worker.who == null ? Caller.FRAMEWORK : worker.who;
    }

    /** The next run of a worker in backoff. */
    private void again(Worker worker) {
        if (worker.state != WorkerState.BACKOFF || shuttingDown.getAsBoolean()) {
            return;
        }
        Wait waited = worker.wait;
        WorkerSpec spec = worker.definition.spec;
        planner.admit(spec)
                .whenComplete((admission, fault) -> loop.execute(() -> {
                    if (worker.wait != waited || worker.state != WorkerState.BACKOFF || shuttingDown.getAsBoolean()) {
                        return;
                    }
                    if (!spec.equals(worker.definition.spec)) {
                        again(worker);
                    } else if (admission instanceof Admission.Planned plan) {
                        restart(worker, plan);
                    } else if (admission instanceof Admission.NoType) {
                        waitForType(worker);
                    } else if (admission instanceof Admission.Refused refused) {
                        refuse(worker, asker(worker), refused);
                    } else {
                        refuse(
                                worker,
                                asker(worker),
                                List.of(Problem.environment("", "the start could not be planned: " + fault)));
                    }
                }));
    }

    private void waitForType(Worker worker) {
        registry.revived(worker);
        worker.reason = null;
        Wait wait = new Wait.ForType(loop.now(), typeUnavailable(worker));
        supervisor.await(worker, wait, () -> {
            // It may have come after the planner looked and before this worker waited: nobody would tell again.
            if (worker.wait == wait && planner.hasType(worker.definition.spec.type())) {
                again(worker);
            }
        });
    }

    private void waitForChannel(Worker worker) {
        registry.revived(worker);
        worker.reason = null;
        supervisor.await(worker, new Wait.ForChannel(loop.now()), () -> {});
    }

    /** There is a host of control channels: the workers that wait for one are started. */
    public void channelsCame() {
        for (Worker worker : registry.all()) {
            if (worker.wait instanceof Wait.ForChannel) {
                again(worker);
            }
        }
    }

    /** The restart policy of what is refused decides whether it is tried again; a text that is wrong stays wrong. */
    private void refuse(Worker worker, Caller caller, Admission.Refused refused) {
        worker.options = refused.options();
        worker.shown = refused.shown();
        refuse(worker, caller, refused.problems());
    }

    private void refuse(Worker worker, Caller caller, List<Problem> problems) {
        supervisor.refuse(worker, problems.stream().map(Problem::toString).collect(Collectors.joining("; ")), caller);
    }

    private String typeUnavailable(Worker worker) {
        return "type unavailable: " + planner.noSuchType(worker.definition.spec.type());
    }

    /** A worker type is not served, perhaps for another reason than before: the workers that wait for it say so. */
    public void typeUnavailable(String type) {
        for (Worker worker : registry.all()) {
            if (worker.wait instanceof Wait.ForType wait
                    && worker.definition.spec.type().equals(type)) {
                wait.why = typeUnavailable(worker);
                worker.publishView();
            }
        }
    }

    /** A worker type came: the workers that wait for it are started. */
    public void typeCame(String type) {
        for (Worker worker : registry.all()) {
            if (worker.wait instanceof Wait.ForType
                    && worker.definition.spec.type().equals(type)) {
                again(worker);
            }
        }
    }

    private void fail(CompletableFuture<StartResult> result, Throwable failure) {
        events.fail(result, failure);
    }
}
