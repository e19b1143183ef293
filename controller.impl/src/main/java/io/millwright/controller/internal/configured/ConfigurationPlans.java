package io.millwright.controller.internal.configured;

import io.millwright.controller.api.ConfigurationChange;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.PlannedChange;
import io.millwright.controller.api.PlannedChange.Action;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.launch.Planner;
import io.millwright.controller.internal.options.InstanceOptions;
import io.millwright.controller.internal.worker.ControllerLoop;
import io.millwright.controller.internal.worker.Registry;
import io.millwright.options.Checked;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What changes of configurations would do, decided by {@link Decision} as the changes are. Called in the controller loop. */
public final class ConfigurationPlans {
    private final ControllerLoop loop;
    final Registry registry;
    private final Planner planner;
    final ConfiguredWorkers workers;
    final Function<Map<String, ?>, Checked> nodeOptions;
    final Supplier<OptionValues> presentNodeOptions;

    public ConfigurationPlans(
            ControllerLoop loop,
            Registry registry,
            Planner planner,
            ConfiguredWorkers workers,
            Function<Map<String, ?>, Checked> nodeOptions,
            Supplier<OptionValues> presentNodeOptions) {
        this.loop = loop;
        this.registry = registry;
        this.planner = planner;
        this.workers = workers;
        this.nodeOptions = nodeOptions;
        this.presentNodeOptions = presentNodeOptions;
    }

    /** What a stage of a future failed with. */
    public static Throwable cause(Throwable fault) {
        return fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
    }

    /** What several would do, in their order. */
    public CompletableFuture<List<PlannedChange>> all(List<ConfigurationChange> changes) {
        return new ConfigurationBatch(this).plan(changes);
    }

    /** What one would do, to each of its instances if it is of a group. */
    public CompletableFuture<List<PlannedChange>> one(Configured configured) {
        return new ConfigurationBatch(this).plan(configured);
    }

    /** The same of a configuration that is taken already, and meets other options of every worker. */
    CompletableFuture<PlannedChange> again(Configured taken) {
        return configuration(
                taken, () -> workers.claims().situation(taken.spec().id()));
    }

    /** Plans as they would be with other options of every worker. */
    ConfigurationPlans assuming(OptionValues defaults) {
        return new ConfigurationPlans(
                loop, registry, planner.assuming(defaults), workers, nodeOptions, presentNodeOptions);
    }

    CompletableFuture<PlannedChange> configuration(
            Configured configured, Supplier<Optional<Decision.Situation>> situation) {
        WorkerSpec spec = configured.spec();
        return planner.read(spec)
                .thenCompose(read -> {
                    CompletableFuture<PlannedChange> result = new CompletableFuture<>();
                    loop.execute(() -> {
                        Planner.Reading reading = workers.workerChanges().withOwnProblems(configured, read);
                        Decision.Situation worker = situation.get().orElse(null);
                        Decision decision = Decision.of(worker, configured, reading);
                        look(configured, reading, worker, decision).whenComplete((change, fault) -> {
                            if (fault != null) {
                                result.completeExceptionally(fault);
                            } else {
                                result.complete(change);
                            }
                        });
                    });
                    return result;
                })
                .exceptionally(fault -> {
                    Throwable cause = cause(fault);
                    return refused(spec, new NodeException(ErrorCode.INTERNAL, "it could not be read: " + cause));
                });
    }

