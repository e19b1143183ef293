package io.millwright.controller.internal.node;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.Document;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Outcome;
import io.millwright.controller.api.PlannedChange;
import io.millwright.controller.api.RestartOptions;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopMode;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.options.InstanceOptions;
import io.millwright.controller.internal.worker.Groups;
import io.millwright.controller.internal.worker.Groups.Group;
import io.millwright.controller.internal.worker.LoopResult;
import io.millwright.controller.internal.worker.Stopper;
import io.millwright.controller.internal.worker.Worker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Operations on several workers: selects them and does the single operation on each, one outcome a worker. Thread-safe. */
public final class BulkOperations {
    private final Core core;

    BulkOperations(Core core) {
        this.core = core;
    }

    CompletableFuture<List<Outcome<StartResult>>> start(WorkerSelector selector, Caller caller) {
        return each(
                selector,
                BulkOperations::startable,
                RestartOptions.ALL_AT_ONCE,
                (worker, result) -> start(worker, caller, result));
    }

    /** One that is named while it waits for a delay, its type or others waits no longer. */
    private void start(Worker worker, Caller caller, CompletableFuture<StartResult> result) {
        if (worker.waitsForOthers()) {
            core.starter.hurry(worker, caller, result);
        } else if (worker.state == WorkerState.BACKOFF && !worker.waitsForDemand() && !worker.waitsForSchedule()) {
            WorkerSpec changed = core.configuredWorkers.notTaken(worker);
            core.stopper.restartAnew(worker.id, changed, StopOptions.GRACEFUL, caller, result);
        } else {
            core.starter.known(worker, core.configuredWorkers.notTaken(worker), caller, result);
        }
    }

    /** What a start of the same workers would do. */
    public CompletableFuture<List<Outcome<PlannedChange>>> planStart(
            WorkerSelector selector, BiConsumer<Worker, CompletableFuture<PlannedChange>> plan) {
        return each(selector, BulkOperations::startable, RestartOptions.ALL_AT_ONCE, plan);
    }

    CompletableFuture<List<Outcome<StopResult>>> stop(WorkerSelector selector, StopOptions options, Caller caller) {
        Consumer<Collection<Worker>> before = selected -> {
            if (options.mode() == StopMode.GRACEFUL) {
                core.stopper.signalAhead(selected, options);
            }
        };
        return each(
                selector,
                // A start that is being checked is cancelled.
                worker -> worker.isLive() || core.starter.isPending(worker.id),
                before,
                core.dependencies::neededLast,
                RestartOptions.ALL_AT_ONCE,
                false,
                (worker, result) -> core.stopper.stop(worker.id, options, caller, result),
                (id, result) -> core.stopper.stop(id, options, caller, result));
    }

    CompletableFuture<List<Outcome<StartResult>>> restart(
            WorkerSelector selector, RestartOptions options, Caller caller) {
        return each(
                selector,
                worker -> worker.isLive() && !worker.waitsForSchedule(),
                selected -> {},
                core.dependencies::neededFirst,
                options,
                true,
                (worker, result) -> core.stopper.restartAnew(
                        worker.id, core.configuredWorkers.notTaken(worker), options.stop(), caller, result),
                null);
    }

    /**
     * One that is disabled, or whose configuration is deleted, starts only by its id; once it runs it is stopped and restarted with the
     * others.
     */
    private static boolean startable(Worker worker) {
        return (!worker.isLive() || worker.waitsForDemand())
                && !worker.definition.disabled
                && !worker.definition.isGivenUp();
    }

    private <T extends Document> CompletableFuture<List<Outcome<T>>> each(
            WorkerSelector selector,
            Predicate<Worker> globbed,
            RestartOptions pace,
            BiConsumer<Worker, CompletableFuture<T>> operation) {
        return each(selector, globbed, selected -> {}, core.dependencies::neededFirst, pace, false, operation, null);
    }

    private <T extends Document> CompletableFuture<List<Outcome<T>>> each(
            WorkerSelector selector,
            Predicate<Worker> globbed,
            Consumer<Collection<Worker>> before,
            UnaryOperator<Collection<Worker>> order,
            RestartOptions pace,
            boolean rolls,
            BiConsumer<Worker, CompletableFuture<T>> operation,
            @Nullable BiConsumer<WorkerId, CompletableFuture<T>> unborn) {
        CompletableFuture<List<Outcome<T>>> all = new CompletableFuture<>();
        core.loop.execute(
                () -> {
                    Run<T> run = new Run<>(operation, pace, rolls, all);
                    Set<WorkerId> starting = unborn == null ? Set.of() : selectUnborn(selector);
                    Collection<Worker> selected = order.apply(select(selector, globbed, starting, run.outcomes));
                    before.accept(selected);
                    if (unborn != null) {
                        starting.forEach(id -> unborn.accept(id, run.expect(id, null)));
                    }
                    run.begin(selected);
                },
                fault -> core.events.fail(all, fault));
        return all;
    }

