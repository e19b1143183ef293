package io.millwright.controller.internal.launch;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.worker.Fingerprint;
import io.millwright.controller.api.worker.LaunchCustomizer;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.controller.api.worker.WorkerType;
import io.millwright.controller.internal.options.CommonOptions;
import io.millwright.controller.internal.options.InstanceOptions;
import io.millwright.controller.internal.options.NativeOptions;
import io.millwright.controller.internal.options.ProbeOptions;
import io.millwright.controller.internal.options.SocketOptions;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.options.Checked;
import io.millwright.options.Masking;
import io.millwright.options.OptionChecker;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks options and plans launches with the worker types and launch customizers there are, in the plug-in pool. What their code
 * throws, or does not finish in time, becomes a problem of that worker. Thread-safe.
 */
public final class TypePlanner implements Planner {
    private static final Logger LOG = LoggerFactory.getLogger(TypePlanner.class);

    /** A customizer with its name. */
    public record Customizer(String name, LaunchCustomizer service) {}

    private final WorkerTypes types;
    private final PluginPool plugins;
    private final Supplier<List<Customizer>> customizers;
    private final Map<String, String> environment;
    private final Path nodeDirectory;
    private final ProcessBackend backend;
    /** Weak: a bundle that is gone must not be kept in memory by it. */
    private final Map<WorkerType, Known> byService = Collections.synchronizedMap(new WeakHashMap<>());

    private volatile OptionValues defaults = new OptionValues(Map.of(), Set.of());

    public TypePlanner(
            WorkerTypes types,
            PluginPool plugins,
            Supplier<List<Customizer>> customizers,
            Map<String, String> environment,
            Path nodeDirectory,
            ProcessBackend backend) {
        this.types = types;
        this.plugins = plugins;
        this.customizers = customizers;
        this.environment = Map.copyOf(environment);
        this.nodeDirectory = nodeDirectory;
        this.backend = backend;
    }

    /** Options of every worker that does not say otherwise, for all that is read and planned from now on. */
    public void setDefaults(OptionValues values) {
        this.defaults = values;
    }

    @Override
    public Planner assuming(OptionValues values) {
        TypePlanner other = new TypePlanner(types, plugins, customizers, environment, nodeDirectory, backend);
        other.setDefaults(values);
        return other;
    }

    @Override
    public CompletableFuture<Admission> admit(WorkerSpec spec) {
        return types.find(spec.type())
                .thenCompose(found -> found.isPresent()
                        ? admit(spec, found.get())
                        : CompletableFuture.completedFuture(new Admission.NoType()));
    }

    private CompletableFuture<Admission> admit(WorkerSpec spec, WorkerTypes.Offer offer) {
        WorkerTypes.Provider provider = offer.provider();
        List<Customizer> present = customizers.get();
        CompletableFuture<Admission> planned =
                plugins.call(provider.what(), () -> plan(spec, offer, present.isEmpty()));
        CompletableFuture<Admission> customized = planned;
        for (Customizer customizer : present) {
            customized = customized.thenCompose(admission -> customize(spec, customizer, admission));
        }
        CompletableFuture<Admission> located =
                present.isEmpty() ? customized : customized.thenApply(TypePlanner::locate);
        return located.exceptionally(fault -> new Admission.Refused(List.of(blame(provider, fault)), null, Map.of()));
    }

    @Override
    public boolean holds(WorkerSpec spec, Admission.Planned plan) {
        Admission.Source source = plan.source();
        return source != null
                && source.spec() == spec
                && source.defaults() == defaults
                && customizers.get().isEmpty()
                && types.serving(spec.type())
                        .filter(offer ->
                                offer.provider().service() == source.type().get())
                        .isPresent();
    }

    private static Problem blame(WorkerTypes.Provider provider, Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        LOG.warn("{} failed to plan a launch", provider.what(), cause);
        return Problem.environment("", provider.what() + " failed: " + cause);
    }

    /**
     * What was worked out for one service: its checker, and for each specification in use what its text says, which stays
     * the same for all its starts.
     */
    private record Known(
            List<OptionDefinition> definitions,
            OptionValues defaults,
            OptionChecker checker,
            Map<WorkerSpec, Read> readings) {}

    /** The options of one specification. */
    private record Read(Checked checked, Map<String, Object> shown) {}

