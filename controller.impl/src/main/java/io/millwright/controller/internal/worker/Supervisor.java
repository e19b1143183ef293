package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.CallerKind;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopMode;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.channel.ComponentChange;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.options.InstanceOptions;
import io.millwright.controller.internal.options.ProbeOptions;
import io.millwright.controller.internal.process.Enclosures;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.worker.ready.Prober;
import io.millwright.controller.internal.worker.ready.Readiness;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the life-cycle table out: turns an event on a worker into its next state and does the table's actions. Everything
 * here runs in the controller loop; what blocks (making a process) is given to the spawn threads and comes back as an event.
 */
public final class Supervisor implements Channels.Lives {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private final ControllerLoop loop;
    private final WorkerEvents events;
    private final Settlement settlement;
    private final Channels channels;
    private final Prober prober;
    private final Confined confined;
    private final Commands commands;
    private final RunLauncher launcher;
    private final RunEnder ender;
    private final LongSupplier runNumbers;
    private final Consumer<Worker> beginning;
    private final Consumer<Worker> changed;
    private @Nullable Overlap overlap;
    private final AtomicInteger impossible = new AtomicInteger();
    /** What was raised while an event is taken; it comes after that event. */
    private final Deque<Runnable> raised = new ArrayDeque<>();

    private boolean taking;

    public Supervisor(
            ControllerLoop loop,
            ProcessBackend backend,
            Executor spawners,
            WorkerEvents events,
            Settlement settlement,
            Channels channels,
            Prober prober,
            Notices notices,
            HeldSockets sockets,
            Enclosures groups,
            Path logDirectory,
            Path runDirectory,
            LongSupplier runNumbers,
            Consumer<Worker> beginning,
            Consumer<Worker> changed) {
        this.loop = loop;
        this.events = events;
        this.settlement = settlement;
        this.channels = channels;
        this.prober = prober;
        this.confined = new Confined(loop, spawners, events, groups);
        this.commands = new Commands(loop, backend, spawners, runDirectory, confined.groups());
        RunCommands ofRuns = new RunCommands(loop, this, settlement, commands);
        this.ender = new RunEnder(loop, this, settlement, channels, ofRuns);
        this.launcher = new RunLauncher(
                loop,
                backend,
                spawners,
                this,
                ender,
                ofRuns,
                channels,
                notices,
                sockets,
                confined,
                logDirectory,
                runDirectory);
        this.runNumbers = runNumbers;
        this.beginning = beginning;
        this.changed = changed;
        channels.setLives(this);
        notices.setSupervisor(this);
    }

    @Override
    public void component(Worker worker, ComponentChange change, boolean told) {
        if (worker.run != null && worker.run.failedComponents.hear(change)) {
            worker.publishView();
        }
        if (told) {
            events.component(worker, change);
        }
    }

    /** What is done with the second runs of workers. */
    void setOverlap(Overlap rules) {
        overlap = rules;
    }

    private Overlap overlap() {
        return Objects.requireNonNull(overlap, "the node is not put together");
    }

    /** Runs commands beside workers. */
    Commands commands() {
        return commands;
    }

    /** The groups of workers, and their limits. */
    public Confined confined() {
        return confined;
    }

    /** Has those ask that are to be told to end whether they may; the other that is asked tells them later. */
    void setMayEnd(Predicate<Worker> condition) {
        ender.setMayEnd(condition);
    }

    /** Begins a run that was admitted. */
    void start(Worker worker, Admission.Planned plan, Caller caller, @Nullable CompletableFuture<StartResult> waiter) {
        worker.begin(run(plan, caller));
        worker.startWaiter = waiter;
        beginning.accept(worker);
        fire(worker, LifeEvent.START);
    }

    private Run run(Admission.Planned plan, Caller caller) {
        Run run = new Run(plan, caller, loop.now());
        if (InstanceOptions.isOverlap(plan.options())) {
            run.number = runNumbers.getAsLong();
        }
        return run;
    }

    /** Begins a second run of a worker, which becomes the current one when it is ready. */
    void startBeside(Worker worker, Admission.Planned plan, Follow follow) {
        Worker place = worker.open(follow.spec());
        place.changed = worker.changed;
        worker.changed = null;
        place.begin(run(plan, follow.caller()));
        place.restarts = follow.caller().kind() == CallerKind.WATCH ? worker.restarts + 1 : 0;
        place.startWaiter = follow.result();
        place.replacing = follow.stop();
        fire(place, LifeEvent.START);
    }

    /** A run that has changed its place is what the worker begins with now. */
    void begun(Worker worker) {
        beginning.accept(worker);
    }