    /** The workers of which nothing is known yet but that a call has their first start checked. */
    private Set<WorkerId> selectUnborn(WorkerSelector selector) {
        Set<WorkerId> unborn = new TreeSet<>(Comparator.comparing(WorkerId::value, Groups.BY_NUMBER));
        if (selector.types().isEmpty()) {
            List<Pattern> globs =
                    selector.patterns().stream().map(BulkOperations::glob).toList();
            for (WorkerId id : core.starter.unborn()) {
                Group group = core.registry.groups.of(id);
                if (globs.stream()
                        .anyMatch(glob -> glob.matcher(id.value()).matches()
                                || group != null
                                        && glob.matcher(group.id().value()).matches())) {
                    unborn.add(id);
                }
            }
        }
        return unborn;
    }

    /** Globs take the workers the operation makes sense for; an id that is named takes that worker in any state. */
    private <T extends Document> Collection<Worker> select(
            WorkerSelector selector,
            Predicate<Worker> globbed,
            Set<WorkerId> unborn,
            Map<WorkerId, Outcome<T>> outcomes) {
        TreeMap<WorkerId, Worker> selected = new TreeMap<>(Comparator.comparing(WorkerId::value, Groups.BY_NUMBER));
        for (String pattern : selector.patterns()) {
            if (pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0) {
                WorkerId id = new WorkerId(pattern);
                Group group = core.registry.groups.find(id);
                Worker named = core.registry.find(id);
                if (group != null) {
                    selectInstances(group, globbed, selected);
                    if (group.instances().stream()
                            .noneMatch(one -> selected.containsKey(one) || unborn.contains(one))) {
                        outcomes.put(id, Outcome.failed(id, notThereYet(group)));
                    }
                } else if (named == null && unborn.contains(id)) {
                    continue;
                } else if (named == null) {
                    outcomes.put(id, Outcome.failed(id, core.registry.noSuchWorker(id)));
                } else {
                    selected.put(id, named);
                }
                continue;
            }
            Pattern glob = glob(pattern);
            for (Group group : core.registry.groups.all()) {
                if (glob.matcher(group.id().value()).matches()) {
                    group.instances().stream()
                            .map(core.registry::find)
                            .filter(worker -> worker != null && globbed.test(worker))
                            .forEach(worker -> selected.put(worker.id, worker));
                }
            }
            for (Worker worker : core.registry.all()) {
                if (globbed.test(worker) && glob.matcher(worker.id.value()).matches()) {
                    selected.put(worker.id, worker);
                }
            }
        }
        if (!selector.types().isEmpty()) {
            selected.values().removeIf(worker -> !selector.types().contains(worker.definition.spec.type()));
        }
        return selected.values();
    }

    private static NodeException notThereYet(Group group) {
        return new NodeException(
                ErrorCode.WORKER_NOT_RUNNING,
                "no instance of '" + group.id() + "' is there yet: what " + group.source()
                        + " asks for is being looked at; try again");
    }

    /** The id of a group takes the instances the operation makes sense for; if there are none, all, so that each says why. */
    private void selectInstances(Group group, Predicate<Worker> globbed, Map<WorkerId, Worker> selected) {
        List<Worker> known = group.instances().stream()
                .map(core.registry::find)
                .filter(Objects::nonNull)
                .toList();
        List<Worker> some = known.stream().filter(globbed).toList();
        (some.isEmpty() ? known : some).forEach(worker -> selected.put(worker.id, worker));
    }

    private static Pattern glob(String text) {
        StringBuilder regex = new StringBuilder();
        for (char c : text.toCharArray()) {
            regex.append(
                    switch (c) {
                        case '*' -> ".*";
                        case '?' -> ".";
                        default -> Pattern.quote(String.valueOf(c));
                    });
        }
        return Pattern.compile(regex.toString());
    }

    /** One operation on several workers, some at a time; lives in the controller loop. */
    private final class Run<T extends Document> {
        private final BiConsumer<Worker, CompletableFuture<T>> operation;
        private final RestartOptions pace;
        /** Whether the instances of a group are done some at a time, and the first failure ends that. */
        private final boolean rolls;

