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
import io.millwright.controller.internal.worker.LoopResult;
import io.millwright.controller.internal.worker.Worker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
                (worker, result) -> core.starter.known(worker, caller, result));
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
                Worker::isLive,
                before,
                core.dependencies::neededLast,
                RestartOptions.ALL_AT_ONCE,
                (worker, result) -> core.stopper.stop(worker.id, options, caller, result));
    }

    CompletableFuture<List<Outcome<StartResult>>> restart(
            WorkerSelector selector, RestartOptions options, Caller caller) {
        return each(
                selector,
                Worker::isLive,
                options,
                (worker, result) -> core.stopper.restart(worker.id, null, caller, result));
    }

    /** One that is disabled starts only by its id; once it runs it is stopped and restarted with the others. */
    private static boolean startable(Worker worker) {
        return (!worker.isLive() || worker.waitsForDemand()) && !worker.definition.disabled;
    }

    private <T extends Document> CompletableFuture<List<Outcome<T>>> each(
            WorkerSelector selector,
            Predicate<Worker> globbed,
            RestartOptions pace,
            BiConsumer<Worker, CompletableFuture<T>> operation) {
        return each(selector, globbed, selected -> {}, core.dependencies::neededFirst, pace, operation);
    }

    private <T extends Document> CompletableFuture<List<Outcome<T>>> each(
            WorkerSelector selector,
            Predicate<Worker> globbed,
            Consumer<Collection<Worker>> before,
            UnaryOperator<Collection<Worker>> order,
            RestartOptions pace,
            BiConsumer<Worker, CompletableFuture<T>> operation) {
        CompletableFuture<List<Outcome<T>>> all = new CompletableFuture<>();
        core.loop.execute(
                () -> {
                    Run<T> run = new Run<>(operation, pace, all);
                    Collection<Worker> selected = order.apply(select(selector, globbed, run.outcomes));
                    before.accept(selected);
                    run.begin(selected);
                },
                fault -> core.events.fail(all, fault));
        return all;
    }

    /** Globs take the workers the operation makes sense for; an id that is named takes that worker in any state. */
    private <T extends Document> Collection<Worker> select(
            WorkerSelector selector, Predicate<Worker> globbed, Map<WorkerId, Outcome<T>> outcomes) {
        TreeMap<WorkerId, Worker> selected = new TreeMap<>();
        for (String pattern : selector.patterns()) {
            if (pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0) {
                WorkerId id = new WorkerId(pattern);
                Worker named = core.registry.find(id);
                if (named == null) {
                    outcomes.put(id, Outcome.failed(id, core.registry.noSuchWorker(id)));
                } else {
                    selected.put(id, named);
                }
                continue;
            }
            Pattern glob = glob(pattern);
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
        private final int atOnce;
        private final CompletableFuture<List<Outcome<T>>> all;
        private final Deque<Worker> waiting = new ArrayDeque<>();
        private final TreeMap<WorkerId, Outcome<T>> outcomes = new TreeMap<>();
        private int running;

        Run(
                BiConsumer<Worker, CompletableFuture<T>> operation,
                RestartOptions pace,
                CompletableFuture<List<Outcome<T>>> all) {
            this.operation = operation;
            this.pace = pace;
            this.atOnce = pace.atOnce() == 0 ? Integer.MAX_VALUE : pace.atOnce();
            this.all = all;
        }

        void begin(Collection<Worker> workers) {
            waiting.addAll(workers);
            pump();
        }

        private void leaveTheRest(WorkerId failed) {
            for (Worker worker : waiting) {
                NodeException left = new NodeException(
                        ErrorCode.CANNOT_START,
                        "worker '" + worker.id + "' is left as it was, because worker '" + failed + "' failed before");
                outcomes.put(worker.id, Outcome.failed(worker.id, left));
            }
            waiting.clear();
        }

        private void pump() {
            while (running < atOnce && !waiting.isEmpty()) {
                Worker worker = waiting.poll();
                running++;
                CompletableFuture<T> result = new LoopResult<>();
                result.whenComplete((value, fault) -> core.loop.execute(() -> {
                    running--;
                    NodeException failed = error(fault);
                    outcomes.put(
                            worker.id,
                            failed == null ? Outcome.of(worker.id, value) : Outcome.failed(worker.id, failed));
                    if (failed != null && pace.firstFailureEnds()) {
                        leaveTheRest(worker.id);
                    }
                    pump();
                }));
                operation.accept(worker, result);
            }
            if (running == 0 && waiting.isEmpty() && !all.isDone()) {
                List<Outcome<T>> sorted = new ArrayList<>(outcomes.values());
                core.events.afterwards(() -> all.complete(sorted));
            }
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
