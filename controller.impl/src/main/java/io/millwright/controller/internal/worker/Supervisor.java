package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopMode;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.channel.ComponentChange;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.launch.LaunchStep;
import io.millwright.controller.internal.log.LogOptions;
import io.millwright.controller.internal.log.LogRotation;
import io.millwright.controller.internal.options.ProbeOptions;
import io.millwright.controller.internal.process.Launch;
import io.millwright.controller.internal.process.Launch.Output;
import io.millwright.controller.internal.process.OutputSink;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.ProcessExit;
import io.millwright.controller.internal.process.ProcessListener;
import io.millwright.controller.internal.process.WorkerProcess;
import io.millwright.controller.internal.worker.ready.Prober;
import io.millwright.controller.internal.worker.ready.Readiness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
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
    private static final Duration DRAIN_GRACE = Duration.ofMillis(50);
    private static final Duration STUCK_RETRY = Duration.ofSeconds(5);
    /** A CONT would take these back before the worker has seen them. */
    private static final Set<Signal> HALTING = EnumSet.of(Signal.STOP, Signal.TSTP, Signal.TTIN, Signal.TTOU);

    /**
     * The signals by which a service manager or a machine that goes down ends all processes, the node and its workers alike. What
     * they end is judged a moment later, in which the node learns that the end was meant for it too.
     */
    private static final Set<String> ENDING = Set.of("TERM", "INT", "HUP");

    private static final Duration NODE_SIGNALLED = Duration.ofMillis(250);

    /** A run that was asked over its channel to end gets no more time for it than this. */
    private static final Duration ASK_LIMIT = Duration.ofSeconds(5);

    private static final byte[] NO_BIRTH_LINE = {};

    private final ControllerLoop loop;
    private final ProcessBackend backend;
    private final Executor spawners;
    private final WorkerEvents events;
    private final Settlement settlement;
    private final Channels channels;
    private final Prober prober;
    private final Notices notices;
    private final Path logDirectory;
    private final Path runDirectory;
    private final Confined confined;
    private final Consumer<Worker> beginning;
    private final Consumer<Worker> changed;
    private final AtomicInteger impossible = new AtomicInteger();
    /** What was raised while an event is taken; it comes after that event. */
    private final Deque<Runnable> raised = new ArrayDeque<>();

    private boolean taking;
    private Predicate<Worker> mayEnd = worker -> true;

    public Supervisor(
            ControllerLoop loop,
            ProcessBackend backend,
            Executor spawners,
            WorkerEvents events,
            Settlement settlement,
            Channels channels,
            Prober prober,
            Notices notices,
            Path logDirectory,
            Path runDirectory,
            Consumer<Worker> beginning,
            Consumer<Worker> changed) {
        this.loop = loop;
        this.backend = backend;
        this.spawners = spawners;
        this.events = events;
        this.settlement = settlement;
        this.channels = channels;
        this.prober = prober;
        this.notices = notices;
        this.logDirectory = logDirectory;
        this.runDirectory = runDirectory;
        this.confined = new Confined(loop, spawners, events, runDirectory);
        this.beginning = beginning;
        this.changed = changed;
        channels.setLives(this);
        notices.setSupervisor(this);
    }

    @Override
    public void component(Worker worker, ComponentChange change) {
        events.component(worker, change);
    }

    /** The groups of workers, and their limits. */
    public Confined confined() {
        return confined;
    }

    /** Has those ask that are to be told to end whether they may; the other that is asked tells them later. */
    void setMayEnd(Predicate<Worker> condition) {
        mayEnd = condition;
    }

    /** Begins a run that was admitted. */
    void start(Worker worker, Admission.Planned plan, Caller caller, @Nullable CompletableFuture<StartResult> waiter) {
        worker.begin(new Run(plan, caller, loop.now()));
        worker.startWaiter = waiter;
        beginning.accept(worker);
        fire(worker, LifeEvent.START);
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

    /** Lets a worker end. The caller has checked that it is live. */
    void stop(Worker worker, StopOptions options, Caller caller) {
        boolean kill = options.mode() == StopMode.KILL;
        if (worker.state == WorkerState.STOPPING) {
            StopRequest request = request(worker, StopOptions.GRACEFUL, caller);
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
        Run run = worker.run;
        WorkerProcess process = run == null || run.stuck ? null : run.live();
        if (worker.state == WorkerState.STARTED && run != null && process != null && !asksToEnd(run, options)) {
            run.signalledAhead = true;
            sendStop(worker, process, stopSignal(worker, options));
        }
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
            settlement.judge(worker, event);
        }
        if (worker.run != null && worker.run.readiness != null && transition.next() != WorkerState.STARTING) {
            worker.run.readiness.cancel();
            worker.run.readiness = null;
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
        changed.accept(worker);
    }

    /** A process may have ended before the loop hears that it is there: it was started no later than that. */
    private static Moment startedBy(Run run, Moment now) {
        Moment end = run.mainExitAt;
        return end == null || !now.until(end).isNegative() ? now : end;
    }

    private void perform(Worker worker, LifeAction action) {
        switch (action) {
            case PUBLISH -> events.state(worker);
            case PUBLISH_STOP_REQUESTED -> events.stopRequested(worker);
            case SPAWN -> spawn(worker);
            case AWAIT_READY -> awaitReady(worker);
            case COMPLETE_START -> settlement.started(worker);
            case SIGNAL_STOP -> signalStop(worker);
            case END_TREE -> endTree(worker);
            case AWAIT_GROUP -> awaitGroup(worker);
            case CANCEL_WAIT -> worker.endWait();
            case REPORT_STUCK -> reportStuck(worker);
            case SETTLE -> settlement.settle(worker);
        }
    }

    /** What has no control channel, and no options that say more, is ready when its process is there. */
    private void awaitReady(Worker worker) {
        Run run = Objects.requireNonNull(worker.run, "no run");
        OptionValues options = worker.options;
        if (run.channel != null) {
            channels.awaitReady(worker, run, run.channel);
        } else if (options == null || !Readiness.isAsked(options) || run.process == null || run.plan == null) {
            fire(worker, LifeEvent.READY);
        } else {
            Readiness.Facts facts = new Readiness.Facts(
                    worker.id, run.process.pid(), run.plan.plan(), options, worker.log, run.created.at());
            run.readiness = Readiness.await(loop, prober, facts, new Readiness.Outcome() {
                @Override
                public void waits() {
                    worker.publishView();
                }

                @Override
                public void ready() {
                    fire(worker, LifeEvent.READY);
                }

                @Override
                public void late(String missing) {
                    String limit = Settlement.text(ProbeOptions.startTimeout(options));
                    giveUp(
                            worker,
                            "not ready within " + limit + " (start.timeout): " + missing,
                            LifeEvent.START_TIMEOUT);
                }
            });
        }
    }

    private void spawn(Worker worker) {
        Run run = Objects.requireNonNull(worker.run, "no run");
        Admission.Planned plan = Objects.requireNonNull(run.plan, "no plan");
        if (!plan.plan().channel()) {
            spawn(worker, run, plan, plan.plan(), NO_BIRTH_LINE);
            return;
        }
        LaunchPlan open = plan.plan().withInput(LaunchPlan.Input.OPEN);
        channels.expect(worker, run, plan)
                .whenComplete((line, fault) -> loop.execute(() -> {
                    if (line == null) {
                        spawnFailed(worker, run, "its control channel could not be prepared: " + message(fault));
                    } else {
                        spawn(worker, run, plan, open, line);
                    }
                }));
    }

    private static String message(@Nullable Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        return cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage();
    }

    /** Has the process made; its birth line is in no plan, for plans are shown. */
    private void spawn(Worker worker, Run run, Admission.Planned plan, LaunchPlan launched, byte[] birthLine) {
        Output stdout = output(worker, "stdout", worker.log.stdout());
        Output stderr = output(
                worker, "stderr", run.channel == null ? worker.log.stderr() : worker.log.stderr(run.channel.mark));
        LaunchStep step = LaunchStep.of(plan.options());
        LogOptions limits = worker.options == null ? LogOptions.DEFAULT : LogOptions.of(worker.options);
        spawners.execute(() -> {
            if (worker.view.state() != WorkerState.STARTING) {
                loop.execute(() -> spawnFailed(worker, run, "cancelled before it was started"));
                return;
            }
            try {
                if (plan.createDirectory()) {
                    makeDirectory(plan.plan().directory(), step);
                }
                rotate(worker.id, stdout, limits);
                rotate(worker.id, stderr, limits);
                LaunchPlan heard = notices.prepare(worker, launched, plan.options());
                Launch request = new Launch(worker.id, heard, plan.program(), stdout, stderr);
                WorkerProcess process = spawn(request, new Listener(worker, run), step);
                Map<String, Object> inForce = step == null ? Map.of() : step.inForce(process);
                if (birthLine.length > 0) {
                    process.write(birthLine).whenComplete((written, fault) -> birthLineWritten(worker, fault));
                }
                loop.execute(() -> {
                    run.inForce = inForce;
                    spawned(worker, run, process);
                });
            } catch (IOException | RuntimeException e) {
                loop.execute(() -> spawnFailed(worker, run, message(e)));
            }
        });
    }

    private static void makeDirectory(Path directory, @Nullable LaunchStep step) throws IOException {
        if (step == null) {
            Files.createDirectories(directory);
        } else {
            step.makeDirectory(directory);
        }
    }

    private WorkerProcess spawn(Launch request, ProcessListener listener, @Nullable LaunchStep step)
            throws IOException {
        return step == null
                ? backend.spawn(request, listener)
                : step.spawn(
                        backend, request, listener, runDirectory.resolve("launch-" + request.id()), confined.groups());
    }

    private static void birthLineWritten(Worker worker, @Nullable Throwable fault) {
        if (fault != null) {
            // A worker that ends at once, or closes its input, is told of by what follows.
            LOG.debug("worker {}: the birth line could not be written", worker.id, fault);
        }
    }

    private static void rotate(WorkerId id, Output output, LogOptions limits) {
        if (output instanceof Output.ToFile to) {
            try {
                LogRotation.beforeRun(to.file(), limits);
            } catch (IOException e) {
                LOG.warn("worker {}: {} could not be rotated and grows on: {}", id, to.file(), e.toString());
            }
        }
    }

    private Output output(Worker worker, String stream, OutputSink sink) {
        String mode =
                worker.options == null ? "log" : worker.options.string(stream).orElse("log");
        return switch (mode) {
            case "close" -> new Output.Closed();
            case "drop" -> new Output.Drop();
            case "file" ->
                new Output.ToFile(logDirectory.resolve(worker.id + (stream.equals("stdout") ? ".out" : ".err")));
            default -> new Output.Pipe(sink);
        };
    }

    private void spawned(Worker worker, Run run, WorkerProcess process) {
        if (worker.run != run) {
            LOG.error("worker {}: a process of an older launch appeared; it is ended", worker.id);
            process.endTree();
            return;
        }
        run.process = process;
        fire(worker, LifeEvent.SPAWNED);
        if (run.mainExit != null) {
            fire(worker, LifeEvent.MAIN_EXITED);
        }
    }

    private void spawnFailed(Worker worker, Run run, String message) {
        if (worker.run == run) {
            run.failure = message;
            fire(worker, LifeEvent.SPAWN_FAILED);
        }
    }

    /** Tells a worker to end, unless others have to end first. */
    void signalStop(Worker worker) {
        Run run = worker.run;
        StopRequest request = worker.stop;
        // The main process may have ended before the spawn was told: what it left in its group is to be stopped all the
        // same.
        if (run == null || run.process == null || run.endingTree || run.treeGone) {
            return;
        }
        if (request == null && run.givenUp == null) {
            return;
        }
        StopOptions options = request == null ? StopOptions.GRACEFUL : request.options;
        if (request != null && request.mode == StopMode.KILL) {
            endTree(worker);
            return;
        }
        if (request != null && !mayEnd.test(worker)) {
            return;
        }
        Signal signal = stopSignal(worker, options);
        Duration timeout = stopTimeout(worker, options);
        run.cancelStopTimers();
        if (asksToEnd(run, options)) {
            askToEnd(worker, run, signal, timeout);
        } else if (!run.signalledAhead) {
            sendStop(worker, run.process, signal);
        }
        run.signalledAhead = false;
        killAfter(worker, run, timeout);
    }

    private void killAfter(Worker worker, Run run, Duration timeout) {
        run.stopTimer = loop.schedule(timeout, () -> {
            if (worker.run == run && worker.state == WorkerState.STOPPING && !run.endingTree) {
                if (worker.stop != null) {
                    worker.stop.timedOut = true;
                }
                LOG.warn("worker {}: still there {} after its stop; it is killed", worker.id, Settlement.text(timeout));
                fire(worker, LifeEvent.STOP_TIMEOUT);
            }
        });
    }

    /** The program of a worker that is told to end asks for more time: it has this long from now on. */
    void extendStop(Worker worker, Duration time) {
        Run run = worker.run;
        if (run != null && run.stopTimer != null && !run.endingTree) {
            run.stopTimer.cancel(false);
            killAfter(worker, run, time);
        }
    }

    /** Whether a run is asked over its channel to end before a signal is sent; never a second time, for that did not help. */
    private static boolean asksToEnd(Run run, StopOptions options) {
        return run.channel != null && run.channel.isUp() && !run.askedToEnd && options.signal() == null;
    }

    private void askToEnd(Worker worker, Run run, Signal signal, Duration timeout) {
        run.askedToEnd = true;
        Duration half = timeout.dividedBy(2);
        run.signalTimer = loop.schedule(
                half.compareTo(ASK_LIMIT) < 0 ? half : ASK_LIMIT, () -> sendStopAfterAll(run, worker, signal));
        channels.shutDown(worker, Objects.requireNonNull(run.channel)).whenComplete((answer, fault) -> {
            if (fault != null) {
                loop.execute(() -> sendStopAfterAll(run, worker, signal));
            }
        });
    }

    private static void sendStopAfterAll(Run run, Worker worker, Signal signal) {
        Future<?> timer = run.signalTimer;
        if (worker.run == run && timer != null && run.process != null && !run.endingTree && !run.treeGone) {
            timer.cancel(false);
            run.signalTimer = null;
            sendStop(worker, run.process, signal);
        }
    }

    private static Duration stopTimeout(Worker worker, StopOptions asked) {
        if (asked.timeout() != null) {
            return asked.timeout();
        }
        return worker.options == null
                ? Duration.ofSeconds(20)
                : worker.options.duration("stop.timeout").orElse(Duration.ofSeconds(20));
    }

    private static Signal stopSignal(Worker worker, StopOptions asked) {
        if (asked.signal() != null) {
            return asked.signal();
        }
        return worker.options == null
                ? Signal.TERM
                : worker.options.signal("stop.signal").orElse(Signal.TERM);
    }

    private static void sendStop(Worker worker, WorkerProcess process, Signal signal) {
        process.signalGroup(signal).whenComplete((sent, fault) -> {
            if (fault != null) {
                LOG.warn("worker {}: {} could not be sent: {}", worker.id, signal, fault.getMessage());
            } else if (sent && !HALTING.contains(signal)) {
                // A halted worker takes the signal only when it goes on; one that runs is not disturbed.
                var ignored = process.signalGroup(Signal.CONT);
            }
        });
    }

    private void awaitGroup(Worker worker) {
        Run run = worker.run;
        if (run == null || run.process == null || run.endingTree) {
            return;
        }
        CompletableFuture<Void> groupGone = run.process.groupGone().toCompletableFuture();
        if (groupGone.isDone()) {
            endTree(worker);
            return;
        }
        groupGone.whenComplete((gone, fault) -> loop.execute(() -> {
            if (worker.run == run) {
                endTree(worker);
            }
        }));
    }

    private void endTree(Worker worker) {
        Run run = worker.run;
        if (run == null || run.process == null || run.endingTree || run.treeGone) {
            return;
        }
        run.endingTree = true;
        CompletableFuture<Integer> ended = run.process.endTree().toCompletableFuture();
        if (ended.isDone() && !ended.isCompletedExceptionally()) {
            // Mostly nothing is left, and that is known.
            treeEnded(worker, run, null);
            return;
        }
        ended.whenComplete((killed, fault) -> loop.execute(() -> treeEnded(worker, run, fault)));
    }

    private void treeEnded(Worker worker, Run run, @Nullable Throwable fault) {
        if (worker.run != run) {
            return;
        }
        run.endingTree = false;
        if (fault != null) {
            worker.reason = fault.getMessage();
            fire(worker, LifeEvent.STUCK);
            return;
        }
        run.treeGone = true;
        run.leftovers = run.process == null ? List.of() : run.process.leftBehind();
        endedIfComplete(worker, run);
        if (!run.ended && !run.drained) {
            loop.schedule(DRAIN_GRACE, () -> abandonOutput(run));
        }
    }

    private static void abandonOutput(Run run) {
        if (!run.drained && run.process != null) {
            run.process.abandonOutput();
        }
    }

    private void endedIfComplete(Worker worker, Run run) {
        if (worker.run == run
                && !run.ended
                && run.mainExit != null
                && run.treeGone
                && run.drained
                && run.process != null) {
            run.ended = true;
            run.cancelStopTimers();
            boolean unready = run.givenUp != null && run.started == null && worker.state == WorkerState.STOPPING;
            fire(worker, unready ? LifeEvent.ENDED_UNREADY : LifeEvent.ENDED);
        }
    }

    private void reportStuck(Worker worker) {
        Run run = Objects.requireNonNull(worker.run, "no run");
        run.stuck = true;
        LOG.error("worker {}: {}; its id stays in use and the node goes on trying", worker.id, worker.reason);
        NodeException failure = new NodeException(
                ErrorCode.STOP_WORKER_FAILED, "worker '" + worker.id + "' could not be ended: " + worker.reason);
        settlement.failStops(worker, failure);
        loop.schedule(STUCK_RETRY, () -> {
            if (worker.run == run && worker.state == WorkerState.STOPPING) {
                endTree(worker);
            }
        });
    }

    /** Brings what the backend says of one launch into the loop. */
    private final class Listener implements ProcessListener {
        private final Worker worker;
        private final Run run;

        Listener(Worker worker, Run run) {
            this.worker = worker;
            this.run = run;
        }

        @Override
        public void exited(ProcessExit exit) {
            Moment when = loop.now();
            loop.execute(() -> {
                if (worker.stop == null && exit.signal() != null && ENDING.contains(exit.signal())) {
                    loop.schedule(NODE_SIGNALLED, () -> exited(exit, when));
                } else {
                    exited(exit, when);
                }
            });
        }

        private void exited(ProcessExit exit, Moment when) {
            if (run.mainExit == null) {
                run.mainExit = exit;
                run.mainExitAt = when;
                if (run.started != null) {
                    run.started = startedBy(run, run.started);
                }
                if (worker.run == run && run.process != null) {
                    fire(worker, LifeEvent.MAIN_EXITED);
                    endedIfComplete(worker, run);
                }
            }
        }

        @Override
        public void drained() {
            loop.execute(() -> {
                if (!run.drained) {
                    run.drained = true;
                    endedIfComplete(worker, run);
                }
            });
        }
    }
}
