package io.millwright.controller.internal.worker;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.StopMode;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.process.WorkerProcess;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells runs to end (by command, over the channel, by signal), kills what does not, and sees when nothing of them is left. Runs in
 * the controller loop.
 */
final class RunEnder {
    private static final Logger LOG = LoggerFactory.getLogger(RunEnder.class);
    private static final Duration DRAIN_GRACE = Duration.ofMillis(50);
    private static final Duration STUCK_RETRY = Duration.ofSeconds(5);
    /** A CONT would take these back before the worker has seen them. */
    private static final Set<Signal> HALTING = EnumSet.of(Signal.STOP, Signal.TSTP, Signal.TTIN, Signal.TTOU);

    /** A run that was asked over its channel to end gets no more time for it than this. */
    private static final Duration ASK_LIMIT = Duration.ofSeconds(5);

    private final ControllerLoop loop;
    private final Supervisor supervisor;
    private final Settlement settlement;
    private final Channels channels;
    private final RunCommands commands;
    private Predicate<Worker> mayEnd = worker -> true;

    RunEnder(
            ControllerLoop loop,
            Supervisor supervisor,
            Settlement settlement,
            Channels channels,
            RunCommands commands) {
        this.loop = loop;
        this.supervisor = supervisor;
        this.settlement = settlement;
        this.channels = channels;
        this.commands = commands;
    }

    void setMayEnd(Predicate<Worker> condition) {
        mayEnd = condition;
    }

    /** Tells a worker to end, unless others have to end first. */
    void signalStop(Worker worker) {
        Run run = worker.run;
        StopRequest request = worker.stop;
        // The main process may have ended before the spawn was told: what it left in its group is to be stopped all the
        // same.
        if (run != null && run.command != null && (run.process == null || run.treeGone)) {
            endCommand(worker, run, run.command);
            return;
        }
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
        if (request != null && worker.whole == null && !mayEnd.test(worker)) {
            return;
        }
        Signal signal = stopSignal(worker, options);
        Duration timeout = stopTimeout(worker, options);
        run.cancelStopTimers();
        if (asksToEnd(run, options)) {
            askToEnd(worker, run, signal, timeout);
        } else if (!run.signalledAhead) {
            tell(worker, run, options.signal() == null, signal);
        }
        run.signalledAhead = false;
        killAfter(run, timeout);
    }

    /** Has the signal of a stop sent that comes next, in the same turn of the loop, to a run that is told to end by a signal. */
    void signalAhead(Worker worker, StopOptions options) {
        Run run = worker.run;
        WorkerProcess process = run == null || run.stuck ? null : run.live();
        if (worker.state == WorkerState.STARTED
                && run != null
                && process != null
                && !asksToEnd(run, options)
                && !RunCommands.hasStop(worker)) {
            run.signalledAhead = true;
            sendStop(worker, process, stopSignal(worker, options));
        }
    }

    private void killAfter(Run run, Duration timeout) {
        run.killedAt = loop.now().plus(timeout);
        Worker told = run.place();
        if (told != null) {
            told.publishView();
        }
        run.stopTimer = Deadline.after(loop, timeout, () -> {
            Worker worker = run.place();
            if (worker != null && worker.state == WorkerState.STOPPING && !run.endingTree) {
                if (worker.stop != null) {
                    worker.stop.timedOut = timeout;
                }
                LOG.warn("worker {}: still there {} after its stop; it is killed", worker.id, Settlement.text(timeout));
                supervisor.fire(worker, LifeEvent.STOP_TIMEOUT);
            }
        });
    }

    /** The program of a worker that is told to end asks for more time: it has this long from now on. */
    void extendStop(Worker worker, Duration time) {
        Run run = worker.run;
        if (run != null && run.stopTimer != null && !run.endingTree) {
            run.stopTimer.cancel(false);
            killAfter(run, time);
        }
    }

    /** Whether a run is asked over its channel to end before a signal is sent; never a second time, for that did not help. */
    private static boolean asksToEnd(Run run, StopOptions options) {
        return run.channel != null && run.channel.isUp() && !run.askedToEnd && options.signal() == null;
    }

    private void askToEnd(Worker worker, Run run, Signal signal, Duration timeout) {
        run.askedToEnd = true;
        Duration half = timeout.dividedBy(2);
        run.signalTimer =
                loop.schedule(half.compareTo(ASK_LIMIT) < 0 ? half : ASK_LIMIT, () -> sendStopAfterAll(run, signal));
        channels.operations()
                .shutDown(worker, Objects.requireNonNull(run.channel))
                .whenComplete((answer, fault) -> {
                    if (fault != null) {
                        loop.execute(() -> sendStopAfterAll(run, signal));
                    }
                });
    }

    private void sendStopAfterAll(Run run, Signal signal) {
        Worker worker = run.place();
        Future<?> timer = run.signalTimer;
        if (worker != null && timer != null && run.process != null && !run.endingTree && !run.treeGone) {
            timer.cancel(false);
            run.signalTimer = null;
            tell(worker, run, true, signal);
        }
    }

