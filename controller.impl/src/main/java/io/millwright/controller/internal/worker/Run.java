package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.log.LogLane;
import io.millwright.controller.internal.process.Leftover;
import io.millwright.controller.internal.process.ProcessExit;
import io.millwright.controller.internal.process.WorkerProcess;
import io.millwright.controller.internal.worker.ready.Health;
import io.millwright.controller.internal.worker.ready.Readiness;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One launch of a worker, from its admission to its end. What belongs to one launch dies with this object. Belongs to the
 * controller loop.
 */
public final class Run {
    /** What follows an end that nobody asked for. */
    enum Then {
        /** What the restart policy says. */
        POLICY,
        /** Another run, after the delays of the restart policy and within its limit. */
        RESTART,
        /** The wait for the next connection, at once. */
        DEMAND,
        /** Nothing. */
        REST
    }

    /** What it was launched from; {@code null} for a start that was refused, which never has a process. */
    public final Admission.@Nullable Planned plan;

    /** The caller that asked for it. */
    final Caller who;

    final Moment created;

    /** Where it is, or was when another run came there. */
    private @Nullable Worker at;

    /** Its process is not wanted any more, should it not be there yet; for any thread. */
    volatile boolean cancelled;

    /** Its number, {@code null} if its worker never has two runs at once. */
    @Nullable
    Long number;

    /** Where its output goes. */
    @Nullable
    LogLane lane;

    @Nullable
    Moment started;

    /** Its processes, from the moment they are there. */
    public @Nullable WorkerProcess process;

    /** As whom and within which limits its process runs, read back from it; empty if its options ask for nothing of the kind. */
    Map<String, Object> inForce = Map.of();

    /** Why its group has refused the limits it was given last; {@code null} if it has taken them. */
    @Nullable
    String limitsRefused;

    /** The options its group's limits are from; for any thread. */
    volatile @Nullable OptionValues limits;

    /** What it waits for before it is ready, while it does. */
    @Nullable
    Readiness readiness;

    /** What asks it how it is, while it runs and its options say so. */
    @Nullable
    Health health;

    /** What its program says of itself ({@code STATUS=}). */
    @Nullable
    String status;

    /** What its program says it is doing instead of its work: reloading, stopping. */
    @Nullable
    String doing;

    /** What of it has failed, if it has components. */
    final FailedComponents failedComponents = new FailedComponents();

    /** How its main process ended. */
    public @Nullable ProcessExit mainExit;

    @Nullable
    Moment mainExitAt;

    boolean drained;
    boolean endingTree;
    boolean treeGone;
    /** Exit, tree and output are all at their end, and that was told. */
    boolean ended;

    List<Leftover> leftovers = List.of();
    boolean stuck;

    /** Why it could not be started. */
    @Nullable
    String failure;

    /** The signal of a stop was sent, and the stop itself comes in the same turn of the loop. */
    boolean signalledAhead;

    @Nullable
    Future<?> stopTimer;

    /** When it is killed if it does not end; not known before it is told to end. */
    @Nullable
    Moment killedAt;

    /** Its stop was asked for, and it is told to end when those have ended that need it. */
    boolean isHeld;

    /** By which runs of the workers that it requires it was started. */
    Map<WorkerId, Run> startedBy = Map.of();

    /** Sends the signal of a stop to a run that was asked to end over its channel and does not. */
    @Nullable
    Future<?> signalTimer;

    /** What the node runs for it just now, before, beside or after its process. */
    @Nullable
    CommandRun command;

    /** Its own command to stop it was begun. */
    boolean commanded;

    /** How long the commands before its process took. */
    Duration prepared = Duration.ZERO;

    /** It was asked over its channel to end. */
    boolean askedToEnd;

    /** Its control channel; {@code null} for one that has none. */
    public @Nullable Channel channel;

    /** Why the node ends it, though nobody asked for that; {@code null} if it does not. */
    @Nullable
    String givenUp;

    Then then = Then.POLICY;

    Run(Admission.Planned plan, Caller who, Moment created) {
        this.plan = plan;
        this.who = who;
        this.created = created;
    }

    private Run(String failure, Caller who, Moment created) {
        this.plan = null;
        this.who = who;
        this.created = created;
        this.failure = failure;
    }

    /** A start that is refused before there is a process. */
    static Run refused(String failure, Caller who, Moment now) {
        return new Run(failure, who, now);
    }

    /** Its processes while the main one is there and has not ended. */
    public @Nullable WorkerProcess live() {
        return mainExit == null ? process : null;
    }

    /** It is the run of a worker, or of the place beside one, from now on. */
    void moveTo(Worker place) {
        at = place;
    }

    /** Where it is: a worker, or the place beside one; {@code null} once another run is there. */
    @Nullable
    Worker place() {
        Worker now = at;
        return now != null && now.run == this ? now : null;
    }

    List<String> customizers() {
        return plan == null ? List.of() : plan.customizers();
    }

    void cancelStopTimers() {
        cancel(stopTimer);
        stopTimer = null;
        cancel(signalTimer);
        signalTimer = null;
    }

    private static void cancel(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