        private final int atOnce;
        private final CompletableFuture<List<Outcome<T>>> all;
        private final Deque<Worker> waiting = new ArrayDeque<>();
        /** The last word on each worker when this began. */
        private final Map<WorkerId, Integer> words = new HashMap<>();

        private final TreeMap<WorkerId, Outcome<T>> outcomes = new TreeMap<>();
        private int running;
        /** How many instances of a group are being done. */
        private final Map<WorkerId, Integer> ofGroups = new HashMap<>();

        Run(
                BiConsumer<Worker, CompletableFuture<T>> operation,
                RestartOptions pace,
                boolean rolls,
                CompletableFuture<List<Outcome<T>>> all) {
            this.rolls = rolls;
            this.operation = operation;
            this.pace = pace;
            this.atOnce = pace.atOnce() == 0 ? Integer.MAX_VALUE : pace.atOnce();
            this.all = all;
        }

        void begin(Collection<Worker> workers) {
            waiting.addAll(workers);
            workers.forEach(worker -> words.put(worker.id, worker.ticket()));
            pump();
        }

        private void leaveGroup(Group group, WorkerId failed) {
            List<WorkerId> others = waiting.stream()
                    .filter(other -> isOf(group, rolling(other)))
                    .map(other -> other.id)
                    .toList();
            leave(failed, other -> others.contains(other.id));
            if (!others.isEmpty()) {
                core.events.rolloutStopped(group, failed, others);
            }
        }

        private void leave(WorkerId failed, Predicate<Worker> those) {
            for (Worker worker : waiting) {
                if (!those.test(worker)) {
                    continue;
                }
                NodeException left = new NodeException(
                        ErrorCode.CANNOT_START,
                        "worker '" + worker.id + "' is left as it was, because worker '" + failed + "' failed before");
                outcomes.put(worker.id, Outcome.failed(worker.id, left));
            }
            waiting.removeIf(those);
        }

        /** The next of those that wait, {@code null} if as many are being done as may be, of all or of their groups. */
        private @Nullable Worker next() {
            if (running >= atOnce) {
                return null;
            }
            for (Worker worker : waiting) {
                Group group = rolling(worker);
                if (group == null || ofGroups.getOrDefault(group.id(), 0) < InstanceOptions.atOnce(worker.options)) {
                    waiting.remove(worker);
                    return worker;
                }
            }
            return null;
        }

        /** The group whose instances are done some at a time; the pace that a caller gives stands above it. */
        private @Nullable Group rolling(Worker worker) {
            return rolls && pace.atOnce() == 0 ? core.registry.groups.of(worker.id) : null;
        }

        private static boolean isOf(Group one, @Nullable Group other) {
            return other != null && other.id().equals(one.id());
        }

        private void pump() {
            for (Worker worker = next(); worker != null; worker = next()) {
                if (worker.isLastWord(words.getOrDefault(worker.id, 0))) {
                    begin(worker);
                } else {
                    outcomes.put(worker.id, Outcome.failed(worker.id, Stopper.overtaken(worker)));
                }
            }
            if (running == 0 && waiting.isEmpty() && !all.isDone()) {
                List<Outcome<T>> sorted = new ArrayList<>(outcomes.values());
                core.events.afterwards(() -> all.complete(sorted));
            }
        }

        private void begin(Worker worker) {
            Group group = rolling(worker);
            if (group != null) {
                ofGroups.merge(group.id(), 1, Integer::sum);
            }
            operation.accept(worker, expect(worker.id, group));
        }

        /** What an operation on one worker answers; of a group that rolls, the next may begin then. */
        CompletableFuture<T> expect(WorkerId id, @Nullable Group group) {
            running++;
            CompletableFuture<T> result = new LoopResult<>();
            result.whenComplete((value, fault) -> core.loop.execute(() -> {
                running--;
                if (group != null) {
                    ofGroups.merge(group.id(), -1, Integer::sum);
                }
                NodeException failed = error(fault);
                outcomes.put(id, failed == null ? Outcome.of(id, value) : Outcome.failed(id, failed));
                if (failed != null && pace.firstFailureEnds()) {
                    leave(id, other -> true);
                } else if (failed != null && group != null) {
                    leaveGroup(group, id);
                }
                pump();
            }));
            return result;
        }
    }

    private static @Nullable NodeException error(@Nullable Throwable fault) {
        Throwable cause = fault instanceof CompletionException ? fault.getCause() : fault;
        if (cause == null) {
            return null;
        }
        return cause instanceof NodeException error
                ? error
                : new NodeException(ErrorCode.INTERNAL, String.valueOf(cause));
    }
}