    private Known known(WorkerTypes.Offer offer) {
        List<OptionDefinition> definitions = offer.options();
        WorkerType service = offer.provider().service();
        Known known = byService.get(service);
        OptionValues present = defaults;
        if (known == null || known.defaults() != present || !known.definitions().equals(definitions)) {
            known = new Known(
                    definitions,
                    present,
                    CommonOptions.checker(definitions, environment::get),
                    // Of no use any longer than the specification itself.
                    Collections.synchronizedMap(new WeakHashMap<>()));
            byService.put(service, known);
        }
        return known;
    }

    private static Read readOnce(Known known, WorkerSpec spec) {
        Read read = known.readings().get(spec);
        if (read == null) {
            read = read(known.checker(), known.defaults(), spec);
            known.readings().put(spec, read);
        }
        return read;
    }

    private static Read read(OptionChecker checker, OptionValues defaults, WorkerSpec spec) {
        Checked checked = checker.check(spec.options(), defaults);
        return new Read(checked, Masking.display(checker.definitions(), checked.values()));
    }

    private Admission plan(WorkerSpec spec, WorkerTypes.Offer offer, boolean last) {
        WorkerTypes.Provider provider = offer.provider();
        Fingerprint fingerprint = provider.service().fingerprint();
        if (!fingerprint.usable()) {
            return new Admission.Refused(
                    List.of(Problem.environment(
                            "type", "worker type '" + spec.type() + "' cannot be used here: " + fingerprint.reason())),
                    null,
                    Map.of());
        }
        Known known = known(offer);
        Read read = readOnce(known, spec);
        List<Problem> problems = new ArrayList<>(read.checked().problems());
        OptionValues values = read.checked().values();
        if (!problems.isEmpty()) {
            return new Admission.Refused(problems, null, Map.of());
        }
        Map<String, Object> shown = read.shown();
        problems.addAll(provider.service().check(values));
        WorkerEnvironment variables = WorkerEnvironment.of(values, environment, nodeDirectory);
        problems.addAll(variables.problems());
        Located directory = WorkDirectory.check(values, nodeDirectory);
        if (directory.problem() != null) {
            problems.add(directory.problem());
        }
        Identity identity = Identity.of(values);
        problems.addAll(identity.problems(directory.path(), variables));
        String cannotListen = SocketOptions.isGiven(values) ? backend.cannotListen() : null;
        if (cannotListen != null) {
            problems.add(Problem.environment(SocketOptions.SOCKETS, cannotListen));
        }
        String hears = ProbeOptions.hears(values);
        String cannotHear = hears == null ? null : backend.cannotHear();
        if (hears != null && cannotHear != null) {
            problems.add(Problem.environment(hears, cannotHear));
        }
        boolean isNative = NativeOptions.areAmong(offer.options());
        if (isNative && InstanceOptions.isOverlap(values)) {
            problems.add(
                    Problem.definition(
                            InstanceOptions.RELOAD_MODE,
                            "overlap is for workers without a control channel, which one run of a worker has at a time; write replace"));
        }
        if (!problems.isEmpty()) {
            return new Admission.Refused(problems, values, shown);
        }
        LaunchPlan plan = provider.service()
                .plan(PlanRequest.builder(spec.id(), values, nodeDirectory, directory.get())
                        .environment(identity.environment(variables))
                        .secretVariables(variables.secretVariables())
                        .input(InputOptions.input(values))
                        .build());
        if (plan.channel() && !isNative) {
            Problem undeclared = Problem.environment(
                    "", "its plan asks for a control channel, and worker type '" + spec.type() + "' is not native");
            return new Admission.Refused(List.of(undeclared), values, shown);
        }
        Admission.Planned planned = new Admission.Planned(
                values,
                shown,
                isNative ? plan.toBuilder().channel(true).build() : plan,
                directory.get(),
                values.flag(CommonOptions.WORKDIR_CREATE),
                List.of(),
                provider.version().toString(),
                isNative ? BirthLine.own(offer.options()) : List.of(),
                WatchDirectories.check(values, nodeDirectory),
                last && !WorkerEnvironment.readsFiles(values) && !LaunchStep.isAsked(values)
                        ? new Admission.Source(spec, known.defaults(), new WeakReference<>(provider.service()))
                        : null);
        return last ? locate(planned) : planned;
    }

