package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.worker.Needs.Requirement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What workers do for each other's sake: one that needs another waits for it, is stopped before it and comes back with it, and, if it
 * is bound to it, is restarted after it. Runs in the controller loop.
 */
public final class DependencyRules {
    /** Those that may overrule an operator's stop. */
    private final Registry registry;

    private final Supervisor supervisor;
    private final Dependencies dependencies;
    private final Starter starter;
    private final Stopper stopper;
    private final WorkerEvents events;
    private final OperatorWords words;
    private Consumer<WorkerId> onWait = id -> {};
    /** Those that are told to end when others are gone. */
    private final Set<Worker> held = new LinkedHashSet<>();

    private Runnable onRelaxed = () -> {};

    public DependencyRules(
            Registry registry,
            Supervisor supervisor,
            Starter starter,
            Stopper stopper,
            WorkerEvents events,
            OperatorWords words) {
        this.words = words;
        this.registry = registry;
        this.supervisor = supervisor;
        this.dependencies = starter.dependencies();
        this.starter = starter;
        this.stopper = stopper;
        this.events = events;
        registry.groups.onChange(this::regrouped);
        starter.planned().setRules(this);
        stopper.setRules(this);
        supervisor.setMayEnd(this::mayEnd);
    }

    /** Has each worker told that begins to wait for another. */
    public void onWait(Consumer<WorkerId> then) {
        onWait = then;
    }

    /** Has something run, in the loop, whenever a worker needs less than before. */
    public void onRelaxed(Runnable then) {
        onRelaxed = then;
    }

    /** A configuration asks for a worker, and is being taken until {@link #arrived}. */
    public void expect(WorkerId id) {
        dependencies.expect(id);
    }

    /** A configuration has been taken: its worker is started, failed, waits or rests. */
    public void arrived(WorkerId id) {
        dependencies.arrived(id);
        changed(id);
    }

    /** The options of a worker are others now, though it was not started by them. */
    public void learn(Worker worker, OptionValues options) {
        take(worker, options);
        look(worker);
    }

    /** Takes what a worker's options say; what it needs no longer may end without it. */
    void take(Worker worker, OptionValues options) {
        Needs before = worker.definition.needs;
        dependencies.learn(worker, options);
        releaseNeeded(before);
        if (!worker.definition.needs.all().containsAll(before.all())) {
            onRelaxed.run();
        }
    }

    /** A worker is not there any more. */
    public void forget(Worker worker) {
        Needs before = worker.definition.needs;
        dependencies.forget(worker);
        releaseNeeded(before);
        changed(worker.id);
        if (!before.isEmpty()) {
            onRelaxed.run();
        }
    }

    /** A worker is in another state. */
    public void changed(Worker worker) {
        releaseNeeded(worker.definition.needs);
        changed(worker.id);
        if (!worker.definition.needs.isEmpty() && !Dependencies.isWanted(worker)) {
            onRelaxed.run();
        }
    }

    /** What a group or an id stands for has changed: those that wait for others, or for the ends of others, look again. */
    private void regrouped() {
        releaseHeld();
        for (Worker worker : registry.all()) {
            if (worker.waitsForOthers()) {
                supervisor.afterEvent(() -> look(worker));
            }
        }
    }

    private void releaseNeeded(Needs needs) {
        if (!needs.isEmpty()) {
            releaseHeld();
        }
    }

    /** Those that end after others look whether these are gone: by their needs of now they may be others than before. */
    private void releaseHeld() {
        for (Worker worker : List.copyOf(held)) {
            supervisor.afterEvent(() -> release(worker));
        }
    }

    /** The workers that ids name, all of a group, as far as there are any. */
    private List<Worker> known(Collection<WorkerId> ids) {
        List<Worker> known = new ArrayList<>();
        for (WorkerId named : ids) {
            for (WorkerId id : registry.groups.expand(named)) {
                Worker worker = registry.find(id);
                if (worker != null) {
                    known.add(worker);
                }
            }
        }
        return known;
    }

    /** What is known of an id has changed: those that need it look whether they have to wait still. */
    void changed(WorkerId id) {
        for (Worker dependant : dependencies.dependants(id)) {
            supervisor.afterEvent(() -> {
                look(dependant);
                rebind(dependant, id);
            });
        }
    }

    private void release(Worker worker) {
        Run run = worker.run;
        if (run == null || !run.isHeld || !worker.isLive()) {
            held.remove(worker);
        } else if (worker.state == WorkerState.STOPPING && !dependencies.holdsBack(worker)) {
            held.remove(worker);
            run.isHeld = false;
            worker.reason = null;
            worker.publishView();
            supervisor.signalStop(worker);
        }
    }

    /** Whether a worker may be told to end now; one that may not is told as soon as those are gone that need it. */
    private boolean mayEnd(Worker worker) {
        List<Worker> before = dependencies.holding(worker);
        if (before.isEmpty()) {
            return true;
        }
        if (worker.run != null) {
            worker.run.isHeld = true;
            held.add(worker);
            worker.reason = "ends after those that need it: "
                    + before.stream().map(other -> other.id.value()).collect(Collectors.joining(", "));
            worker.publishView();
        }
        return false;
    }

