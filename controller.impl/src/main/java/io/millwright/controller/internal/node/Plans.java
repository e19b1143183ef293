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
import io.millwright.controller.internal.options.InstanceOptions;
import io.millwright.controller.internal.worker.Groups.Group;
import io.millwright.controller.internal.worker.Worker;
import io.millwright.options.FlatOptions;
import java.nio.file.Path;
import java.util.ArrayList;
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

    private final GroupOperations groups;

    Plans(Node node, BulkOperations bulk, GroupOperations groups) {
        this.node = node;
        this.groups = groups;
        this.bulk = bulk;
        this.configured = new ConfigurationPlans(
                node.core.loop,
                node.core.registry,
                node.planner,
                node.core.configuredWorkers,
                node::checkOptions,
                () -> node.parts.options.values());
    }

    @Override
    public CompletionStage<List<PlannedChange>> start(WorkerSpec spec) {
        CompletableFuture<List<PlannedChange>> result = new CompletableFuture<>();
        node.core.loop.execute(() -> {
            boolean group = InstanceOptions.isGroup(spec);
            NodeException refusal =
                    group ? groups.refuse(spec) : node.core.starter.refusals().ofCall(spec);
            if (refusal != null) {
                answer(result, List.of(ConfigurationPlans.refused(spec, refusal)));
                return;
            }
            List<CompletableFuture<PlannedChange>> each = new ArrayList<>();
            for (WorkerSpec one : group ? InstanceOptions.all(spec) : List.of(spec)) {
                CompletableFuture<PlannedChange> change = new CompletableFuture<>();
                each.add(change);
                start(one, change);
            }
            CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
                    .thenApply(nothing ->
                            each.stream().map(CompletableFuture::join).toList())
                    .whenComplete((all, fault) -> answer(result, all, fault));
        });
        return result;
    }

    @Override
    public CompletionStage<List<Outcome<PlannedChange>>> start(WorkerSelector selector) {
        return bulk.planStart(selector, (worker, result) -> start(worker.definition.spec, result));
    }

    private void start(WorkerSpec spec, CompletableFuture<PlannedChange> result) {
        NodeException refusal = node.core.starter.refusals().now(spec.id());
        if (refusal != null) {
            answer(result, ConfigurationPlans.refused(spec, refusal));
            return;
        }
        node.planner
                .admit(spec)
                .whenComplete((admission, fault) -> node.core.loop.execute(() -> {
                    NodeException wrong = node.core.starter.refusals().of(spec, admission, fault);
                    answer(
                            result,
                            wrong == null
                                    ? ConfigurationPlans.change(spec, Action.START, List.of(), null)
                                    : ConfigurationPlans.refused(spec, wrong));
                }));
    }

    @Override
    public CompletionStage<List<PlannedChange>> options(WorkerId id, Map<String, ? extends @Nullable Object> options) {
        CompletableFuture<List<PlannedChange>> result = new CompletableFuture<>();
        node.core.loop.execute(() -> {
            try {
                options(present(id), options, result);
            } catch (NodeException refusal) {
                answer(result, null, refusal);
            }
        });
        return result;
    }

    /** What a worker, or a group of instances, is configured as; one of a call as if a configuration said the same. */
    private Configured present(WorkerId id) {
        Group group = node.core.registry.groups.find(id);
        if (group != null) {
            return configured(group.pid(), group.origin(), group.source(), group.spec());
        }
        Worker worker = node.core.registry.get(id);
        Group own = node.core.registry.groups.of(id);
        if (own != null) {
            throw new NodeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "worker '" + id + "' is an instance of '" + own.id() + "', whose options it has; plan those of '"
                            + own.id() + "'");
        }
        return configured(
                worker.definition.pid, worker.definition.origin, worker.definition.source, worker.definition.spec);
    }

    private static Configured configured(@Nullable String pid, String origin, String source, WorkerSpec spec) {
        return new Configured(
                pid == null ? Configured.PREFIX + spec.type() + "~" + spec.id() : pid, origin, source, spec);
    }

    private void options(
            Configured present,
            Map<String, ? extends @Nullable Object> options,
            CompletableFuture<List<PlannedChange>> result) {
        WorkerSpec before = present.spec();
        node.planner
                .read(before)
                .whenComplete((reading, unread) -> node.core.loop.execute(() -> {
                    if (unread != null) {
                        answer(result, null, unread);
                        return;
                    }
                    FlatOptions flat = new FlatOptions(reading.definitions());
                    WorkerSpec spec =
                            WorkerSpec.of(before.id(), before.type(), flat.changed(before.options(), options));
                    configured
                            .one(new Configured(present.pid(), present.origin(), present.source(), spec))
                            .whenComplete((changes, fault) -> answer(result, changes, fault));
                }));
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
        CompletableFuture.supplyAsync(() -> propose(file), node.parts.threads.followers)
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