    /** Notes a start that is refused: the worker fails, and there is no process. */
    void refuse(Worker worker, String failure, Caller caller) {
        worker.begin(Run.refused(failure, caller, loop.now()));
        fire(worker, LifeEvent.REFUSED);
    }

    /**
     * Has a worker wait, once the event that is being taken is over.
     *
     * @param wait what for
     * @param then runs when it waits
     */
    void await(Worker worker, Wait wait, Runnable then) {
        afterEvent(() -> {
            worker.begin(wait);
            take(worker, LifeEvent.WAIT);
        });
        afterEvent(then);
    }

    /** Lets all runs of a worker end. The caller has checked that it is live. */
    void stop(Worker worker, StopOptions options, Caller caller) {
        Worker second = worker.beside;
        // First: it takes the place of a current run that is over at once.
        if (second != null) {
            stopRun(second, options, caller);
        }
        stopRun(worker, options, caller);
    }

    /** Lets one run end, the current one of a worker or the one beside it. */
    void stopRun(Worker worker, StopOptions options, Caller caller) {
        boolean kill = options.mode() == StopMode.KILL;
        if (worker.state == WorkerState.STOPPING) {
            StopRequest request = request(worker, StopOptions.GRACEFUL, caller);
            if (worker.held != null) {
                worker.held = worker.held.stoppedBy(request);
            }
            if (kill) {
                request.mode = StopMode.KILL;
                fire(worker, LifeEvent.KILL);
            } else if (options.signal() != null || options.timeout() != null) {
                // Asked for in other words than before: the time begins anew.
                request.options = options;
                signalStop(worker);
            }
            return;
        }
        request(worker, options, caller);
        fire(worker, kill ? LifeEvent.KILL : LifeEvent.STOP);
    }

    /**
     * Sends the signal of a stop that the caller asks for next, in the same turn of the loop. Where many are to stop, all can end
     * while the stops are noted one after the other.
     */
    void signalAhead(Worker worker, StopOptions options) {
        ender.signalAhead(worker, options);
    }

    /** Tells a worker to end, unless others have to end first. */
    void signalStop(Worker worker) {
        ender.signalStop(worker);
    }

    /** The program of a worker that is told to end asks for more time: it has this long from now on. */
    void extendStop(Worker worker, Duration time) {
        ender.extendStop(worker, time);
    }

    /** The stop that was asked for first; a later one only changes how. */
    private StopRequest request(Worker worker, StopOptions options, Caller caller) {
        StopRequest request = worker.stop;
        if (request == null) {
            Run run = worker.run;
            boolean exited = worker.state != WorkerState.BACKOFF && run != null && run.mainExit != null;
            request = new StopRequest(options, caller, loop.now(), exited);
            worker.stop = request;
            worker.who = caller;
        }
        return request;
    }

    @Override
    public void giveUp(Worker worker, String why, LifeEvent event) {
        Objects.requireNonNull(worker.run, "no run").givenUp = why;
        worker.reason = why;
        events.lines.bounded(worker, System.Logger.Level.WARNING, "is ended: " + why);
        fire(worker, event);
    }

    /** How many events came that cannot happen: none, unless there is a bug. Thread-safe. */
    public int impossible() {
        return impossible.get();
    }

    /** A start that was under way has come to nothing and left a worker as it was. */
    void stays(Worker worker) {
        changed.accept(worker);
    }

    /**
     * Takes an event. Events run to completion: one that is raised while another is taken waits until that one's actions are
     * done, so that no action sees a worker that is half in its next state.
     */
    @Override
    public void fire(Worker worker, LifeEvent event) {
        afterEvent(() -> take(worker, event));
    }

    /** Runs a task at once, or, while an event is taken, after that event and what it had raised before. */
    @Override
    public void afterEvent(Runnable task) {
        raised.add(task);
        if (taking) {
            return;
        }
        taking = true;
        try {
            for (Runnable next = raised.poll(); next != null; next = raised.poll()) {
                guarded(next);
            }
        } finally {
            taking = false;
        }
    }

