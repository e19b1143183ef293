package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.launch.Planner;
import io.millwright.controller.internal.options.InstanceOptions;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Stops and restarts workers; runs in the controller loop. */
public final class Stopper {
    private final ControllerLoop loop;
    private final Registry registry;
    private final Supervisor supervisor;
    private final Starter starter;
    private final Planner planner;
    private final WorkerEvents events;
    private final OperatorWords words;
    private @Nullable DependencyRules rules;
    private @Nullable Overlap overlap;

    public Stopper(
            ControllerLoop loop,
            Registry registry,
            Supervisor supervisor,
            Starter starter,
            Planner planner,
            WorkerEvents events,
            OperatorWords words) {
        this.loop = loop;
        this.registry = registry;
        this.supervisor = supervisor;
        this.starter = starter;
        this.planner = planner;
        this.events = events;
        this.words = words;
    }

    /** Has those end that are stopped gracefully next, in the same turn of the loop. */
    public void signalAhead(Collection<Worker> workers, StopOptions options) {
        for (Worker worker : workers) {
            if (!starter.isPending(worker.id) && !starter.dependencies().isNeeded(worker)) {
                supervisor.signalAhead(worker, options);
            }
        }
    }

    void setRules(DependencyRules dependencyRules) {
        rules = dependencyRules;
    }

    void setOverlap(Overlap those) {
        overlap = those;
    }

    private Overlap overlap() {
        return Objects.requireNonNull(overlap, "the node is not put together");
    }

    private DependencyRules rules() {
        return Objects.requireNonNull(rules, "the node is not put together");
    }

    /** Stops a worker, and first those that require it; a restart that was to follow is cancelled. */
    public void stop(WorkerId id, StopOptions options, Caller caller, CompletableFuture<StopResult> result) {
        Worker worker = registry.find(id);
        if (starter.cancel(id, options, caller, result)) {
            // An operator's word is kept once it holds: a start that is refused leaves nothing to stop.
            if (worker != null) {
                worker.intend("stopped by " + caller);
            }
            return;
        }
        if (worker == null || !worker.isLive()) {
            NodeException failure = worker == null
                    ? registry.noSuchWorker(id)
                    : new NodeException(
                            ErrorCode.WORKER_NOT_RUNNING,
                            "worker '" + id + "' is not running: it is " + worker.state.text());
            events.fail(result, failure);
            return;
        }
        worker.intend("stopped by " + caller);
        words.stopped(worker, options, caller, loop.now().at());
        worker.stoppedAt = registry.nextWord();
        cancelFollow(worker, caller);
        rules().stopDependants(worker, caller);
        worker.stopWaiters.add(result);
        // A worker that could not be ended is tried again at each stop.
        supervisor.stop(
                worker,
                isStuck(worker) || worker.beside != null && isStuck(worker.beside) ? StopOptions.KILL : options,
                caller);
    }

    private static boolean isStuck(Worker place) {
        return place.run != null && place.run.stuck;
    }

    private void cancelFollow(Worker worker, Caller caller) {
        Follow follow = worker.follow;
        worker.follow = null;
        if (follow != null) {
            NodeException cancelled = new NodeException(
                    ErrorCode.CANNOT_START, "the restart of worker '" + worker.id + "' was cancelled by " + caller);
            events.fail(follow.result(), cancelled);
        }
    }

    /** Restarts a worker with its own or other options, after making sure that they would start; starts one that is not live. */
    public void restart(
            WorkerId id, @Nullable WorkerSpec changed, Caller caller, CompletableFuture<StartResult> result) {
        restart(id, changed, Duration.ZERO, caller, result);
    }

    /** As the other, with a pause between the end of the process and the next start. */
    public void restart(
            WorkerId id,
            @Nullable WorkerSpec changed,
            Duration pause,
            Caller caller,
            CompletableFuture<StartResult> result) {
        restart(id, changed, pause, StopOptions.GRACEFUL, caller, result, registry.nextWord(), false);
    }

    /**
     * Restarts a worker as its configuration asks that was not taken, or, if that cannot start now either, as it is.
     *
     * @param notTaken what the configuration asks for, {@code null} if the worker is as it asks
     * @param stop how the run that there is ends
     */
    public void restartAnew(
            WorkerId id,
            @Nullable WorkerSpec notTaken,
            StopOptions stop,
            Caller caller,
            CompletableFuture<StartResult> result) {
        restart(id, notTaken, Duration.ZERO, stop, caller, result, registry.nextWord(), notTaken != null);
    }

