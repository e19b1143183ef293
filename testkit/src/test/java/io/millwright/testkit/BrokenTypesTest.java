package io.millwright.testkit;

import static io.millwright.controller.api.worker.OptionDefinition.option;
import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.Fingerprint;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.controller.api.worker.WorkerCapability;
import io.millwright.controller.api.worker.WorkerType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The kit finds every fault it looks for: each check has types that break it, and says so in a sentence. */
class BrokenTypesTest {
    private static final CountDownLatch NEVER = new CountDownLatch(1);
    private static final List<Process> STARTED = new ArrayList<>();

    @AfterEach
    void endWhatBrokenTypesStarted() throws InterruptedException {
        for (Process process : STARTED) {
            process.destroyForcibly().waitFor();
        }
        STARTED.clear();
    }

    @Test
    void aTypeInOrderPasses() {
        assertThat(Sleeper.kit(new Sleeper()).run()).allMatch(CheckResult::passed);
    }

    private record Broken(String check, String how, WorkerType type, String sentence) {}

    private static List<Broken> broken() {
        List<Broken> all = new ArrayList<>();
        String check = "the fingerprint tells whether the type is usable, and why not";
        all.add(new Broken(check, "no reason", fingerprint(() -> Fingerprint.unusable("")), "gives no reason"));
        AtomicInteger calls = new AtomicInteger();
        all.add(new Broken(
                check,
                "changing",
                fingerprint(() -> Fingerprint.ok(WorkerCapability.values()[calls.getAndIncrement() % 2])),
                "different answers"));
        all.add(new Broken(check, "null", fingerprint(() -> null), "fingerprint() returned null"));

        OptionDefinition good = option("label", OptionType.STRING, "A label.").build();
        check = "each option has a key of its own";
        all.add(new Broken(check, "a key twice", options(() -> List.of(good, good)), "'label' is defined twice"));
        all.add(new Broken(check, "no options", options(() -> null), "options() returned null"));
        check = "no option hides one that every type has";
        all.add(new Broken(check, "its own stop", options(() -> List.of(described("stop.how", "How."))), "'stop'"));
        check = "each option is described in a sentence";
        all.add(new Broken(check, "no text", options(() -> List.of(described("a", ""))), "no sentence"));
        check = "defaults are values of their own options";
        all.add(new Broken(
                check, "text for number", options(() -> List.of(number("many"))), "'many' is not a whole number"));
        all.add(new Broken(
                check, "out of range", options(() -> List.of(number(0))), "0 is out of range; must be at least 1"));
        check = "the options are the same at every call";
        all.add(new Broken(
                check,
                "random",
                options(() -> List.of(described("a", "Call " + calls.getAndIncrement() + "."))),
                "different definitions"));

        check = "good options are accepted";
        Problem no = Problem.definition("label", "is not to my taste");
        all.add(new Broken(check, "refuses all", checks(values -> List.of(no)), "are refused"));
        check = "bad options are refused, blaming the right key";
        all.add(new Broken(check, "accepts all", checks(values -> List.of()), "are accepted"));
        all.add(new Broken(
                check, "blames others", checks(values -> List.of(no.at("words", null))), "do not blame 'label'"));
        check = "problems have a path and a sentence";
        all.add(new Broken(check, "no path", checks(values -> List.of(no.at("", null))), "no option of the type"));
        all.add(new Broken(
                check, "no sentence", checks(values -> List.of(Problem.definition("label", "bad"))), "is no sentence"));
        check = "odd values never make check() throw";
        all.add(new Broken(check, "throws", checks(BrokenTypesTest::refuseByThrowing), "threw java.lang.Illegal"));
        check = "check() gives the same answer again";
        all.add(new Broken(
                check,
                "counts",
                checks(values -> List.of(Problem.definition("label", "is bad " + calls.getAndIncrement()))),
                "to the same options"));

        check = "good options are planned";
        all.add(new Broken(check, "throws", plans((request, plan) -> fail("no plan today")), "no plan today"));
        all.add(new Broken(check, "null", plans((request, plan) -> null), "plan() returned null"));
        all.add(new Broken(check, "slow", plans((request, plan) -> awaitNever(plan)), "within 5 seconds"));
        check = "a plan keeps what the shared options ask for";
        all.add(new Broken(check, "another directory", plans(BrokenTypesTest::elsewhere), "not in the request's"));
        all.add(new Broken(check, "an empty environment", plans(BrokenTypesTest::bare), "drops the variable PATH"));
        check = "a plan shows no secret";
        all.add(new Broken(
                check,
                "a secret option as an argument",
                plans((request, plan) -> plan.withCommand(
                        List.of("/bin/echo", request.options().string("token").orElse("-")))),
                "the command holds a secret"));
        all.add(new Broken(
                check,
                "a secret variable under a plain name",
                plans((request, plan) -> plan.withVariable(
                        "COPY", String.valueOf(request.environment().get(Requests.SECRET_NAME)))),
                "the variable COPY"));
        all.add(new Broken(check, "forgets what is secret", plans(BrokenTypesTest::open), "forgets which"));
        check = "a plan is made of JDK and API types only";
        all.add(new Broken(check, "a class of its own", plans(BrokenTypesTest::polluted), "BrokenTypesTest$Own"));
        check = "a plan names the option that named the program";
        all.add(new Broken(
                check, "unknown", plans((request, plan) -> request.plan("program", plan.command())), "'program'"));

        check = "the same request gives an equal plan";
        all.add(new Broken(
                check,
                "counts",
                plans((request, plan) -> plan.withVariable("N", "" + calls.getAndIncrement())),
                "differ"));
        check = "planning leaves options and environment as they were";
        all.add(new Broken(
                check, "sets a variable", plans(BrokenTypesTest::setting), "plan() threw java.lang.Unsupported"));
        all.add(new Broken(check, "empties a list", checks(BrokenTypesTest::emptying), "check() changed the options"));
        check = "planning makes no files";
        all.add(new Broken(check, "a file", plans(BrokenTypesTest::writing), "made.txt"));
        check = "checking and planning start no process";
        all.add(new Broken(check, "a process", plans(BrokenTypesTest::starting), "started a process"));
        check = "checking and planning leave no thread behind";
        all.add(new Broken(check, "a thread", plans(BrokenTypesTest::threading), "stray-thread"));
        check = "several threads can plan at once";
        all.add(new Broken(check, "shared state", plans(new Sharing()), "several threads"));
        return all;
    }

