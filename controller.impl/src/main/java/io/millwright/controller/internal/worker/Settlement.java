package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopMode;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.ScheduleOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Settles the beginnings and ends of runs: records an exit, answers the callers that wait for it, and decides whether a restart follows.
 * Runs in the controller loop.
 */
public final class Settlement {
    private static final int LOG_LINES = 20;

    /** What may follow the end of a run; set once while the node is put together. */
    public interface Sequel {
        /** The restart policy wants another run after a delay. */
        void restart(Worker worker, Duration delay);

        /** An operator or a configuration wants another run now. */
        void follow(Worker worker, Follow follow);

        /** The worker waits for the next of its times. */
        void scheduled(Worker worker, WorkerExit exit);

        /** The run beside the current one, which has ended, takes its place; the worker has ended with that one if an end is given. */
        void takePlace(Worker worker, @Nullable HeldEnd held);

        /** A worker had failed before the last of its runs was gone. */
        void failed(Worker worker);

        /** No run follows. */
        void endedForGood(Worker worker, WorkerRun run);

        /** Whether the node takes no new starts. */
        boolean isShuttingDown();

        /** The processes of a worker cannot be ended. */
        void stuck(Worker worker);
    }

    private final ControllerLoop loop;
    private final Registry registry;
    private final WorkerEvents events;
    private final RandomGenerator random;

    /** Says how runs have ended. */
    final ExitJudge exits;

    private @Nullable Sequel sequel;

    public Settlement(ControllerLoop loop, Registry registry, WorkerEvents events, RandomGenerator random) {
        this.loop = loop;
        this.registry = registry;
        this.events = events;
        this.random = random;
        exits = new ExitJudge(loop);
    }

    public void setSequel(Sequel next) {
        this.sequel = next;
    }

    private Sequel sequel() {
        return Objects.requireNonNull(sequel, "the node is not put together");
    }

    /** Completes the start. */
    void started(Worker worker) {
        Run run = Objects.requireNonNull(worker.run, "no run");
        Moment started = Objects.requireNonNull(run.started, "not started");
        worker.restartTracker.ready(started.elapsed());
        CompletableFuture<StartResult> waiter = worker.startWaiter;
        worker.startWaiter = null;
        if (waiter != null && run.process != null) {
            StartResult result =
                    StartResult.of(worker.id, started.at(), run.who, run.process.pid(), run.created.until(started));
            events.complete(waiter, result);
        }
    }

    /** Records an end, completes the calls that wait for it, and decides what follows. */
    void settle(Worker worker) {
        WorkerExit exit = Objects.requireNonNull(worker.exit, "an end without an exit");
        Run ended = worker.run;
        WorkerRun run = record(worker, exit);
        worker.completed |= exit.exitClass() == ExitClass.SUCCESS;
        if (worker.held != null) {
            settleHeld(worker, worker.held);
            return;
        } else if (worker.hasNext()) {
            sequel().takePlace(worker, null);
            return;
        } else if (worker.beside != null && worker.stop != null) {
            sequel().takePlace(worker, held(worker, exit, run));
            return;
        }
        completeStops(worker, exit);
        if (worker.beside == null && follows(worker)) {
            return;
        }
        settle(worker, ended, exit, run);
    }

    /** Notes an end, and tells the caller that waits for the start that it has come to. */
    private WorkerRun record(Worker worker, WorkerExit exit) {
        Run ended = worker.run;
        WorkerRun run = WorkerRun.builder(
                        worker.id, worker.definition.spec.type(), ended == null ? exit.at() : ended.created.at(), exit)
                .pid(worker.pid())
                .run(ended == null || worker.exitOfWait ? null : ended.number)
                .started(ended == null || ended.started == null ? null : ended.started.at())
                .restart(worker.restarts)
                .build();
        if (!worker.exitOfWait) {
            registry.record(run);
        }
        failStart(worker, exit);
        return run;
    }

    /** Notes the end of a run beside the current one. */
    void settleSecond(Worker place) {
        record(place, Objects.requireNonNull(place.exit, "an end without an exit"));
    }

    private static HeldEnd held(Worker worker, WorkerExit exit, WorkerRun run) {
        return new HeldEnd(exit, run, worker.state == WorkerState.FAILED, worker.reason, worker.stop);
    }

    /** The last run of a worker is gone whose end was held back for it. */
    private void settleHeld(Worker worker, HeldEnd held) {
        worker.held = null;
        worker.exit = held.exit();
        worker.stop = held.stop();
        worker.reason = held.reason();
        completeStops(worker, held.exit());
        if (!follows(worker)) {
            if (held.failed()) {
                sequel().failed(worker);
            }
            endForGood(worker, held.run(), held.exit());
        }
    }