    /**
     * As the other, of a restart that was asked for by an earlier word: what was stopped since then is not started for its sake.
     *
     * @param orAsItIs if what has changed cannot start, the worker restarts as it is
     */
    private void restart(
            WorkerId id,
            @Nullable WorkerSpec changed,
            Duration pause,
            StopOptions stop,
            Caller caller,
            CompletableFuture<StartResult> result,
            long word,
            boolean orAsItIs) {
        Worker worker = registry.find(id);
        if (worker == null) {
            NodeException failure = registry.noSuchWorker(id);
            events.fail(result, failure);
            return;
        }
        CompletableFuture<StartResult> changing = worker.definition.changing;
        if (changed == null && changing != null && !changing.isDone() && worker.isLive()) {
            withChange(worker, changing, pause, stop, caller, result, word);
            return;
        }
        WorkerSpec spec = changed == null ? next(worker) : changed;
        if (!worker.isLive()) {
            if (orAsItIs) {
                starter.known(worker, changed, caller, result, word);
            } else {
                worker.definition.spec = spec;
                starter.known(worker, null, caller, result, word);
            }
            return;
        }
        int ticket = worker.intend("restarted by " + caller);
        plan(new Asked(worker, ticket, word, changed, spec, pause, stop, caller, result, orAsItIs));
    }

    /** The restart that is being planned for a change is the one that is asked for; if the change is refused, the worker restarts as it is. */
    private void withChange(
            Worker worker,
            CompletableFuture<StartResult> changing,
            Duration pause,
            StopOptions stop,
            Caller caller,
            CompletableFuture<StartResult> result,
            long word) {
        int ticket = worker.ticket();
        // Completed in the loop.
        changing.whenComplete((started, fault) -> {
            if (fault == null) {
                events.complete(result, started);
            } else if (worker.isLastWord(ticket) && worker.isLive()) {
                restart(worker.id, null, pause, stop, caller, result, word, false);
            } else {
                events.fail(result, fault);
            }
        });
    }

    /** What the next run of a worker is to be, which a changed configuration that is being taken has said. */
    static WorkerSpec next(Worker worker) {
        return worker.follow == null ? worker.definition.spec : worker.follow.spec();
    }

    /** Restarts a worker as was asked for while its second run was there; a newer word makes it void. */
    void again(Worker worker, Follow follow) {
        WorkerSpec spec = follow.spec();
        WorkerSpec changed = spec.equals(worker.definition.spec) ? null : spec;
        plan(new Asked(
                worker,
                worker.ticket(),
                follow.word(),
                changed,
                spec,
                follow.pause(),
                follow.stop(),
                follow.caller(),
                follow.result(),
                false));
    }

    private void plan(Asked asked) {
        planner.admit(asked.spec())
                .whenComplete((admission, fault) -> loop.execute(
                        () -> restartPlanned(asked, admission, fault),
                        unexpected -> events.fail(asked.result(), unexpected)));
    }

    /** A restart that is being planned. */
    private record Asked(
            Worker worker,
            int ticket,
            long word,
            @Nullable WorkerSpec changed,
            WorkerSpec spec,
            Duration pause,
            StopOptions stop,
            Caller caller,
            CompletableFuture<StartResult> result,
            boolean orAsItIs) {
        /** The same, of the worker as it is. */
        Asked asItIs() {
            return new Asked(worker, ticket, word, null, next(worker), pause, stop, caller, result, false);
        }
    }

    private void restartPlanned(Asked asked, @Nullable Admission admission, @Nullable Throwable fault) {
        Worker worker = asked.worker();
        NodeException refusal = refuseRestart(worker, asked.ticket(), asked.spec(), admission, fault);
        if (refusal == null) {
            refusal = starter.refusals().ofGroup(worker);
        }
        if (refusal != null) {
            if (asked.orAsItIs() && worker.isLastWord(asked.ticket())) {
                plan(asked.asItIs());
            } else {
                events.fail(asked.result(), refusal);
            }
            return;
        }
        words.started(worker, asked.caller());
        // A change in place may have come while the restart was planned; its options are the ones to start with.
        WorkerSpec next = asked.changed() == null ? next(worker) : asked.spec();
        Follow follow = new Follow(next, asked.caller(), asked.result(), asked.pause(), asked.stop(), asked.word());
        if (admission instanceof Admission.Planned plan && InstanceOptions.isOverlap(plan.options())) {
            if (!next.equals(asked.spec())) {
                again(worker, follow);
                return;
            } else if (overlap().restart(worker, follow, plan)) {
                return;
            }
        }
        stopAndFollow(worker, follow);
    }