    /** Runs the worker's own command if it may be used and was not yet; sends the signal otherwise. */
    private void tell(Worker worker, Run run, boolean mayCommand, Signal signal) {
        WorkerProcess process = run.process;
        if (process == null || mayCommand && run.command != null) {
            return;
        }
        boolean commanded = mayCommand
                && commands.stop(worker, run, process.pid(), failure -> {
                    if (run.place() != null
                            && !run.endingTree
                            && !run.treeGone
                            && (failure != null || run.mainExit != null)) {
                        // It has failed, or has ended the main process and not all that belongs to it.
                        sendStop(worker, process, signal);
                    }
                    endedIfComplete(run);
                });
        if (!commanded) {
            sendStop(worker, process, signal);
        }
    }

    /** A stop meets a command in place of the process: one before it is asked to end, one after it has the time of the stop. */
    private void endCommand(Worker worker, Run run, CommandRun command) {
        if (!run.ended) {
            command.terminate();
        }
        if (run.stopTimer == null) {
            StopRequest request = worker.stop;
            killAfter(run, stopTimeout(worker, request == null ? StopOptions.GRACEFUL : request.options));
        }
    }

    /** How long a stop of a worker waits before it kills. */
    static Duration stopTimeout(Worker worker, StopOptions asked) {
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
                LOG.warn("worker {}: {} could not be sent: {}", worker.id, signal, RunLauncher.message(fault));
            } else if (sent && !HALTING.contains(signal)) {
                // A halted worker takes the signal only when it goes on; one that runs is not disturbed.
                var ignored = process.signalGroup(Signal.CONT);
            }
        });
    }

    /** Waits until the group of a run whose main process has ended is gone. */
    void awaitGroup(Worker worker) {
        Run run = worker.run;
        if (run == null || run.process == null || run.endingTree) {
            return;
        }
        CompletableFuture<Void> groupGone = run.process.groupGone().toCompletableFuture();
        if (groupGone.isDone()) {
            endProcesses(run);
            return;
        }
        if (run.commanded && run.command == null) {
            // Its command was not for what the main process has left.
            sendStop(worker, run.process, stopSignal(worker, StopOptions.GRACEFUL));
        }
        groupGone.whenComplete((gone, fault) -> loop.execute(() -> endProcesses(run)));
    }

    /** Kills what is left of a run, and what the node runs for it. */
    void endTree(Worker worker) {
        Run run = worker.run;
        if (run != null && run.command != null) {
            run.command.kill();
        }
        if (run != null) {
            endProcesses(run);
        }
    }

    private void endProcesses(Run run) {
        if (run.place() == null || run.process == null || run.endingTree || run.treeGone) {
            return;
        }
        run.endingTree = true;
        CompletableFuture<Integer> ended = run.process.endTree().toCompletableFuture();
        if (ended.isDone() && !ended.isCompletedExceptionally()) {
            // Mostly nothing is left, and that is known.
            treeEnded(run, null);
            return;
        }
        ended.whenComplete((killed, fault) -> loop.execute(() -> treeEnded(run, fault)));
    }

    private void treeEnded(Run run, @Nullable Throwable fault) {
        Worker worker = run.place();
        if (worker == null) {
            return;
        }
        run.endingTree = false;
        if (fault != null) {
            worker.reason = RunLauncher.message(fault);
            supervisor.fire(worker, LifeEvent.STUCK);
            return;
        }
        run.treeGone = true;
        run.leftovers = run.process == null ? List.of() : run.process.leftBehind();
        endedIfComplete(run);
        if (!run.ended && !run.drained) {
            loop.schedule(DRAIN_GRACE, () -> abandonOutput(run));
        }
    }

    private static void abandonOutput(Run run) {
        if (!run.drained && run.process != null) {
            run.process.abandonOutput();
        }
    }

    void endedIfComplete(Run run) {
        Worker worker = run.place();
        if (worker != null
                && !run.ended
                && run.mainExit != null
                && run.treeGone
                && run.drained
                && run.process != null
                && run.command == null) {
            run.ended = true;
            run.cancelStopTimers();
            if (run.readiness != null) {
                run.readiness.cancel();
                run.readiness = null;
            }
            commands.after(worker, run, at -> {
                run.cancelStopTimers();
                boolean unready = run.givenUp != null && run.started == null && at.state == WorkerState.STOPPING;
                supervisor.fire(at, unready ? LifeEvent.ENDED_UNREADY : LifeEvent.ENDED);
            });
        }
    }

    /** A run has come to nothing before it had a process. */
    void spawnFailed(Run run, String message) {
        Worker worker = run.place();
        if (worker != null && !run.ended) {
            run.failure = message;
            run.ended = true;
            run.cancelStopTimers();
            commands.after(worker, run, at -> {
                run.cancelStopTimers();
                supervisor.fire(at, LifeEvent.SPAWN_FAILED);
            });
        }
    }

    void reportStuck(Worker worker) {
        Run run = Objects.requireNonNull(worker.run, "no run");
        run.stuck = true;
        LOG.error("worker {}: {}; its id stays in use and the node goes on trying", worker.id, worker.reason);
        if (worker.whole == null) {
            failStops(worker);
        }
        loop.schedule(STUCK_RETRY, () -> {
            Worker at = run.place();
            if (at != null && at.state == WorkerState.STOPPING) {
                endTree(at);
            }
        });
    }

    /** Nothing but a run that cannot be ended is left of a worker. */
    void failStops(Worker worker) {
        NodeException failure = new NodeException(
                ErrorCode.STOP_WORKER_FAILED, "worker '" + worker.id + "' could not be ended: " + worker.reason);
        settlement.failStops(worker, failure);
    }
}