    private CompletableFuture<Admission> customize(WorkerSpec spec, Customizer customizer, Admission admission) {
        if (!(admission instanceof Admission.Planned planned)) {
            return CompletableFuture.completedFuture(admission);
        }
        String name = "launch customizer '" + customizer.name() + "'";
        return plugins.<Admission>call(name, () -> {
                    LaunchPlan changed = customizer.service().customize(spec, planned.plan());
                    return changed.equals(planned.plan()) ? planned : with(planned, changed, customizer.name());
                })
                .exceptionally(fault -> {
                    LOG.warn("{} failed for worker {}", name, spec.id(), fault);
                    return new Admission.Refused(
                            List.of(Problem.environment("", name + " failed: " + fault)),
                            planned.options(),
                            planned.shown());
                });
    }

    private static Admission.Planned with(Admission.Planned planned, LaunchPlan changed, String customizer) {
        List<String> names = new ArrayList<>(planned.customizers());
        names.add(customizer);
        // A customizer neither makes a worker native nor takes its channel away.
        LaunchPlan kept = changed.toBuilder().channel(planned.plan().channel()).build();
        return planned.with(kept, planned.program(), names);
    }

    /** Finds the program; the last step, since customizers may change the command. */
    private static Admission locate(Admission admission) {
        if (!(admission instanceof Admission.Planned planned)) {
            return admission;
        }
        Located program = Programs.locate(planned.plan());
        if (program.problem() != null) {
            return new Admission.Refused(List.of(program.problem()), planned.options(), planned.shown());
        }
        Problem closed = Identity.of(planned.options())
                .problemOf(program.get(), planned.plan().commandOption());
        if (closed != null) {
            return new Admission.Refused(List.of(closed), planned.options(), planned.shown());
        }
        return planned.with(planned.plan(), program.get(), planned.customizers());
    }

    @Override
    public CompletableFuture<Reading> read(WorkerSpec spec) {
        return types.find(spec.type())
                .thenCompose(found -> found.isPresent()
                        ? plugins.call(found.get().provider().what(), () -> read(spec, found.get()))
                        : CompletableFuture.completedFuture(readShared(spec)));
    }

    private Reading read(WorkerSpec spec, WorkerTypes.Offer offer) {
        Known known = known(offer);
        return reading(known.checker(), readOnce(known, spec), true);
    }

    /** What the shared options say while the type is away; the type's own keys cannot be judged. */
    private Reading readShared(WorkerSpec spec) {
        OptionChecker checker = CommonOptions.checker(List.of(), environment::get);
        Reading reading = reading(checker, read(checker, defaults, spec), false);
        return new Reading(false, reading.values(), Map.of(), reading.definitions(), List.of(), List.of());
    }

    private Reading reading(OptionChecker checker, Read read, boolean typeKnown) {
        OptionValues values = read.checked().values();
        return new Reading(
                typeKnown,
                values,
                read.shown(),
                List.copyOf(checker.definitions()),
                read.checked().problems(),
                typeKnown ? WatchDirectories.check(values, nodeDirectory) : List.of());
    }

    @Override
    public boolean hasType(String type) {
        return types.serving(type).isPresent();
    }

    @Override
    public String noSuchType(String type) {
        List<WorkerTypes.Offer> offers = types.offers(type);
        List<String> names = types.names();
        String there = "there " + (names.isEmpty() ? "are none" : "is " + String.join(", ", names));
        if (offers.isEmpty()) {
            return "no installed bundle offers worker type '" + type + "'; " + there;
        }
        return offers.stream()
                        .filter(offer -> !offer.isAvailable())
                        .map(offer -> String.valueOf(offer.unavailable()))
                        .collect(Collectors.joining("; "))
                + "; " + there;
    }

    /** All problems of a start, as a list; for {@code check}. */
    public static List<Problem> problems(@Nullable Admission admission, String noSuchType) {
        if (admission instanceof Admission.Refused refused) {
            return refused.problems();
        }
        if (admission instanceof Admission.NoType) {
            return List.of(Problem.environment("type", noSuchType));
        }
        return admission instanceof Admission.Planned planned ? planned.unwatchable() : List.of();
    }

    /** The problems of a text that could not be read at all. */
    public static List<Problem> problems(Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        return cause instanceof NodeException error && !error.problems().isEmpty()
                ? error.problems()
                : List.of(Problem.environment("", String.valueOf(cause)));
    }
}