    /** The error of a restart that another word on the worker has come after. */
    public static NodeException overtaken(Worker worker) {
        return new NodeException(
                ErrorCode.CANNOT_START,
                "the restart of worker '" + worker.id + "' was overtaken: it was " + worker.lastWord());
    }

    /** Why a restart that was planned does not happen; {@code null} if it does. */
    private @Nullable NodeException refuseRestart(
            Worker worker, int ticket, WorkerSpec spec, @Nullable Admission admission, @Nullable Throwable fault) {
        if (!worker.isLastWord(ticket)) {
            return overtaken(worker);
        } else if (admission instanceof Admission.Refused refused) {
            return NodeException.invalid(
                    "worker '" + worker.id + "' " + goesOn(worker) + ", because its restart", refused.problems());
        }
        NodeException refusal = starter.refusals().of(spec, admission, fault);
        // An end that is under way waits for nothing; its next run waits for the type.
        if (refusal == null
                || (admission instanceof Admission.NoType
                        && (worker.state == WorkerState.STOPPING || worker.state == WorkerState.BACKOFF))
                || admission instanceof Admission.Planned) {
            return null;
        }
        return new NodeException(
                refusal.code(), "worker '" + worker.id + "' " + goesOn(worker) + ": " + refusal.getMessage());
    }

    private static String goesOn(Worker worker) {
        return worker.state == WorkerState.BACKOFF ? "goes on as it was" : "keeps running";
    }

    /** Stops a live worker, or takes one that is not as stopped, and starts it as asked. */
    public void stopAndFollow(Worker worker, Follow follow) {
        if (!worker.isLive()) {
            // A start that is being checked goes on as what it was asked for, and this one is refused.
            if (!starter.isPending(worker.id)) {
                worker.definition.spec = follow.spec();
            }
            starter.known(worker, null, follow.caller(), follow.result(), follow.word());
            return;
        }
        worker.intend("restarted by " + follow.caller());
        Follow before = worker.follow;
        worker.follow = follow;
        if (before != null) {
            passOn(follow.result(), before.result());
        }
        overlap().cancelNext(worker, follow);
        supervisor.stop(worker, follow.stop(), follow.caller());
    }

    /** A configured worker that has ended and is not to run is inactive. */
    public void rest(Worker worker) {
        if (worker.state == WorkerState.EXITED || worker.state == WorkerState.FAILED) {
            supervisor.fire(worker, LifeEvent.REST);
        }
    }

    /** Answers one caller as the other is answered. */
    void passOn(CompletableFuture<StartResult> from, CompletableFuture<StartResult> to) {
        from.whenComplete((started, fault) -> {
            if (fault != null) {
                events.fail(to, fault);
            } else {
                events.complete(to, started);
            }
        });
    }

    /** Begins the run that was to follow an end. */
    public void follow(Worker worker, Follow follow) {
        worker.definition.spec = follow.spec();
        if (follow.pause().isZero()) {
            starter.startAgain(worker, follow.caller(), follow.result());
        } else {
            starter.restarter().startLater(worker, follow);
        }
    }

    /** Whether there is a worker in a live state that the condition holds for; asked after each end. */
    public boolean isAnyLive(Predicate<Worker> condition) {
        for (Worker worker : registry.all()) {
            if (worker.isLive() && condition.test(worker)) {
                return true;
            }
        }
        return false;
    }

    /**
     * How many workers live, but for those that wait for a connection and those that run at certain times: shutdown triggers do not
     * wait for these.
     */
    public int counted() {
        return (int) live().stream()
                .filter(worker -> !worker.waitsForDemand() && !Schedules.isScheduled(worker))
                .count();
    }

    /** The workers in live states. */
    public List<Worker> live() {
        return registry.all().stream().filter(Worker::isLive).toList();
    }
}