    /** Whether another run follows that an operator or a configuration has asked for. */
    private boolean follows(Worker worker) {
        Follow follow = worker.follow;
        worker.follow = null;
        if (follow != null && !sequel().isShuttingDown()) {
            sequel().follow(worker, follow);
            return true;
        }
        if (follow != null) {
            NodeException closing = shuttingDown();
            events.fail(follow.result(), closing);
        }
        return false;
    }

    /** Does what the restart policy says of an end. */
    private void settle(Worker worker, @Nullable Run ended, WorkerExit exit, WorkerRun run) {
        OptionValues options = worker.options;
        RestartTracker.Verdict verdict = options == null || worker.stop != null || sequel().isShuttingDown()
                ? null
                : worker.restartTracker.ended(
                        RestartTracker.Rules.of(options),
                        exit,
                        ended == null ? Run.Then.POLICY : Demand.then(ended, exit, options),
                        loop.now().elapsed(),
                        random);
        if (verdict != null) {
            worker.reason = verdict.reason();
        }
        if (verdict != null && verdict.again()) {
            sequel().restart(worker, verdict.delay());
        } else if (verdict != null && ScheduleOptions.isGiven(options)) {
            completeExits(worker, exit);
            sequel().scheduled(worker, exit);
        } else {
            if (verdict != null) {
                events.lines.notRestarted(worker);
            }
            if (worker.beside != null) {
                sequel().takePlace(worker, held(worker, exit, run));
            } else {
                endForGood(worker, run, exit);
            }
        }
    }

    static NodeException shuttingDown() {
        return new NodeException(ErrorCode.NODE_SHUTTING_DOWN, "the node is shutting down and starts nothing any more");
    }

    private void endForGood(Worker worker, WorkerRun run, WorkerExit exit) {
        if (worker.restartTracker.endLoop()) {
            worker.publishView();
        }
        worker.log.endForGood();
        worker.logEnded = true;
        registry.ended(worker);
        completeExits(worker, exit);
        sequel().endedForGood(worker, run);
    }

    private void completeExits(Worker worker, WorkerExit exit) {
        List<CompletableFuture<WorkerExit>> waiters = List.copyOf(worker.exitWaiters);
        worker.exitWaiters.clear();
        waiters.forEach(waiter -> events.complete(waiter, exit));
    }

    private void failStart(Worker worker, WorkerExit exit) {
        CompletableFuture<StartResult> waiter = worker.startWaiter;
        worker.startWaiter = null;
        if (waiter != null) {
            NodeException failure = new NodeException(
                    ErrorCode.CANNOT_START,
                    "worker '" + worker.id + "' could not be started: " + exit.reason(),
                    List.of(),
                    linesOfLastRun(worker),
                    exit,
                    null);
            events.fail(waiter, failure);
        }
    }

    /** What a worker has written last; of runs before its last one only if that has written nothing. */
    private static List<LogEntry> linesOfLastRun(Worker worker) {
        List<LogEntry> all = worker.log.tail(LOG_LINES);
        Run run = worker.run;
        List<LogEntry> own = run == null
                ? List.of()
                : all.stream()
                        .filter(line -> !line.time().isBefore(run.created.at()))
                        .toList();
        return own.isEmpty() ? all : own;
    }

    private void completeStops(Worker worker, WorkerExit exit) {
        if (worker.stopWaiters.isEmpty()) {
            return;
        }
        StopRequest stop = worker.stop;
        StopResult result = StopResult.of(
                worker.id,
                worker.definition.spec.type(),
                stop == null ? StopMode.GRACEFUL : stop.mode,
                stop == null ? Caller.FRAMEWORK : stop.caller,
                stop == null ? exit.at() : stop.when.at(),
                exit);
        List<CompletableFuture<StopResult>> waiters = List.copyOf(worker.stopWaiters);
        worker.stopWaiters.clear();
        waiters.forEach(waiter -> events.complete(waiter, result));
    }

    /** Tells the callers that wait for a stop that it failed. */
    void failStops(Worker worker, NodeException failure) {
        List<CompletableFuture<StopResult>> waiters = List.copyOf(worker.stopWaiters);
        worker.stopWaiters.clear();
        waiters.forEach(waiter -> events.fail(waiter, failure));
        sequel().stuck(worker);
    }

    /** A length of time as people write it. */
    static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
