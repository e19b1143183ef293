package io.millwright.controller.internal.node;

import io.millwright.controller.api.ChangePlanner;
import io.millwright.controller.api.ConfigurationChange;
import io.millwright.controller.api.ConfigurationSource;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Outcome;
import io.millwright.controller.api.PlannedChange;
import io.millwright.controller.api.PlannedChange.Action;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.internal.configured.ConfigurationPlans;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.worker.Worker;
import io.millwright.options.FlatOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Asks the code that starts workers and applies configurations what it would do: the same checks, the same launch plan, the
 * same decision, and nothing after it. Thread-safe.
 */
final class Plans implements ChangePlanner {
    private final Node node;
    private final BulkOperations bulk;
    private final ConfigurationPlans configured;

    Plans(Node node, BulkOperations bulk) {
        this.node = node;
        this.bulk = bulk;
        this.configured = new ConfigurationPlans(
                node.core.loop,
                node.core.registry,
                node.planner,
                node.core.configuredWorkers,
                node::checkOptions,
                () -> node.ownOptions);
    }

    @Override
    public CompletionStage<PlannedChange> start(WorkerSpec spec) {
        CompletableFuture<PlannedChange> result = new CompletableFuture<>();
        node.core.loop.execute(() -> {
            NodeException refusal = node.core.starter.refuseCall(spec);
            if (refusal != null) {
                answer(result, ConfigurationPlans.refused(spec, refusal));
            } else {
                start(spec, result);
            }
        });
        return result;
    }

    @Override
    public CompletionStage<List<Outcome<PlannedChange>>> start(WorkerSelector selector) {
        return bulk.planStart(selector, (worker, result) -> start(worker.definition.spec, result));
    }

    private void start(WorkerSpec spec, CompletableFuture<PlannedChange> result) {
        NodeException refusal = node.core.starter.refuseNow(spec.id());
        if (refusal != null) {
            answer(result, ConfigurationPlans.refused(spec, refusal));
            return;
        }
        node.planner
                .admit(spec)
                .whenComplete((admission, fault) -> node.core.loop.execute(() -> {
                    NodeException wrong = node.core.starter.refuse(spec, admission, fault);
                    answer(
                            result,
                            wrong == null
                                    ? ConfigurationPlans.change(spec, Action.START, List.of(), null)
                                    : ConfigurationPlans.refused(spec, wrong));
                }));
    }

    @Override
    public CompletionStage<PlannedChange> options(WorkerId id, Map<String, ? extends @Nullable Object> options) {
        CompletableFuture<PlannedChange> result = new CompletableFuture<>();
        node.core.loop.execute(() -> {
            Worker worker = node.core.registry.find(id);
            if (worker == null) {
                NodeException unknown = node.core.registry.noSuchWorker(id);
                node.core.events.afterwards(() -> result.completeExceptionally(unknown));
                return;
            }
            String type = worker.definition.spec.type();
            String pid = worker.definition.pid == null ? Configured.PREFIX + type + "~" + id : worker.definition.pid;
            WorkerSpec present = worker.definition.spec;
            String origin = worker.definition.origin;
            node.planner
                    .read(present)
                    .whenComplete((reading, unread) -> node.core.loop.execute(() -> {
                        if (unread != null) {
                            answer(result, null, unread);
                            return;
                        }
                        FlatOptions flat = new FlatOptions(reading.definitions());
                        WorkerSpec spec = WorkerSpec.of(id, type, flat.changed(present.options(), options));
                        configured
                                .one(new Configured(pid, origin, spec))
                                .whenComplete((change, fault) -> answer(result, change, fault));
                    }));
        });
        return result;
    }

    @Override
    public CompletionStage<List<PlannedChange>> configurations(List<ConfigurationChange> changes) {
        CompletableFuture<List<PlannedChange>> result = new CompletableFuture<>();
        node.core.loop.execute(() -> configured.all(changes).whenComplete((all, fault) -> answer(result, all, fault)));
        return result;
    }

    @Override
    public CompletionStage<List<PlannedChange>> file(Path file) {
        CompletableFuture<List<PlannedChange>> result = new CompletableFuture<>();
        CompletableFuture.supplyAsync(() -> propose(file), node.followers)
                .thenCompose(proposal -> configurations(proposal.changes()))
                .whenComplete((all, fault) -> answer(result, all, fault));
        return result;
    }

    private ConfigurationSource.Proposal propose(Path file) {
        Optional<ConfigurationSource.Proposal> proposal = node.sources().propose(file);
        if (proposal.isPresent()) {
            if (!proposal.get().problems().isEmpty()) {
                throw NodeException.invalid(String.valueOf(file), proposal.get().problems());
            }
            return proposal.get();
        }
        throw new NodeException(
                ErrorCode.FEATURE_UNAVAILABLE,
                "no installed bundle reads " + file + "; install the bundle io.millwright.config.file");
    }

    private <T> void answer(CompletableFuture<T> result, @Nullable T value, @Nullable Throwable fault) {
        if (fault == null) {
            answer(result, Objects.requireNonNull(value));
        } else {
            Throwable cause = ConfigurationPlans.cause(fault);
            Throwable shown = cause instanceof NodeException
                    ? cause
                    : new NodeException(ErrorCode.INTERNAL, "the change could not be planned: " + cause);
            node.core.events.afterwards(() -> result.completeExceptionally(shown));
        }
    }

    private <T> void answer(CompletableFuture<T> result, T value) {
        node.core.events.afterwards(() -> result.complete(value));
    }
}
