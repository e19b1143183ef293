package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.options.SocketOptions;
import io.millwright.controller.internal.process.HeldSocket;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Workers that are started by the first connection to one of their sockets. Runs in the controller loop. */
final class Demand {
    /**
     * A program that ends sooner has probably taken no connection: it would be started by the same one again, as often as it can
     * end.
     */
    private static final Duration SHORT = Duration.ofSeconds(1);

    /** So long after a socket could not be opened it is tried again. */
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final ControllerLoop loop;
    private final Supervisor supervisor;
    private final Registry registry;
    private final WorkerEvents events;
    private final HeldSockets sockets;
    private final Restarter restarter;
    private final DemandQueues queues;

    Demand(
            ControllerLoop loop,
            Supervisor supervisor,
            Registry registry,
            WorkerEvents events,
            HeldSockets sockets,
            Restarter restarter) {
        this.loop = loop;
        this.supervisor = supervisor;
        this.registry = registry;
        this.events = events;
        this.sockets = sockets;
        this.restarter = restarter;
        this.queues = new DemandQueues(loop);
    }

    /**
     * What follows the end of a run, if nobody asked for that end: one that a connection has started waits for the next, after the delays of the
     * restart policy if it has failed or hardly run.
     */
    static Run.Then then(Run ended, WorkerExit exit, OptionValues options) {
        if (ended.then != Run.Then.POLICY || ended.plan == null || !SocketOptions.isByDemand(options)) {
            return ended.then;
        }
        Moment started = ended.started;
        Moment end = ended.mainExitAt;
        boolean good = exit.exitClass() == ExitClass.SUCCESS
                && started != null
                && end != null
                && started.until(end).compareTo(SHORT) >= 0;
        return good ? Run.Then.DEMAND : Run.Then.RESTART;
    }

    /** Has a worker wait for a connection; a caller that waits for its start is told so. */
    void await(Worker worker, Admission.Planned plan, Caller caller, @Nullable CompletableFuture<StartResult> waiter) {
        registry.revived(worker);
        worker.reason = null;
        worker.who = caller;
        worker.options = plan.options();
        worker.shown = plan.shown();
        worker.startWaiter = null;
        Wait.ForDemand wait = new Wait.ForDemand(loop.now(), plan, caller);
        supervisor.await(worker, wait, () -> {
            if (worker.wait == wait) {
                listen(worker, wait);
            }
        });
        if (waiter != null) {
            events.fail(
                    waiter,
                    new NodeException(
                            ErrorCode.CANNOT_START, "worker '" + worker.id + "' is not started yet: it " + wait.why()));
        }
    }

    private void listen(Worker worker, Wait.ForDemand wait) {
        OptionValues options = wait.plan.options();
        sockets.want(worker.id, options);
        sockets.bindLater(worker.id, options)
                .whenComplete((bound, fault) -> loop.execute(() -> {
                    if (worker.wait != wait) {
                        return;
                    } else if (fault == null) {
                        if (wait.trouble != null) {
                            wait.listens();
                            events.say(System.Logger.Level.INFO, "worker " + worker.id + ": " + wait.why());
                        }
                        worker.sockets = HeldSockets.shown(options);
                        worker.publishView();
                        watch(worker, wait, bound);
                    } else {
                        listenAgain(worker, wait, RunLauncher.message(fault));
                    }
                }));
    }

    /** What is in the way of a socket may go; until then it is tried again, unless a person or a change comes first. */
    private void listenAgain(Worker worker, Wait.ForDemand wait, String why) {
        if (wait.wanted) {
            return;
        }
        boolean told = why.equals(wait.trouble);
        Future<?> timer = loop.schedule(AGAIN, () -> {
            if (worker.wait == wait && !wait.wanted) {
                listen(worker, wait);
            }
        });
        wait.refused(why, loop.now().plus(AGAIN), () -> timer.cancel(false));
        worker.publishView();
        if (!told) {
            events.say(System.Logger.Level.WARNING, "worker " + worker.id + ": " + wait.why());
        }
    }

    private void watch(Worker worker, Wait.ForDemand wait, List<HeldSocket> bound) {
        if (!wait.wanted) {
            queues.enter(
                    wait,
                    bound,
                    new DemandQueues.Waiter(
                            () -> isServed(worker), () -> want(worker, wait, "is started by a connection")));
            wait.entered(() -> queues.leave(wait, bound));
        }
    }

    /** Whether the program of another instance has a socket of a worker. */
    private boolean isServed(Worker worker) {
        Groups.Group group = registry.groups.of(worker.id);
        return group != null
                && group.instances().stream()
                        .map(registry::find)
                        .anyMatch(other -> other != null
                                && other != worker
                                && (other.state == WorkerState.STARTING || other.state == WorkerState.STARTED)
                                && !Collections.disjoint(other.sockets.values(), worker.sockets.values()));
    }

    /** The options of a worker are others now: one that is not to wait for a connection any more is started. */
    void optionsChanged(Worker worker) {
        if (worker.wait instanceof Wait.ForDemand wait
                && worker.options != null
                && !SocketOptions.isByDemand(worker.options)) {
            want(worker, wait, "is started, for it does not wait for a connection any more");
        }
    }

    /** Starts a worker that waits for a connection, if it waits still. */
    void want(Worker worker, Wait.ForDemand wait, String why) {
        if (worker.wait == wait && worker.state == WorkerState.BACKOFF && !wait.wanted) {
            wait.cancel();
            wait.wanted = true;
            worker.publishView();
            events.say(System.Logger.Level.INFO, "worker " + worker.id + ": " + why);
            restarter.wake(worker, wait.plan);
        }
    }
}
