package io.millwright.controller.internal.configured;

import io.millwright.controller.api.ConfigurationChange;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.PlannedChange;
import io.millwright.controller.api.PlannedChange.Action;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.launch.Planner;
import io.millwright.controller.internal.options.NodeOptions;
import io.millwright.controller.internal.worker.ControllerLoop;
import io.millwright.controller.internal.worker.Registry;
import io.millwright.controller.internal.worker.Worker;
import io.millwright.options.Checked;
import io.millwright.options.OptionChanges;
import io.millwright.options.OptionChecker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What changes of configurations would do, decided by {@link Decision} as the changes are. Called in the controller loop. */
public final class ConfigurationPlans {
    private final ControllerLoop loop;
    private final Registry registry;
    private final Planner planner;
    private final ConfiguredWorkers workers;
    private final Function<Map<String, ?>, Checked> nodeOptions;
    private final Supplier<OptionValues> presentNodeOptions;

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
        return new Batch().plan(changes);
    }

    /** What one would do. */
    public CompletableFuture<PlannedChange> one(Configured configured) {
        return configuration(configured, () -> now(configured.spec().id()));
    }

    private Optional<Decision.Situation> now(WorkerId id) {
        return workers.situation(id);
    }

    private CompletableFuture<PlannedChange> configuration(
            Configured configured, Supplier<Optional<Decision.Situation>> situation) {
        WorkerSpec spec = configured.spec();
        return planner.read(spec)
                .thenCompose(read -> {
                    CompletableFuture<PlannedChange> result = new CompletableFuture<>();
                    loop.execute(() -> {
                        Planner.Reading reading = workers.withOwnProblems(configured, read);
                        Decision.Situation worker = situation.get().orElse(null);
                        Decision decision = Decision.of(worker, configured, reading);
                        look(spec, reading, worker, decision).whenComplete((change, fault) -> {
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
            WorkerSpec spec, Planner.Reading reading, Decision.@Nullable Situation worker, Decision decision) {
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
                        : admitted(spec, Action.START, keys, null, "it would fail to start");
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
                admitted(spec, Action.RESTART, keys, null, "it goes on as it is, because it would fail to start");
        };
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

    /** Several configurations at once: a later one meets what an earlier one would have left. Begins in the loop. */
    private final class Batch {
        private final TreeMap<String, PlannedChange> fixed = new TreeMap<>();
        private final Map<WorkerId, Optional<Decision.Situation>> after = new HashMap<>();
        private final List<CompletableFuture<PlannedChange>> open = new ArrayList<>();
        /** Of configurations that stay as they are and meet other options of every worker. */
        private final List<CompletableFuture<PlannedChange>> touched = new ArrayList<>();

        private ConfigurationPlans assumed = ConfigurationPlans.this;

        CompletableFuture<List<PlannedChange>> plan(List<ConfigurationChange> changes) {
            PlannedChange own = null;
            for (ConfigurationChange change : changes) {
                if (change.pid().equals(NodeOptions.PID)) {
                    own = own(change.properties() == null ? Map.of() : change.properties());
                }
            }
            for (ConfigurationChange change : changes) {
                Map<String, Object> properties = change.properties();
                if (change.pid().equals(NodeOptions.PID)) {
                    continue;
                } else if (properties == null) {
                    delete(change.pid());
                } else if (factory(change.pid()) != null) {
                    write(change.pid(), Objects.requireNonNull(factory(change.pid())), properties);
                }
            }
            if (assumed != ConfigurationPlans.this) {
                Set<String> told =
                        changes.stream().map(ConfigurationChange::pid).collect(Collectors.toSet());
                for (Configured configured : workers.all()) {
                    if (!told.contains(configured.pid())) {
                        touched.add(assumed.one(configured));
                    }
                }
            }
            PlannedChange first = own;
            return CompletableFuture.allOf(
                            Stream.concat(open.stream(), touched.stream()).toArray(CompletableFuture[]::new))
                    .thenApply(nothing -> {
                        open.forEach(change -> fixed.put(change.join().id(), change.join()));
                        touched.stream()
                                .map(CompletableFuture::join)
                                .filter(change -> change.action() != Action.UNCHANGED)
                                .forEach(change -> fixed.putIfAbsent(change.id(), change));
                        List<PlannedChange> all = new ArrayList<>();
                        if (first != null) {
                            all.add(first);
                        }
                        all.addAll(fixed.values());
                        return all;
                    });
        }

        private static @Nullable String factory(String pid) {
            int tilde = pid.indexOf('~');
            return tilde > 0 && pid.startsWith(Configured.PREFIX) ? pid.substring(0, tilde) : null;
        }

        private void delete(String pid) {
            for (Worker worker : registry.all()) {
                if (pid.equals(worker.definition.pid)) {
                    Decision.Situation before = workers.situation(worker);
                    boolean stops = before.isLive() || before.pending();
                    after.put(
                            worker.id, stops || worker.exit != null ? Optional.of(before.deleted()) : Optional.empty());
                    fixed.put(
                            worker.id.value(),
                            change(
                                    worker.definition.spec,
                                    stops ? Action.STOP : Action.REMOVE,
                                    List.of(),
                                    "no longer configured"));
                }
            }
        }

        private void write(String pid, String factoryPid, Map<String, Object> properties) {
            Configured configured;
            try {
                configured = Configured.of(pid, factoryPid, properties);
            } catch (NodeException e) {
                fixed.put(pid, PlannedChange.of(pid, null, Action.REFUSED, List.of(), e.getMessage(), List.of()));
                return;
            }
            WorkerId id = configured.spec().id();
            Optional<Decision.Situation> changed = after.get(id);
            open.add(assumed.configuration(configured, () -> changed != null ? changed : now(id)));
        }

        private PlannedChange own(Map<String, Object> properties) {
            Checked checked = nodeOptions.apply(OptionChecker.stripReserved(properties));
            List<Problem> problems = checked.problems();
            Set<String> keys =
                    OptionChanges.keys(NodeOptions.definitions(), presentNodeOptions.get(), checked.values(), false);
            OptionValues defaults = NodeOptions.workerDefaults(checked.values());
            if (problems.isEmpty() && !defaults.equals(NodeOptions.workerDefaults(presentNodeOptions.get()))) {
                assumed = new ConfigurationPlans(
                        loop, registry, planner.assuming(defaults), workers, nodeOptions, presentNodeOptions);
            }
            Action action = !problems.isEmpty() ? Action.REFUSED : keys.isEmpty() ? Action.UNCHANGED : Action.IN_PLACE;
            return PlannedChange.of(PlannedChange.NODE, null, action, List.copyOf(keys), null, problems);
        }
    }
}
