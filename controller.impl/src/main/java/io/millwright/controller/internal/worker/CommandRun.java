package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Signal;
import io.millwright.controller.internal.options.CommandOptions.Command;
import io.millwright.controller.internal.process.ProcessExit;
import io.millwright.controller.internal.process.ProcessListener;
import io.millwright.controller.internal.process.WorkerProcess;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One command that the node runs for a worker, from the making of its process until nothing is left of its tree and its output is
 * read. What it leaves behind is ended, and all of it when its time is over. Belongs to the controller loop.
 */
final class CommandRun {
    private static final Duration DRAIN_GRACE = Duration.ofMillis(50);
    private static final Duration STUCK_RETRY = Duration.ofSeconds(5);
    private static final Duration OUTPUT_LOOK = Duration.ofSeconds(1);

    /** Told how a command ends, in the loop. */
    interface Outcome {
        /**
         * Nothing of it is left; the last that is told.
         *
         * @param exit how its process ended, {@code null} if there never was one
         * @param failure why it has failed, for people; {@code null} if it ended with 0
         */
        void over(@Nullable ProcessExit exit, @Nullable String failure);

        /**
         * Its processes outlive SIGKILL; they are killed again from time to time, and {@link #over} comes when they are gone.
         *
         * @param why which, for people
         */
        default void stuck(String why) {}

        /** Its process is there. */
        default void begun(WorkerProcess process) {}

        /** Its time is over, and it is killed. */
        default void timedOut() {}

        /** Whether output of the command waits until its caller reads it; such output is kept after the processes are gone. */
        default boolean holdsOutput() {
            return false;
        }
    }

    private final ControllerLoop loop;
    private final Command command;
    private final Outcome outcome;
    private @Nullable WorkerProcess process;
    private @Nullable ProcessExit exit;
    private @Nullable Future<?> timer;
    private @Nullable Future<?> shutdownTimer;
    private @Nullable String killed;
    private boolean ending;
    private boolean treeGone;
    private boolean drained;
    private boolean over;
    private boolean stuck;
    private volatile boolean cancelled;

    CommandRun(ControllerLoop loop, Command command, Outcome outcome) {
        this.loop = loop;
        this.command = command;
        this.outcome = outcome;
    }

    /** What runs, for people. */
    String what() {
        return command.what();
    }

    /** Whether its process is not to be made any more; for any thread. */
    boolean isCancelled() {
        return cancelled;
    }

    /** Asks it to end; one whose process is not there yet is not begun. */
    void terminate() {
        cancelled = true;
        killed = killed == null ? "was cancelled" : killed;
        if (process != null && !ending) {
            process.signalGroup(Signal.TERM);
        }
    }

    /** Kills it with its whole tree. */
    void kill() {
        cancelled = true;
        killed = killed == null ? "was cancelled" : killed;
        endTree();
    }

    /** The node shuts down and waits no longer for it than this. */
    void endWithin(Duration most, String option) {
        if (!over && shutdownTimer == null) {
            String late = "has not ended within " + Settlement.text(most) + " of the node's shutdown (" + option + ")";
            shutdownTimer = loop.schedule(most, () -> timedOut(late));
        }
    }

    ProcessListener listener() {
        return new ProcessListener() {
            @Override
            public void exited(ProcessExit how) {
                loop.execute(() -> {
                    exit = how;
                    endTree();
                    endedIfComplete();
                });
            }

            @Override
            public void drained() {
                loop.execute(() -> {
                    drained = true;
                    endedIfComplete();
                });
            }
        };
    }

    private void cancelTimers() {
        for (Future<?> one : Arrays.asList(timer, shutdownTimer)) {
            if (one != null) {
                one.cancel(false);
            }
        }
    }

    void spawnFailed(String why) {
        over = true;
        cancelTimers();
        outcome.over(null, cancelled ? what() + " was cancelled" : what() + " cannot be run: " + why);
    }

    void spawned(WorkerProcess there) {
        process = there;
        outcome.begun(there);
        Duration limit = command.timeout();
        if (cancelled || exit != null) {
            endTree();
        } else if (limit != null) {
            timer = loop.schedule(
                    limit,
                    () -> timedOut("has not ended within " + Settlement.text(limit) + " (" + command.limit() + ")"));
        }
        endedIfComplete();
    }

    private void timedOut(String late) {
        // One whose process is not there yet is not begun.
        cancelled = true;
        if (killed == null) {
            killed = late;
        }
        outcome.timedOut();
        endTree();
    }

    private void endTree() {
        if (process == null || ending || treeGone) {
            return;
        }
        ending = true;
        CompletableFuture<Integer> ended = process.endTree().toCompletableFuture();
        ended.whenComplete((count, fault) -> loop.execute(() -> treeEnded(fault)));
    }

    private void treeEnded(@Nullable Throwable fault) {
        ending = false;
        if (fault != null) {
            if (!stuck) {
                stuck = true;
                outcome.stuck(what() + ": " + RunLauncher.message(fault));
            }
            loop.schedule(STUCK_RETRY, this::endTree);
            return;
        }
        treeGone = true;
        endedIfComplete();
        if (!over && !drained) {
            loop.schedule(DRAIN_GRACE, this::abandonOutput);
        }
    }

    private void abandonOutput() {
        if (over || drained || process == null) {
            return;
        } else if (outcome.holdsOutput()) {
            loop.schedule(OUTPUT_LOOK, this::abandonOutput);
        } else {
            process.abandonOutput();
        }
    }

    private void endedIfComplete() {
        if (over || exit == null || !treeGone || !drained) {
            return;
        }
        over = true;
        cancelTimers();
        outcome.over(exit, failure(exit));
    }

    private @Nullable String failure(ProcessExit how) {
        if (killed != null) {
            return what() + " " + killed;
        } else if (how.signal() != null) {
            return what() + " was ended by signal " + how.signal();
        }
        return Integer.valueOf(0).equals(how.code()) ? null : what() + " ended with " + how.code();
    }
}