    static Stream<Arguments> faults() {
        return broken().stream().map(fault -> Arguments.of(fault.check(), fault.how(), fault.type(), fault.sentence()));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("faults")
    void theFaultIsFound(String name, String how, WorkerType type, String sentence) {
        CheckResult result = check(Sleeper.kit(type), name).run();
        assertThat(result.failures()).isNotEmpty().anyMatch(failure -> failure.contains(sentence));
        assertThat(result.failures()).allMatch(failure -> failure.endsWith("."));
    }

    @Test
    void aBadNameIsFound() {
        WorkerTypeConformance kit = WorkerTypeConformance.of("My-Type", new Sleeper(), Sleeper.SAMPLES);
        assertThat(check(kit, "the type's name is well formed").run().failures())
                .singleElement()
                .asString()
                .contains("My-Type");
    }

    @Test
    void everyCheckIsTestedHere() {
        List<String> names =
                new ArrayList<>(broken().stream().map(Broken::check).toList());
        names.add("the type's name is well formed");
        assertThat(names)
                .containsAll(Sleeper.kit(new Sleeper()).checks().stream()
                        .map(Check::name)
                        .toList());
    }

    @Test
    void withoutBadSamplesThatCheckIsSkippedAndSaysSo() {
        WorkerTypeConformance kit =
                WorkerTypeConformance.of("sleeper", new Sleeper(), Samples.running(Map.of("label", "a")));
        CheckResult result =
                check(kit, "bad options are refused, blaming the right key").run();
        assertThat(result.skipped()).contains("no samples");
        assertThat(result.toString()).startsWith("skipped");
    }

    private static Check check(WorkerTypeConformance kit, String name) {
        return kit.checks().stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    // --- ways to be broken -------------------------------------------------------------------------------------------

    private static WorkerType fingerprint(java.util.function.Supplier<Fingerprint> answer) {
        return new Sleeper() {
            @Override
            public Fingerprint fingerprint() {
                return answer.get();
            }
        };
    }

    private static WorkerType options(java.util.function.Supplier<List<OptionDefinition>> answer) {
        return new Sleeper() {
            @Override
            public List<OptionDefinition> options() {
                return answer.get();
            }
        };
    }

    private static WorkerType checks(Function<OptionValues, List<Problem>> answer) {
        return new Sleeper() {
            @Override
            public List<Problem> check(OptionValues options) {
                return answer.apply(options);
            }
        };
    }

    private static WorkerType plans(BiFunction<PlanRequest, LaunchPlan, LaunchPlan> change) {
        return new Sleeper() {
            @Override
            public LaunchPlan plan(PlanRequest request) {
                return change.apply(request, super.plan(request));
            }
        };
    }

    private static OptionDefinition described(String key, String description) {
        return option(key, OptionType.STRING, description).build();
    }

    private static OptionDefinition number(Object byDefault) {
        return option("n", OptionType.INTEGER, "A number.")
                .atLeast(1)
                .byDefault(byDefault)
                .build();
    }

    private static List<Problem> refuseByThrowing(OptionValues values) {
        if (values.string("label").orElse("").isBlank()) {
            throw new IllegalStateException("blank");
        }
        return List.of();
    }

    private static LaunchPlan fail(String message) {
        throw new IllegalStateException(message);
    }

    private static LaunchPlan awaitNever(LaunchPlan plan) {
        try {
            NEVER.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return plan;
    }

    private static LaunchPlan elsewhere(PlanRequest request, LaunchPlan plan) {
        return LaunchPlan.builder("type", plan.command(), request.nodeDirectory())
                .environment(plan.environment())
                .secretVariables(plan.secretVariables())
                .input(plan.input())
                .build();
    }

    private static LaunchPlan bare(PlanRequest request, LaunchPlan plan) {
        return LaunchPlan.builder("type", plan.command(), plan.directory())
                .secretVariables(plan.secretVariables())
                .input(plan.input())
                .build();
    }

    private static LaunchPlan open(PlanRequest request, LaunchPlan plan) {
        return LaunchPlan.builder("type", plan.command(), plan.directory())
                .environment(plan.environment())
                .input(plan.input())
                .build();
    }

    /** A class of the type's bundle. */
    private static final class Own {}

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static LaunchPlan polluted(PlanRequest request, LaunchPlan plan) {
        Map environment = new LinkedHashMap(plan.environment());
        environment.put("OWN", new Own());
        return LaunchPlan.builder("type", plan.command(), plan.directory())
                .environment(environment)
                .secretVariables(plan.secretVariables())
                .input(plan.input())
                .build();
    }

    private static LaunchPlan setting(PlanRequest request, LaunchPlan plan) {
        request.environment().put("ADDED", "1");
        return request.plan("type", plan.command());
    }

    private static List<Problem> emptying(OptionValues values) {
        values.strings("words").clear();
        return List.of();
    }

    private static LaunchPlan writing(PlanRequest request, LaunchPlan plan) {
        try {
            Files.writeString(request.directory().resolve("made.txt"), "x");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return plan;
    }

    private static LaunchPlan starting(PlanRequest request, LaunchPlan plan) {
        try {
            STARTED.add(new ProcessBuilder("sleep", "3600").start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return plan;
    }

    private static LaunchPlan threading(PlanRequest request, LaunchPlan plan) {
        Thread thread = new Thread(() -> awaitNever(plan), "stray-thread");
        thread.setDaemon(true);
        thread.start();
        return plan;
    }

    /** Keeps what it plans in a field meanwhile, and notices that somebody else does too. */
    private static final class Sharing implements BiFunction<PlanRequest, LaunchPlan, LaunchPlan> {
        private final AtomicInteger inside = new AtomicInteger();
        private final CountDownLatch met = new CountDownLatch(2);
        private volatile boolean crowded;

        @Override
        public LaunchPlan apply(PlanRequest request, LaunchPlan plan) {
            boolean first = inside.getAndIncrement() == 0;
            if (first) {
                return plan;
            }
            met.countDown();
            try {
                // Two calls are inside at once only if the kit makes two at once.
                crowded |= met.await(4, java.util.concurrent.TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return crowded ? plan.withVariable("MIXED", "UP") : plan;
        }
    }
}