    /** A fault in the actions of one event must not take the events that wait behind it away. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error fault) {
            LOG.error("an event of a worker could not be taken; this is a bug of the controller", fault);
        }
    }

    /** The one place where a worker's state changes. */
    private void take(Worker worker, LifeEvent event) {
        if (worker.whole != null && event == LifeEvent.READY && worker.state != WorkerState.STOPPING) {
            overlap().promote(worker.whole, worker, () -> take(worker.whole, event));
            return;
        }
        LifeCycle.Transition transition = LifeCycle.on(worker.state, event).orElse(null);
        if (transition == null) {
            impossible.incrementAndGet();
            LOG.error(
                    "worker {}: {} cannot happen in state {}; this is a bug, it is ignored",
                    worker.id,
                    event,
                    worker.state);
            return;
        }
        boolean ends = worker.state.isLive() && !transition.next().isLive();
        if (ends || event == LifeEvent.REFUSED) {
            settlement.exits.judge(worker, event);
        }
        if (worker.run != null && worker.run.readiness != null && transition.next() != WorkerState.STARTING) {
            worker.run.readiness.cancel();
            worker.run.readiness = null;
        }
        if (worker.run != null && transition.next() != WorkerState.STARTING) {
            worker.run.cancelled = true;
        }
        if (ends && worker.run != null) {
            channels.forget(worker, worker.run);
        }
        worker.state = transition.next();
        if (worker.state == WorkerState.STARTED && worker.run != null && worker.run.started == null) {
            worker.run.started = startedBy(worker.run, loop.now());
        }
        worker.publishView();
        for (LifeAction action : transition.actions()) {
            perform(worker, action);
        }
        worker.publishView();
        if (worker.whole == null) {
            changed.accept(worker);
        }
    }

    /** Nothing but a run that cannot be ended is left of a worker. */
    void failStops(Worker worker) {
        ender.failStops(worker);
    }

    /** Its runs have changed their places, or one is gone. */
    void moved(Worker worker) {
        worker.publishView();
        changed.accept(worker);
    }

    /** A process may have ended before the loop hears that it is there: it was started no later than that. */
    static Moment startedBy(Run run, Moment now) {
        Moment end = run.mainExitAt;
        return end == null || !now.until(end).isNegative() ? now : end;
    }

    private void perform(Worker worker, LifeAction action) {
        switch (action) {
            case PUBLISH -> events.state(worker);
            case PUBLISH_STOP_REQUESTED -> events.stopRequested(worker);
            case SPAWN -> launcher.spawn(worker);
            case AWAIT_READY -> awaitReady(worker);
            case COMPLETE_START -> settlement.started(worker);
            case SIGNAL_STOP -> ender.signalStop(worker);
            case END_TREE -> ender.endTree(worker);
            case AWAIT_GROUP -> ender.awaitGroup(worker);
            case CANCEL_WAIT -> worker.endWait();
            case REPORT_STUCK -> ender.reportStuck(worker);
            case SETTLE -> {
                if (worker.whole != null) {
                    overlap().settle(worker.whole, worker);
                } else {
                    settlement.settle(worker);
                }
            }
        }
    }

    /** Where a run is that is asked whether it is ready: that ends with it. */
    private static Worker at(Run run) {
        return Objects.requireNonNull(run.place(), "a run that is over is ready");
    }

    /** The options of a worker are others now: if its run is not ready yet, that is asked as they say, in what is left of their time. */
    public void optionsChanged(Worker worker) {
        Run run = worker.run;
        Readiness before = run == null ? null : run.readiness;
        if (run == null || before == null || worker.options == null || !before.isOutdatedBy(worker.options)) {
            return;
        }
        before.cancel();
        run.readiness = null;
        awaitReady(worker, before.spent());
        if (run.readiness != null && before.extended() != null) {
            run.readiness.extend(loop.now().until(before.extended()));
        }
        worker.publishView();
    }

    /** What has no control channel, and no options that say more, is ready when its process is there. */
    private void awaitReady(Worker worker) {
        awaitReady(worker, Objects.requireNonNull(worker.run, "no run").prepared);
    }

    private void awaitReady(Worker worker, Duration spent) {
        Run run = Objects.requireNonNull(worker.run, "no run");
        OptionValues options = worker.options;
        if (run.channel != null) {
            channels.awaitReady(worker, run, run.channel);
        } else if (options == null || !Readiness.isAsked(options) || run.process == null || run.plan == null) {
            fire(worker, LifeEvent.READY);
        } else {
            Readiness.Facts facts = new Readiness.Facts(
                    worker.id,
                    run.process.pid(),
                    run.plan.plan(),
                    run.process.enclosure(),
                    options,
                    worker.log,
                    run.lane,
                    run.created.at(),
                    spent);
            run.readiness = Readiness.await(loop, prober, facts, new Readiness.Outcome() {
                @Override
                public void waits() {
                    at(run).publishView();
                }

                @Override
                public void ready() {
                    fire(at(run), LifeEvent.READY);
                }

                @Override
                public void late(String missing) {
                    String limit = Settlement.text(ProbeOptions.startTimeout(options));
                    giveUp(
                            at(run),
                            "not ready within " + limit + " (start.timeout): " + missing,
                            LifeEvent.START_TIMEOUT);
                }
            });
        }
    }
}
