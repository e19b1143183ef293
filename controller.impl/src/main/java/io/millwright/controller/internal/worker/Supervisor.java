package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopMode;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.log.LogOptions;
import io.millwright.controller.internal.log.LogRotation;
import io.millwright.controller.internal.process.Launch;
import io.millwright.controller.internal.process.Launch.Output;
import io.millwright.controller.internal.process.OutputSink;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.ProcessExit;
import io.millwright.controller.internal.process.ProcessListener;
import io.millwright.controller.internal.process.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the life-cycle table out: turns an event on a worker into its next state and does the table's actions. Everything
 * here runs in the controller loop; what blocks (making a process) is given to the spawn threads and comes back as an event.
 */
public final class Supervisor {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final Duration DRAIN_GRACE = Duration.ofSeconds(2);
    private static final Duration STUCK_RETRY = Duration.ofSeconds(5);
    /** A CONT would take these back before the worker has seen them. */
    private static final Set<Signal> HALTING = EnumSet.of(Signal.STOP, Signal.TSTP, Signal.TTIN, Signal.TTOU);

    private final ControllerLoop loop;
    private final ProcessBackend backend;
    private final Executor spawners;
    private final WorkerEvents events;
    private final Settlement settlement;
    private final Path logDirectory;
    private final Consumer<Worker> beginning;
    private final Consumer<Worker> changed;
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
            Path logDirectory,
            Consumer<Worker> beginning,
            Consumer<Worker> changed) {
        this.loop = loop;
        this.backend = backend;
        this.spawners = spawners;
        this.events = events;
        this.settlement = settlement;
        this.logDirectory = logDirectory;
        this.beginning = beginning;
        this.changed = changed;
    }

    /** Begins a run that was admitted. */
    void start(Worker worker, Admission.Planned plan, Caller caller, @Nullable CompletableFuture<StartResult> waiter) {
        worker.beginRun(plan, caller, Instant.now());
        worker.startWaiter = waiter;
        beginning.accept(worker);
        fire(worker, LifeEvent.START);
    }

    /** Lets a worker end. The caller has checked that it is live. */
    void stop(Worker worker, StopMode mode, Caller caller) {
        if (worker.state == WorkerState.STOPPING) {
            noteRequest(worker, worker.stopMode, caller);
            if (mode == StopMode.KILL) {
                worker.stopMode = mode;
                fire(worker, LifeEvent.KILL);
            }
            return;
        }
        noteRequest(worker, mode, caller);
        fire(worker, mode == StopMode.KILL ? LifeEvent.KILL : LifeEvent.STOP);
    }

    /**
     * Sends the signal of a stop that the caller asks for next, in the same turn of the loop. Where many are to stop, all can end
     * while the stops are noted one after the other.
     */
    void signalAhead(Worker worker) {
        WorkerProcess process = worker.process;
        if (worker.state == WorkerState.STARTED && !worker.stuck && process != null && worker.mainExit == null) {
            worker.signalledAhead = true;
            sendStop(worker, process);
        }
    }

    private static void noteRequest(Worker worker, StopMode mode, Caller caller) {
        if (!worker.requested) {
            worker.exitedByItself = worker.mainExit != null;
            worker.requested = true;
            worker.stopMode = mode;
            worker.stopCaller = caller;
            worker.stopWhen = Instant.now();
            worker.who = caller;
        }
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
    public void fire(Worker worker, LifeEvent event) {
        afterEvent(() -> take(worker, event));
    }

    /** Runs a task at once, or, while an event is taken, after that event and what it had raised before. */
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
        worker.state = transition.next();
        if (worker.state == WorkerState.STARTED && worker.started == null) {
            worker.started = Instant.now();
        }
        worker.publishView();
        for (LifeAction action : transition.actions()) {
            perform(worker, action);
        }
        worker.publishView();
        changed.accept(worker);
    }

    private void perform(Worker worker, LifeAction action) {
        switch (action) {
            case PUBLISH -> events.state(worker);
            case PUBLISH_STOP_REQUESTED -> events.stopRequested(worker);
            case SPAWN -> spawn(worker);
            // No readiness checks yet: what was made is ready.
            case AWAIT_READY -> fire(worker, LifeEvent.READY);
            case COMPLETE_START -> settlement.started(worker);
            case SIGNAL_STOP -> signalStop(worker);
            case END_TREE -> endTree(worker);
            case AWAIT_GROUP -> awaitGroup(worker);
            case CANCEL_WAIT -> cancelWait(worker);
            case REPORT_STUCK -> reportStuck(worker);
            case SETTLE -> settlement.settle(worker);
        }
    }

    private void spawn(Worker worker) {
        Admission.Planned plan = worker.planned;
        int launch = worker.launch;
        if (plan == null) {
            throw new IllegalStateException("worker " + worker.id + " has no plan");
        }
        Launch request = new Launch(
                worker.id,
                plan.plan(),
                plan.program(),
                output(worker, "stdout", worker.log.stdout()),
                output(worker, "stderr", worker.log.stderr()));
        LogOptions limits = worker.options == null ? LogOptions.DEFAULT : LogOptions.of(worker.options);
        spawners.execute(() -> {
            if (worker.view.state() != WorkerState.STARTING) {
                loop.execute(() -> spawnFailed(worker, launch, "cancelled before it was started"));
                return;
            }
            try {
                if (plan.createDirectory()) {
                    Files.createDirectories(plan.plan().directory());
                }
                rotate(worker.id, request.stdout(), limits);
                rotate(worker.id, request.stderr(), limits);
                WorkerProcess process = backend.spawn(request, new Listener(worker, launch));
                loop.execute(() -> spawned(worker, launch, process));
            } catch (IOException | RuntimeException e) {
                String message = e.getMessage() != null ? e.getMessage() : e.toString();
                loop.execute(() -> spawnFailed(worker, launch, message));
            }
        });
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

    private void spawned(Worker worker, int launch, WorkerProcess process) {
        if (worker.launch != launch) {
            LOG.error("worker {}: a process of an older launch appeared; it is ended", worker.id);
            process.endTree();
            return;
        }
        worker.process = process;
        worker.processId = process.pid();
        fire(worker, LifeEvent.SPAWNED);
        if (worker.mainExit != null) {
            fire(worker, LifeEvent.MAIN_EXITED);
        }
    }

    private void spawnFailed(Worker worker, int launch, String message) {
        if (worker.launch == launch) {
            worker.failure = message;
            fire(worker, LifeEvent.SPAWN_FAILED);
        }
    }

    private void signalStop(Worker worker) {
        WorkerProcess process = worker.process;
        if (process == null || worker.mainExit != null) {
            return;
        }
        if (worker.stopMode == StopMode.KILL) {
            endTree(worker);
            return;
        }
        if (!worker.signalledAhead) {
            sendStop(worker, process);
        }
        worker.signalledAhead = false;
        Signal signal = stopSignal(worker);
        Duration timeout = worker.options == null
                ? Duration.ofSeconds(20)
                : worker.options.duration("stop.timeout").orElse(Duration.ofSeconds(20));
        int launch = worker.launch;
        cancelStopTimer(worker);
        worker.stopTimer = loop.schedule(timeout, () -> {
            if (worker.launch == launch && worker.state == WorkerState.STOPPING && !worker.endingTree) {
                worker.timedOut = true;
                LOG.warn(
                        "worker {}: still there {} after {}; it is killed",
                        worker.id,
                        Settlement.text(timeout),
                        signal);
                fire(worker, LifeEvent.STOP_TIMEOUT);
            }
        });
    }

    private static Signal stopSignal(Worker worker) {
        return worker.options == null
                ? Signal.TERM
                : worker.options.signal("stop.signal").orElse(Signal.TERM);
    }

    private static void sendStop(Worker worker, WorkerProcess process) {
        Signal signal = stopSignal(worker);
        process.signalGroup(signal).whenComplete((sent, fault) -> {
            if (fault != null) {
                LOG.warn("worker {}: {} could not be sent: {}", worker.id, signal, fault.getMessage());
            } else if (sent && !HALTING.contains(signal)) {
                // A halted worker takes the signal only when it goes on; one that runs is not disturbed.
                var ignored = process.signalGroup(Signal.CONT);
            }
        });
    }

    static void cancelStopTimer(Worker worker) {
        Future<?> timer = worker.stopTimer;
        if (timer != null) {
            timer.cancel(false);
            worker.stopTimer = null;
        }
    }

    private void awaitGroup(Worker worker) {
        WorkerProcess process = worker.process;
        if (process == null || worker.endingTree) {
            return;
        }
        CompletableFuture<Void> groupGone = process.groupGone().toCompletableFuture();
        if (groupGone.isDone()) {
            endTree(worker);
            return;
        }
        int launch = worker.launch;
        groupGone.whenComplete((gone, fault) -> loop.execute(() -> {
            if (worker.launch == launch) {
                endTree(worker);
            }
        }));
    }

    private void endTree(Worker worker) {
        WorkerProcess process = worker.process;
        if (process == null || worker.endingTree || worker.treeGone) {
            return;
        }
        worker.endingTree = true;
        int launch = worker.launch;
        CompletableFuture<Integer> ended = process.endTree().toCompletableFuture();
        if (ended.isDone() && !ended.isCompletedExceptionally()) {
            // Mostly nobody is left, and that is known.
            treeEnded(worker, launch, ended.join(), null);
            return;
        }
        ended.whenComplete((killed, fault) -> loop.execute(() -> treeEnded(worker, launch, killed, fault)));
    }

    private void treeEnded(Worker worker, int launch, @Nullable Integer killed, @Nullable Throwable fault) {
        if (worker.launch != launch) {
            return;
        }
        worker.endingTree = false;
        if (fault != null) {
            worker.reason = fault.getMessage();
            fire(worker, LifeEvent.STUCK);
            return;
        }
        worker.treeGone = true;
        worker.leftovers = killed == null ? 0 : killed;
        endedIfComplete(worker);
        if (worker.isLive() && !worker.drained && worker.launch == launch) {
            loop.schedule(DRAIN_GRACE, () -> {
                WorkerProcess process = worker.process;
                if (worker.launch == launch && !worker.drained && process != null) {
                    LOG.warn("worker {}: its output is still held open by another process; it is let go", worker.id);
                    process.abandonOutput();
                }
            });
        }
    }

    private void endedIfComplete(Worker worker) {
        if (!worker.ended && worker.mainExit != null && worker.treeGone && worker.drained && worker.process != null) {
            worker.ended = true;
            cancelStopTimer(worker);
            fire(worker, LifeEvent.ENDED);
        }
    }

    private static void cancelWait(Worker worker) {
        Future<?> retry = worker.retry;
        if (retry != null) {
            retry.cancel(false);
            worker.retry = null;
        }
        worker.decision++;
        worker.paused = null;
        // What waits has no process: an event must not name one that may be somebody else's by now.
        worker.processId = null;
    }

    private void reportStuck(Worker worker) {
        worker.stuck = true;
        LOG.error("worker {}: {}; its id stays in use and the node goes on trying", worker.id, worker.reason);
        NodeException failure = new NodeException(
                ErrorCode.STOP_WORKER_FAILED, "worker '" + worker.id + "' could not be ended: " + worker.reason);
        settlement.failStops(worker, failure);
        int launch = worker.launch;
        loop.schedule(STUCK_RETRY, () -> {
            if (worker.launch == launch && worker.state == WorkerState.STOPPING) {
                endTree(worker);
            }
        });
    }

    /** Brings what the backend says of one launch into the loop. */
    private final class Listener implements ProcessListener {
        private final Worker worker;
        private final int launch;

        Listener(Worker worker, int launch) {
            this.worker = worker;
            this.launch = launch;
        }

        @Override
        public void exited(ProcessExit exit) {
            loop.execute(() -> {
                if (worker.launch == launch && worker.mainExit == null) {
                    worker.mainExit = exit;
                    if (worker.process != null) {
                        fire(worker, LifeEvent.MAIN_EXITED);
                        endedIfComplete(worker);
                    }
                }
            });
        }

        @Override
        public void drained() {
            loop.execute(() -> {
                if (worker.launch == launch && !worker.drained) {
                    worker.drained = true;
                    endedIfComplete(worker);
                }
            });
        }
    }
}