    private CompletableFuture<PlannedChange> look(
            Configured configured, Planner.Reading reading, Decision.@Nullable Situation worker, Decision decision) {
        WorkerSpec spec = configured.spec();
        String pace = pace(worker, configured, reading, decision);
        List<String> keys = List.copyOf(decision.keys());
        boolean disabled = reading.values().flag("disabled");
        return switch (decision.kind()) {
            case NOT_OURS ->
                CompletableFuture.completedFuture(PlannedChange.of(
                        spec.id().value(), spec.type(), Action.REFUSED, keys, decision.reason(), List.of()));
            case BAD_OPTIONS ->
                CompletableFuture.completedFuture(PlannedChange.of(
                        spec.id().value(),
                        spec.type(),
                        Action.REFUSED,
                        keys,
                        worker != null && worker.isLive() ? "it goes on as it is" : null,
                        decision.problems()));
            case CREATE, ADOPT, BEGIN ->
                disabled
                        ? done(spec, Action.REST, keys, "disabled")
                        : admitted(spec, Action.START, keys, pace, "it would fail to start");
            case FOLLOW -> {
                boolean otherType = worker != null && !worker.type().equals(spec.type());
                yield admitted(
                        spec,
                        Action.RESTART,
                        otherType ? List.of("type") : keys,
                        "started when its present run has ended",
                        "its present run ends, and it would fail to start");
            }
            case NOTE ->
                keys.isEmpty()
                        ? done(spec, Action.UNCHANGED, keys, null)
                        : done(
                                spec,
                                disabled ? Action.REST : Action.IN_PLACE,
                                keys,
                                "it does not run, and is not started");
            case DISABLE -> done(spec, Action.STOP, keys, "disabled");
            case IN_PLACE -> done(spec, keys.isEmpty() ? Action.UNCHANGED : Action.IN_PLACE, keys, null);
            case REPLAN, RESTART ->
                admitted(spec, Action.RESTART, keys, pace, "it goes on as it is, because it would fail to start");
        };
    }

    /** How instances take their turns, and how each is replaced, where there is something to say. */
    private static @Nullable String pace(
            Decision.@Nullable Situation worker, Configured configured, Planner.Reading reading, Decision decision) {
        String turns = worker != null && decision.takesTurn(configured, worker.state())
                ? InstanceOptions.atOnce(worker.options()) + " at a time"
                : null;
        if (worker == null
                || decision.kind() != Decision.Kind.RESTART
                || worker.state() != WorkerState.STARTED
                || !InstanceOptions.isOverlap(reading.values())) {
            return turns;
        }
        return "by overlap" + (turns == null ? "" : ", " + turns);
    }

    /** A change that ends in a start, which is planned as that start would be. */
    private CompletableFuture<PlannedChange> admitted(
            WorkerSpec spec, Action action, List<String> keys, @Nullable String reason, String otherwise) {
        return planner.admit(spec).thenApply(admission -> {
            if (admission instanceof Admission.Refused refused) {
                return PlannedChange.of(
                        spec.id().value(), spec.type(), Action.REFUSED, keys, otherwise, refused.problems());
            }
            if (action == Action.START
                    && admission instanceof Admission.Planned planned
                    && !planned.unwatchable().isEmpty()) {
                return PlannedChange.of(
                        spec.id().value(), spec.type(), Action.REFUSED, keys, otherwise, planned.unwatchable());
            }
            if (admission instanceof Admission.NoType) {
                String unavailable = "type unavailable: " + planner.noSuchType(spec.type());
                return action == Action.START
                        ? change(spec, Action.WAIT, keys, unavailable)
                        : change(spec, action, keys, "it stops, and waits: " + unavailable);
            }
            return change(spec, action, keys, reason);
        });
    }

    private static CompletableFuture<PlannedChange> done(
            WorkerSpec spec, Action action, List<String> keys, @Nullable String reason) {
        return CompletableFuture.completedFuture(change(spec, action, keys, reason));
    }

    public static PlannedChange change(WorkerSpec spec, Action action, List<String> keys, @Nullable String reason) {
        return PlannedChange.of(spec.id().value(), spec.type(), action, keys, reason, List.of());
    }

    public static PlannedChange refused(WorkerSpec spec, NodeException refusal) {
        return PlannedChange.of(
                spec.id().value(),
                spec.type(),
                Action.REFUSED,
                List.of(),
                refusal.problems().isEmpty() ? refusal.getMessage() : null,
                refusal.problems());
    }
}
