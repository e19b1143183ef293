package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.CallerKind;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.options.InstanceOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The second runs of workers, under {@code reload.mode: overlap}. A restart begins the next run beside the current one, which serves
 * on. Once the next run is ready they change places, and the old one retires: it can only end. A next run that is not started is an
 * end of its own, and the current one goes on. There is never a third run: what is asked for meanwhile waits for the end of the
 * second one. A current run that ends leaves its place to the run beside it. Runs in the controller loop.
 */
public final class Overlap {
    private final Supervisor supervisor;
    private final Settlement settlement;
    private final Stopper stopper;
    private final Starter starter;
    private final DependencyRules rules;
    private final HeldSockets sockets;
    private final WorkerEvents events;

    public Overlap(
            Supervisor supervisor,
            Settlement settlement,
            Stopper stopper,
            Starter starter,
            DependencyRules rules,
            HeldSockets sockets,
            WorkerEvents events) {
        this.supervisor = supervisor;
        this.settlement = settlement;
        this.stopper = stopper;
        this.starter = starter;
        this.rules = rules;
        this.sockets = sockets;
        this.events = events;
        supervisor.setOverlap(this);
        stopper.setOverlap(this);
    }

    /**
     * Restarts a worker by another run beside its current one, now or when its second run is gone.
     *
     * @return false if it has no run that can serve meanwhile, or is not to be restarted so
     */
    boolean restart(Worker worker, Follow follow, Admission.Planned plan) {
        Run run = worker.run;
        if (!InstanceOptions.isOverlap(plan.options())
                || plan.plan().channel()
                || worker.state != WorkerState.STARTED
                || run == null
                || run.live() == null) {
            return false;
        }
        Worker place = worker.beside;
        if (place == null) {
            begin(worker, follow, plan);
        } else if (worker.hasNext() && place.startWaiter != null && isTheSame(place, follow)) {
            stopper.passOn(place.startWaiter, follow.result());
        } else {
            Follow before = worker.follow;
            worker.follow = follow;
            if (before != null) {
                stopper.passOn(follow.result(), before.result());
            }
            cancelNext(worker, follow);
        }
        return true;
    }

    /** What a next run was begun with is what is asked for now; changed files make it another one. */
    private static boolean isTheSame(Worker place, Follow follow) {
        return follow.spec().equals(place.next) && follow.caller().kind() != CallerKind.WATCH;
    }

    private void begin(Worker worker, Follow follow, Admission.Planned plan) {
        // An order is for starts; this worker runs.
        Needs requires = new Needs(List.of(), Needs.of(plan.options()).requires());
        Dependencies.Missing missing = starter.dependencies().missing(requires);
        if (missing != null) {
            events.fail(follow.result(), DependencyRules.refusal(worker.id, missing));
            return;
        }
        supervisor.startBeside(worker, plan, follow);
    }

    /** A next run that gets ready is not wanted any more; the caller that waits for it waits for what follows. */
    void cancelNext(Worker worker, Follow follow) {
        Worker place = worker.beside;
        if (place != null && worker.hasNext()) {
            CompletableFuture<StartResult> waiter = place.startWaiter;
            place.startWaiter = null;
            if (waiter != null && waiter != follow.result()) {
                stopper.passOn(follow.result(), waiter);
            }
            supervisor.stopRun(place, StopOptions.GRACEFUL, follow.caller());
        }
    }

    /** The options of a worker are others now, in place: what follows, or a next run that was begun with older ones, has them too. */
    public void changed(Worker worker, Caller caller) {
        Worker place = worker.beside;
        WorkerSpec spec = worker.definition.spec;
        if (place != null && worker.hasNext() && !spec.equals(place.next)) {
            Run next = Objects.requireNonNull(place.run, "no run");
            CompletableFuture<StartResult> waiter =
                    place.startWaiter == null ? new CompletableFuture<>() : place.startWaiter;
            worker.follow = new Follow(spec, next.who, waiter, Duration.ZERO, place.replacing, 0);
            place.startWaiter = null;
            supervisor.stopRun(place, StopOptions.GRACEFUL, caller);
        } else if (worker.follow != null) {
            worker.follow = worker.follow.of(spec);
        }
    }

    /** A next run is ready: it is the current one now, and the one before retires. */
    void promote(Worker worker, Worker place, Runnable ready) {
        Run old = Objects.requireNonNull(worker.run, "no run");
        Run next = Objects.requireNonNull(place.run, "no run");
        become(worker, place);
        if (old.lane != null) {
            old.lane.retire();
        }
        if (old.health != null) {
            old.health.cancel();
            old.health = null;
        }
        ready.run();
        if (place.state != WorkerState.STOPPING) {
            supervisor.stopRun(place, place.replacing, next.who);
        }
    }

    /** The next run takes the place of the current one, and its options are those of the worker. */
    private void become(Worker worker, Worker place) {
        worker.swap();
        worker.definition.spec = Objects.requireNonNull(place.next, "no next run");
        place.next = null;
        worker.restartTracker.forget();
        supervisor.begun(worker);
        if (worker.options != null) {
            rules.take(worker, worker.options);
        }
        rules.bind(worker);
    }

    /**
     * The current run has ended: the one beside it takes its place.
     *
     * @param held how the worker has ended, if that one was told to end too; {@code null} if it goes on with that one
     */
    public void takePlace(Worker worker, @Nullable HeldEnd held) {
        Worker place = Objects.requireNonNull(worker.beside, "no second run");
        if (held == null) {
            become(worker, place);
        } else {
            worker.swap();
            worker.held = held;
        }
        worker.beside = null;
        keepSockets(worker);
        supervisor.moved(worker);
        if (worker.run != null && worker.run.stuck) {
            supervisor.failStops(worker);
        }
    }

    private void keepSockets(Worker worker) {
        if (worker.options != null) {
            sockets.keep(worker.id, worker.options);
        }
    }

    /** A second run is gone; what had to wait for that follows. */
    void settle(Worker worker, Worker place) {
        settlement.settleSecond(place);
        worker.beside = null;
        if (place.next != null && place.stop == null && worker.state == WorkerState.STARTED) {
            worker.reason = "its restart has failed, and the run before goes on: "
                    + Objects.requireNonNull(place.exit, "an end without an exit")
                            .reason();
        }
        keepSockets(worker);
        supervisor.moved(worker);
        Follow follow = worker.follow;
        if (follow != null && worker.state != WorkerState.STOPPING) {
            worker.follow = null;
            stopper.again(worker, follow);
        }
    }
}