    /** A worker begins to wait for another. */
    void waits(Worker worker) {
        onWait.accept(worker.id);
        look(worker);
    }

    /** Looks whether a worker that waits for another has to wait still, and whether its caller has. */
    void look(Worker worker) {
        if (!(worker.wait instanceof Wait.ForOthers wait) || worker.state != WorkerState.BACKOFF) {
            return;
        }
        Dependencies.Missing missing = dependencies.missing(worker.definition.needs);
        if (missing == null) {
            starter.restarter().wake(worker, wait.plan);
            return;
        }
        if (!missing.equals(wait.missing)) {
            wait.missing = missing;
            worker.publishView();
            changed(worker.id);
        }
        Worker other = registry.find(missing.id());
        if (other != null && other.wait instanceof Wait.ForDemand demanded && !demanded.wanted) {
            starter.planned().demand().want(other, demanded, "is started, for " + worker.id + " needs it");
        } else if (!missing.onItsWay()) {
            answer(worker, wait, missing);
        }
    }

    /** A caller does not wait for what nobody has on its way; the worker does, if a configuration asks for it. */
    private void answer(Worker worker, Wait.ForOthers wait, Dependencies.Missing missing) {
        CompletableFuture<StartResult> waiter = worker.startWaiter;
        if (waiter == null) {
            return;
        }
        if (wait.asked && !worker.isConfigured()) {
            supervisor.refuse(worker, "needs " + missing, wait.caller);
            return;
        }
        worker.startWaiter = null;
        events.fail(waiter, refusal(worker.id, missing));
    }

    static NodeException refusal(WorkerId id, Dependencies.Missing missing) {
        return new NodeException(ErrorCode.CANNOT_START, "worker '" + id + "' cannot be started: it needs " + missing);
    }

    /** Starts what a worker requires and what is known and does not run, unless it was stopped after the start was asked for. */
    void startRequired(Needs needs, Caller caller, long word) {
        boolean person = OperatorWords.isOperator(caller);
        for (Requirement requirement : needs.requires()) {
            for (Worker other : known(List.of(requirement.id()))) {
                if (other.isLive()
                        || other.definition.disabled
                        || starter.isPending(other.id)
                        || requirement.condition() == Needs.Condition.COMPLETED && other.completed
                        || !other.isConfigured() && !other.definition.isOfCall()) {
                    continue;
                }
                boolean rests =
                        other.isStopped() || other.definition.pid != null && words.of(other.definition.pid) != null;
                if (!rests || person && other.stoppedAt < word) {
                    words.started(other, caller);
                    starter.startRequired(other, caller, word);
                }
            }
        }
    }

    /** Somebody stops a worker: those that run and require it are stopped first, wait, and come back with it. */
    void stopDependants(Worker worker, Caller caller) {
        for (Worker dependant : dependencies.dependants(worker.id)) {
            WorkerId named = dependencies.named(worker.id, dependant.definition.needs);
            if (isRunning(dependant) && dependant.definition.needs.needsRunning(named)) {
                events.say(
                        System.Logger.Level.INFO,
                        "worker " + dependant.id + ": is stopped and waits, for it requires " + worker.id
                                + ", which is stopped by " + caller);
                stopDependants(dependant, caller);
                stopper.stopAndFollow(dependant, follow(dependant, caller));
            }
        }
    }

    private static boolean isRunning(Worker worker) {
        return worker.state == WorkerState.STARTING
                || worker.state == WorkerState.CONNECTED
                || worker.state == WorkerState.STARTED;
    }

    private static Follow follow(Worker worker, Caller caller) {
        return new Follow(Stopper.next(worker), caller, new CompletableFuture<>(), Duration.ZERO);
    }

    /** Notes by which runs of others a worker was started. */
    void bind(Worker worker) {
        List<Requirement> requires = worker.definition.needs.requires();
        if (!requires.isEmpty() && worker.run != null) {
            Map<WorkerId, Run> runs = new HashMap<>();
            for (Requirement requirement : requires) {
                for (Worker other : known(List.of(requirement.id()))) {
                    if (other.run != null) {
                        runs.put(other.id, other.run);
                    }
                }
            }
            worker.run.startedBy = runs;
        }
    }

    /** Restarts a worker whose bond has been started again. */
    private void rebind(Worker worker, WorkerId id) {
        Worker other = registry.find(id);
        Run run = worker.run;
        if (other == null || run == null || !isRunning(worker) || !Dependencies.isReady(other) || other.run == null) {
            return;
        }
        Run before = run.startedBy.get(id);
        if (before == other.run) {
            return;
        }
        Map<WorkerId, Run> runs = new HashMap<>(run.startedBy);
        runs.put(id, other.run);
        run.startedBy = runs;
        if (before != null && worker.definition.needs.binds(dependencies.named(id, worker.definition.needs))) {
            stopper.stopAndFollow(worker, follow(worker, Caller.worker(id)));
        }
    }

    /** Some workers in the order in which they are started. */
    public List<Worker> neededFirst(Collection<Worker> workers) {
        return dependencies.neededFirst(workers);
    }

    /** Some workers in the order in which they are stopped. */
    public List<Worker> neededLast(Collection<Worker> workers) {
        return new ArrayList<>(dependencies.neededLast(workers));
    }
}
