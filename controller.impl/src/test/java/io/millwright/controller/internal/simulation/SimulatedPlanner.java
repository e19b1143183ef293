package io.millwright.controller.internal.simulation;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.launch.Admission;
import io.millwright.controller.internal.launch.Planner;
import io.millwright.controller.internal.options.CommonOptions;
import io.millwright.controller.internal.options.NativeOptions;
import io.millwright.options.Checked;
import io.millwright.options.OptionChecker;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Plans without plug-ins; each answer comes when the simulation says so, by what is true at that moment. */
final class SimulatedPlanner implements Planner {
    /** An option whose change needs a restart. */
    static final String VERSION = "version";
    /** An option that no program can be found for. */
    static final String MISSING = "missing";

    /** No option at all. */
    static final String UNKNOWN = "no_such_option";

    private static final Path ROOT = Path.of("/");
    private static final LaunchPlan PLAN =
            LaunchPlan.builder("version", List.of("/bin/true"), ROOT).build();
    private static final LaunchPlan NATIVE_PLAN = PLAN.toBuilder().channel(true).build();
    private static final List<OptionDefinition> OPTIONS = List.of(
            OptionDefinition.option(VERSION, OptionType.INTEGER, "What runs.").build(),
            OptionDefinition.option(MISSING, OptionType.BOOLEAN, "Whether the program is missing.")
                    .build());
    private static final OptionChecker CHECKER = CommonOptions.checker(OPTIONS, name -> null);
    private static final OptionChecker NATIVE_CHECKER = CommonOptions.checker(
            Stream.concat(OPTIONS.stream(), NativeOptions.definitions().stream())
                    .toList(),
            name -> null);
    private static final List<OptionDefinition> DEFINITIONS = List.copyOf(CHECKER.definitions());
    private static final List<OptionDefinition> NATIVE_DEFINITIONS = List.copyOf(NATIVE_CHECKER.definitions());

    private final Map<WorkerSpec, Checked> checked = new HashMap<>();
    private final Consumer<Runnable> answers;
    private final Consumer<WorkerSpec> reading;
    /** The types there are. */
    final Set<String> types = new TreeSet<>(Set.of("a", "b"));

    /**
     * Makes one.
     *
     * @param answers takes what gives an answer
     * @param reading told of a specification just before its reading is answered
     */
    SimulatedPlanner(Consumer<Runnable> answers, Consumer<WorkerSpec> reading) {
        this.answers = answers;
        this.reading = reading;
    }

    /** Whether the text of the options is good. */
    boolean isGood(WorkerSpec spec) {
        return check(spec).ok();
    }

    /** What good options say. */
    static OptionValues values(WorkerSpec spec) {
        return (isNative(spec.type()) ? NATIVE_CHECKER : CHECKER)
                .check(spec.options())
                .values();
    }

    private Checked check(WorkerSpec spec) {
        return checked.computeIfAbsent(
                spec, key -> (isNative(key.type()) ? NATIVE_CHECKER : CHECKER).check(key.options()));
    }

    /** Whether workers of a type have control channels. */
    static boolean isNative(String type) {
        return type.equals("b");
    }

    private <T> CompletableFuture<T> later(Supplier<T> answer) {
        CompletableFuture<T> result = new CompletableFuture<>();
        answers.accept(() -> result.complete(answer.get()));
        return result;
    }

    @Override
    public CompletableFuture<Admission> admit(WorkerSpec spec) {
        return later(() -> {
            Checked now = check(spec);
            if (!types.contains(spec.type())) {
                return new Admission.NoType();
            } else if (!now.ok()) {
                return new Admission.Refused(now.problems(), null, Map.of());
            } else if (now.values().flag(MISSING)) {
                return new Admission.Refused(
                        List.of(Problem.environment(MISSING, "there is no program")), now.values(), Map.of());
            }
            return new Admission.Planned(
                    now.values(),
                    Map.of(),
                    isNative(spec.type()) ? NATIVE_PLAN : PLAN,
                    ROOT,
                    false,
                    List.of(),
                    "1.0.0",
                    List.of(),
                    List.of(),
                    null);
        });
    }

    @Override
    public boolean holds(WorkerSpec spec, Admission.Planned plan) {
        return false;
    }

    @Override
    public CompletableFuture<Reading> read(WorkerSpec spec) {
        return later(() -> {
            reading.accept(spec);
            Checked now = check(spec);
            boolean known = types.contains(spec.type());
            return new Reading(
                    known,
                    now.values(),
                    Map.of(),
                    isNative(spec.type()) ? NATIVE_DEFINITIONS : DEFINITIONS,
                    known ? now.problems() : List.of(),
                    List.of());
        });
    }

    @Override
    public Planner assuming(OptionValues defaults) {
        return this;
    }

    @Override
    public boolean hasType(String type) {
        return types.contains(type);
    }

    @Override
    public String noSuchType(String type) {
        return "there is no type " + type;
    }
}
