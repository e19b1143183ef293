package io.millwright.controller.internal.configured;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.launch.Planner;
import io.millwright.controller.internal.options.CgroupOptions;
import io.millwright.controller.internal.options.ScheduleOptions;
import io.millwright.controller.internal.options.SocketOptions;
import io.millwright.controller.internal.options.WatchOptions;
import io.millwright.controller.internal.worker.Worker;
import io.millwright.options.OptionChanges;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration asks for, given how its worker is. Made by {@link #of} both for the change and for the plan of it, so that
 * the two cannot differ. Immutable.
 *
 * @param kind what is to be done
 * @param keys keys of options that change; of a restart those that need it
 * @param reason why it is refused, {@code null} if it is not, or if there are problems
 * @param problems what is wrong with the options
 */
record Decision(Kind kind, Set<String> keys, @Nullable String reason, List<Problem> problems) {
    /** What is to be done. */
    enum Kind {
        /** A worker nobody knows is made and started, if it is not disabled. */
        CREATE,
        /** A known one that does not run becomes configured and is started, if it is not disabled. */
        ADOPT,
        /** One that is ending, because its configuration was deleted or disabled or has changed, is started when it has ended. */
        FOLLOW,
        /** One whose start is being checked is checked and started with the new options instead. */
        REPLAN,
        /** One that does not run is started, because it was refused, disabled or failed before. */
        BEGIN,
        /** One that does not run takes the options. */
        NOTE,
        /** One that lives is stopped, because it is disabled now. */
        DISABLE,
        /** One that lives takes the options. */
        IN_PLACE,
        /** One that lives is stopped and started. */
        RESTART,
        /** The options are wrong. */
        BAD_OPTIONS,
        /** The worker is somebody else's. */
        NOT_OURS
    }

    /**
     * How a worker is, as far as configurations mind.
     *
     * @param id its id
     * @param type its worker type
     * @param pid the configuration it comes from, {@code null} if none
     * @param source where that configuration comes from, in words
     * @param state its state
     * @param pending whether its start is being checked
     * @param unstarted whether it does not run because it was refused, disabled or failed
     * @param disabled whether its configuration says that it is not to run
     * @param stopped whether its end, under way or over, was asked for; the node also ends what is not ready in time, or cannot be ended
     * @param following whether another run follows the end that is under way
     * @param options the options in force, {@code null} if it has none
     */
    record Situation(
            WorkerId id,
            String type,
            @Nullable String pid,
            String source,
            WorkerState state,
            boolean pending,
            boolean unstarted,
            boolean disabled,
            boolean stopped,
            boolean following,
            @Nullable OptionValues options) {
        static Situation of(Worker worker, boolean pending) {
            boolean unstarted = worker.state == WorkerState.FAILED
                    || worker.definition.disabled
                    || (worker.state == WorkerState.INACTIVE && worker.exit == null);
            return new Situation(
                    worker.id,
                    worker.definition.spec.type(),
                    worker.definition.pid,
                    worker.definition.source,
                    worker.state,
                    pending,
                    unstarted,
                    worker.definition.disabled,
                    worker.isStopped(),
                    worker.follow != null,
                    worker.options);
        }

        /** One that nobody knows yet, while a call has its first start checked. */
        static Situation unborn(WorkerId id) {
            return new Situation(id, "", null, "a call", WorkerState.INACTIVE, true, false, false, false, false, null);
        }

        /** A group of instances, whose id no other worker may have. */
        static Situation group(WorkerId id, String type, @Nullable String pid, String source, boolean lives) {
            WorkerState state = lives ? WorkerState.STARTED : WorkerState.INACTIVE;
            return new Situation(id, type, pid, source, state, false, false, false, false, false, null);
        }

        boolean isLive() {
            return state.isLive();
        }

        /** Whether it ends for good: its end was asked for, and no other run follows; one that the node ends may be restarted. */
        boolean isEnding() {
            return state == WorkerState.STOPPING && stopped && !following;
        }

        /** How it is once its configuration is deleted. */
        Situation deleted() {
            WorkerState next = isLive() || pending ? WorkerState.STOPPING : WorkerState.EXITED;
            return new Situation(id, type, null, source, next, false, unstarted, false, true, false, options);
        }
    }

    /** Whether a worker that does not run is to be started, if it is not disabled. */
    boolean isBegin() {
        return kind == Kind.CREATE || kind == Kind.ADOPT || kind == Kind.BEGIN;
    }

    /** Whether an instance is restarted, or started after a failure: that is done some at a time. */
    boolean takesTurn(Configured configured, WorkerState state) {
        return configured.isPart() && (kind == Kind.RESTART || kind == Kind.BEGIN && state == WorkerState.FAILED);
    }

    private static Decision just(Kind kind) {
        return new Decision(kind, Set.of(), null, List.of());
    }

    /**
     * Decides.
     *
     * @param worker how the worker is, {@code null} if nobody knows it
     * @param configured the configuration
     * @param reading its options
     */
    static Decision of(@Nullable Situation worker, Configured configured, Planner.Reading reading) {
        if (worker != null && worker.pid() != null && !configured.pid().equals(worker.pid())) {
            return new Decision(Kind.NOT_OURS, Set.of(), IdClaims.outranked(worker.id(), worker.source()), List.of());
        } else if (!reading.problems().isEmpty()) {
            return new Decision(Kind.BAD_OPTIONS, Set.of(), null, reading.problems());
        } else if (worker == null) {
            return just(Kind.CREATE);
        } else if (worker.pid() == null) {
            return takeOver(worker, reading);
        }
        return change(worker, reading);
    }

    private static Decision takeOver(Situation worker, Planner.Reading reading) {
        if (worker.state() == WorkerState.STOPPING) {
            return just(reading.values().flag("disabled") ? Kind.DISABLE : Kind.FOLLOW);
        } else if (worker.isLive() || worker.pending()) {
            return new Decision(
                    Kind.NOT_OURS,
                    Set.of(),
                    "worker '" + worker.id() + "' was started by a call and runs; stop it, or choose another id",
                    List.of());
        }
        return just(Kind.ADOPT);
    }

    private static Decision change(Situation worker, Planner.Reading reading) {
        boolean disabled = reading.values().flag("disabled");
        OptionValues before = worker.options();
        Set<String> changed = before == null ? Set.of() : changedKeys(before, reading, false);
        // One that is disabled and runs does so by a caller's word, which a change of something else leaves alone.
        boolean becomesDisabled = disabled && !worker.disabled();
        if (worker.pending()) {
            return new Decision(becomesDisabled ? Kind.DISABLE : Kind.REPLAN, changed, null, List.of());
        } else if (worker.state() == WorkerState.STOPPING && (worker.stopped() || disabled)) {
            return changeStopping(worker, disabled, changed);
        } else if (!worker.isLive()) {
            boolean begins = worker.unstarted() || waitsFromNowOn(worker, reading);
            return new Decision(begins && !disabled ? Kind.BEGIN : Kind.NOTE, changed, null, List.of());
        }
        if (becomesDisabled) {
            return new Decision(Kind.DISABLE, changed, null, List.of());
        }
        if (changed.contains(WatchOptions.DIRECTORIES) && !reading.unwatchable().isEmpty()) {
            return new Decision(Kind.BAD_OPTIONS, Set.of(), null, reading.unwatchable());
        }
        Set<String> restart = before == null ? Set.of() : restartKeys(before, reading);
        if (restart.isEmpty()) {
            return new Decision(Kind.IN_PLACE, changed, null, List.of());
        }
        // What the node itself is ending ends first.
        Kind kind = worker.state() == WorkerState.STOPPING ? Kind.FOLLOW : Kind.RESTART;
        return new Decision(kind, restart, null, List.of());
    }

    /** Whether a worker that has ended by itself is to wait for times or connections now, and was not before. */
    private static boolean waitsFromNowOn(Situation worker, Planner.Reading reading) {
        return worker.state() == WorkerState.EXITED
                && !worker.stopped()
                && waits(reading.values())
                && (worker.options() == null || !waits(worker.options()));
    }

    private static boolean waits(OptionValues options) {
        return ScheduleOptions.isGiven(options) || SocketOptions.isByDemand(options);
    }

    /** A change for a worker that is ending: one that an operator stopped rests, one that its configuration stopped may come back. */
    private static Decision changeStopping(Situation worker, boolean disabled, Set<String> changed) {
        boolean comesBack = worker.following() || worker.disabled() && !disabled;
        boolean rests = disabled && !(worker.disabled() && worker.following());
        Kind kind = rests ? Kind.DISABLE : comesBack ? Kind.FOLLOW : Kind.NOTE;
        return new Decision(kind, changed, null, List.of());
    }

    /** Keys for which it restarts: those whose change needs it, and those that give it a group or take it away. */
    private static Set<String> restartKeys(OptionValues before, Planner.Reading after) {
        Set<String> keys = changedKeys(before, after, true);
        if (CgroupOptions.isAsked(before) == CgroupOptions.isAsked(after.values())) {
            return keys;
        }
        Set<String> all = new TreeSet<>(changedKeys(before, after, false));
        all.retainAll(CgroupOptions.keys());
        all.addAll(keys);
        return all;
    }

    /** Keys whose values differ; on request only those whose change needs a restart. */
    private static Set<String> changedKeys(OptionValues before, Planner.Reading after, boolean restartOnly) {
        return OptionChanges.keys(after.definitions(), before, after.values(), restartOnly);
    }
}
