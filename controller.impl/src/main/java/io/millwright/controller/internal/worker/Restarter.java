package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.launch.Planner;
import io.millwright.controller.internal.options.SocketOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings workers back that wait: after a delay, and when what they wait for has come. Belongs to the controller loop.
 */
public final class Restarter {
    /** A run that lasted so long did not end because of what is checked before a start. */
    private static final Duration PLAN_WAS_GOOD = Duration.ofMillis(200);

    private final ControllerLoop loop;
    private final Planner planner;
    private final Registry registry;
    private final Supervisor supervisor;
    private final StartRefusals refusals;
    private final PlannedStarts planned;
    private final WorkerEvents events;
    private final BooleanSupplier shuttingDown;

    Restarter(
            ControllerLoop loop,
            Planner planner,
            Registry registry,
            Supervisor supervisor,
            StartRefusals refusals,
            PlannedStarts planned,
            WorkerEvents events,
            BooleanSupplier shuttingDown) {
        this.loop = loop;
        this.planner = planner;
        this.registry = registry;
        this.supervisor = supervisor;
        this.refusals = refusals;
        this.planned = planned;
        this.events = events;
        this.shuttingDown = shuttingDown;
    }

    /** The time of a worker has come that waits for it, or a caller starts it; what it requires is not started for its sake. */
    void due(Worker worker, Admission.@Nullable Planned plan, Caller caller) {
        PlannedStarts.countStart(worker, caller);
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
        if (refusals.lacksHost(plan)) {
            waitForChannel(worker);
            return;
        }
        Follow paused = worker.wait instanceof Wait.Delay delay ? delay.then : null;
        if (paused != null) {
            PlannedStarts.countStart(worker, paused.caller());
            planned.start(
                    worker, plan, paused.caller(), paused.result(), false, PlannedStarts.startsAtOnce(paused.caller()));
            return;
        }
        if (worker.wait instanceof Wait.ForOthers others) {
            planned.start(worker, plan, others.caller, worker.startWaiter, others.asked, true);
            return;
        }
        if (worker.wait instanceof Wait.ForDemand demanded) {
            planned.start(worker, plan, demanded.caller, worker.startWaiter, false, demanded.wanted);
            return;
        }
        if (worker.wait instanceof Wait.ForSchedule scheduled) {
            planned.start(worker, plan, scheduled.caller, worker.startWaiter, false, scheduled.wanted);
            return;
        }
        if (worker.run != null && !SocketOptions.isByDemand(plan.options())) {
            worker.restarts++;
        }
        planned.start(worker, plan, asker(worker), worker.startWaiter, false, false);
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
                        if (isOnlyAsked(worker, waited)) {
                            supervisor.refuse(worker, typeUnavailable(worker), asker(worker));
                        } else {
                            waitForType(worker);
                        }
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

    /** Whether nobody but a caller that waits for its answer wants a worker to run. */
    private static boolean isOnlyAsked(Worker worker, @Nullable Wait waited) {
        return waited instanceof Wait.ForOthers others && others.asked && !worker.isConfigured();
    }

    /** A caller does not wait for what nobody has on its way; the worker does. */
    private void answer(Worker worker, ErrorCode code, String why) {
        CompletableFuture<StartResult> waiter = worker.startWaiter;
        worker.startWaiter = null;
        if (waiter != null) {
            events.fail(waiter, new NodeException(code, "worker '" + worker.id + "' waits: " + why));
        }
    }

    void waitForType(Worker worker) {
        registry.revived(worker);
        worker.reason = null;
        answer(worker, ErrorCode.INVALID_WORKER_TYPE, typeUnavailable(worker));
        Wait wait = new Wait.ForType(loop.now(), typeUnavailable(worker));
        supervisor.await(worker, wait, () -> {
            // It may have come after the planner looked and before this worker waited: nobody would tell again.
            if (worker.wait == wait && planner.hasType(worker.definition.spec.type())) {
                again(worker);
            }
        });
    }

    void waitForChannel(Worker worker) {
        registry.revived(worker);
        worker.reason = null;
        Wait wait = new Wait.ForChannel(loop.now());
        answer(worker, ErrorCode.FEATURE_UNAVAILABLE, Channels.NO_HOST);
        supervisor.await(worker, wait, () -> {});
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
    void refuse(Worker worker, Caller caller, Admission.Refused refused) {
        worker.options = refused.options();
        worker.shown = refused.shown();
        refuse(worker, caller, refused.problems());
    }

    void refuse(Worker worker, Caller caller, List<Problem> problems) {
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
}
