package io.millwright.itest;

import static io.millwright.itest.Fixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.channel.ChannelHost;
import io.millwright.controller.api.channel.ReadyInfo;
import io.millwright.controller.api.worker.Fingerprint;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.controller.api.worker.WorkerType;
import io.millwright.testkit.Check;
import io.millwright.testkit.CheckResult;
import io.millwright.testkit.FakeChannels;
import io.millwright.testkit.LiveNode;
import io.millwright.testkit.Samples;
import io.millwright.testkit.WorkerTypeConformance;
import io.millwright.testkit.junit.WorkerTypeConformanceTests;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.junit5.context.BundleContextExtension;
import org.osgi.test.junit5.service.ServiceExtension;

/** The conformance kit on a real node: the guest type passes, broken ones are found. */
@ExtendWith({BundleContextExtension.class, ServiceExtension.class})
public class ConformanceTest {
    private static final Duration SOON = Duration.ofSeconds(3);

    @InjectBundleContext
    BundleContext context;

    @InjectService(timeout = 20_000)
    NodeController controller;

    private Fixture node;

    @BeforeEach
    void begin() {
        node = Fixture.ready(context, controller);
    }

    @AfterEach
    void end() {
        node.clear();
    }

    /** The node, with the guest's bundle to stop and start. */
    private LiveNode withBundle(Bundle bundle) {
        return new LiveNode() {
            @Override
            public NodeController controller() {
                return controller;
            }

            @Override
            public void withdraw() throws BundleException {
                bundle.stop();
            }

            @Override
            public void offer() throws BundleException {
                bundle.start();
                await(
                        "the type is back",
                        () -> controller.getStatus().workerTypes().contains("guest"));
            }
        };
    }

    @TestFactory
    Stream<DynamicTest> guestConforms() {
        WorkerType guest = context.getService(context.getServiceReference(WorkerType.class));
        WorkerTypeConformance kit = WorkerTypeConformance.of(
                "guest",
                guest,
                Samples.running(Map.of("executable", "/bin/sh", "arguments", List.of("-c", "exec sleep 3600")))
                        .refused("no executable", Map.of(), "executable")
                        .unlaunchable("no such program", Map.of("executable", "/no/such/program"), "executable")
                        .unlaunchable("a directory", Map.of("executable", "/tmp"), "executable"));
        Bundle bundle = node.bundle("io.millwright.worker.guest");
        return Stream.concat(kit.checks().stream(), kit.liveChecks(withBundle(bundle)).stream())
                .map(WorkerTypeConformanceTests::test);
    }

    private static class Sleeper implements WorkerType {
        @Override
        public List<OptionDefinition> options() {
            return List.of(OptionDefinition.option("seconds", OptionType.INTEGER, "How long to sleep.")
                    .required()
                    .build());
        }

        @Override
        public List<Problem> check(OptionValues options) {
            return options.integer("seconds").orElse(0L) < 0
                    ? List.of(Problem.definition("seconds", "is negative; give a number of seconds"))
                    : List.of();
        }

        @Override
        public LaunchPlan plan(PlanRequest request) {
            return request.plan(
                    "type",
                    List.of(
                            "/bin/sleep",
                            "" + request.options().integer("seconds").orElseThrow()));
        }
    }

    /** A type registered by this bundle under a name. */
    private final class Registered implements LiveNode {
        private final String name;
        private final WorkerType type;
        private @Nullable ServiceRegistration<WorkerType> registration;

        Registered(String name, WorkerType type) {
            this.name = name;
            this.type = type;
            offer();
        }

        @Override
        public NodeController controller() {
            return controller;
        }

        @Override
        public void withdraw() {
            if (registration != null) {
                registration.unregister();
                registration = null;
            }
        }

        @Override
        public void offer() {
            if (registration == null) {
                registration = context.registerService(
                        WorkerType.class, type, new Hashtable<>(Map.of(WorkerType.WORKER_TYPE, name)));
            }
        }

        @Override
        public Duration patience() {
            return Duration.ofSeconds(30);
        }
    }

    /** A node that fails in one way, and soon. */
    private record Failing(LiveNode inner, Step away, Step back, Duration patience) implements LiveNode {
        @Override
        public NodeController controller() {
            return inner.controller();
        }

        @Override
        public void withdraw() throws Exception {
            away.run();
        }

        @Override
        public void offer() throws Exception {
            back.run();
        }
    }

    private WorkerTypeConformance kit(WorkerType type) {
        return WorkerTypeConformance.of(
                "sleeper",
                type,
                Samples.running(Map.of("seconds", 3600, "stop.timeout", "2s"))
                        .refused("less than nothing", Map.of("seconds", -1), "seconds"));
    }

    private static CheckResult run(WorkerTypeConformance kit, LiveNode live, String name) {
        return kit.liveChecks(live).stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow()
                .run();
    }

    @Test
    void aTypeInOrderPasses() {
        Sleeper type = new Sleeper();
        Registered live = new Registered("sleeper", type);
        assertThat(kit(type).runLive(live)).allMatch(CheckResult::passed).hasSizeGreaterThan(10);
        live.withdraw();
        assertThat(controller.listWorkers(NodeController.Scope.ALL))
                .extracting(info -> info.id().value())
                .noneMatch(id -> id.startsWith("conformance"));
    }

    @Test
    void aNativeTypeInOrderPassesOverFakeChannels() {
        Sleeper type = new Sleeper() {
            @Override
            public boolean isNative() {
                return true;
            }
        };
        FakeChannels channels = FakeChannels.ready(ReadyInfo.of("fake", List.of(), List.of()));
        ServiceRegistration<ChannelHost> host = context.registerService(
                ChannelHost.class, channels, new Hashtable<>(Map.of(Constants.SERVICE_RANKING, 1000)));
        try {
            Registered live = new Registered("sleeper", type);
            assertThat(kit(type).runLive(live)).allMatch(CheckResult::passed).hasSizeGreaterThan(10);
            live.withdraw();
            await("all runs are forgotten", () -> channels.expected().isEmpty());
        } finally {
            host.unregister();
        }
    }

    private record Fault(String check, WorkerType type, UnaryOperator<LiveNode> breaking, String sentence) {}

    private static WorkerType plans(java.util.function.BiFunction<PlanRequest, LaunchPlan, LaunchPlan> change) {
        return new Sleeper() {
            @Override
            public LaunchPlan plan(PlanRequest request) {
                return change.apply(request, super.plan(request));
            }
        };
    }

    private static WorkerType plansOnce() {
        AtomicInteger calls = new AtomicInteger();
        return plans((request, plan) -> calls.getAndIncrement() == 0 ? plan : throwing("only once"));
    }

    private static LaunchPlan throwing(String message) {
        throw new IllegalStateException(message);
    }

    private static WorkerType checks(List<Problem> problems) {
        return new Sleeper() {
            @Override
            public List<Problem> check(OptionValues options) {
                return problems;
            }
        };
    }

    private interface Step {
        void run() throws Exception;
    }

    private static LiveNode impatient(LiveNode live) {
        return new Failing(live, live::withdraw, live::offer, SOON);
    }

    private List<Fault> faults() {
        List<Problem> all = List.of(Problem.definition("seconds", "is not to my taste"));
        // Does not depend on how soon a process ends.
        WorkerType lost = plans((request, plan) -> plan.withCommand(List.of("/no/such/program")));
        return List.of(
                new Fault("the node accepts the good options", checks(all), live -> live, "are refused"),
                new Fault(
                        "the node refuses the bad options, blaming the right key",
                        checks(List.of()),
                        live -> live,
                        "are accepted"),
                new Fault(
                        "a start with bad options starts nothing", checks(List.of()), live -> live, "started process"),
                startAndStop(lost, live -> live, "/no/such/program"),
                startAndStop(
                        plans((request, plan) -> plan.withCommand(List.of("/bin/true"))),
                        live -> afterStart(live, id -> Fixture.get(controller.awaitExit(id))),
                        "was reported as started and its process is gone"),
                startAndStop(new Sleeper(), this::ended, "did not run until it was stopped: its exit is"),
                startAndStop(deaf(), this::whenDeaf, "did not end on its stop signal and had to be killed"),
                startAndStop(
                        new Sleeper(),
                        live -> altered(live, "getEvents", ConformanceTest::reversed),
                        "Its events were [EXITED, STOPPING, STOP_REQUESTED, STARTED"),
                new Fault("a worker can be killed", plans((r, p) -> throwing("no plan")), live -> live, "no plan"),
                new Fault("a start can be cancelled", plans((r, p) -> throwing("no plan")), live -> live, "no plan"),
                new Fault("a restart gives a new process", plansOnce(), live -> live, "only once"),
                new Fault(
                        "a process that ends by itself is restarted if asked for",
                        plansOnce(),
                        ConformanceTest::impatient,
                        "not restarted within 3 seconds"),
                new Fault("workers outlive their type", new Sleeper(), this::killing, "Without its type it is exited"),
                new Fault(
                        "a restart waits for the type and comes with it",
                        new Sleeper(),
                        live -> new Failing(live, live::withdraw, () -> {}, SOON),
                        "its type within 3 seconds"),
                new Fault(
                        "a type that is back serves new starts",
                        new Sleeper(),
                        live -> new Failing(live, () -> {}, () -> {}, SOON),
                        "not without its type"));
    }

    private static Fault startAndStop(WorkerType type, UnaryOperator<LiveNode> breaking, String sentence) {
        return new Fault("a worker starts and stops, with its events in order", type, breaking, sentence);
    }

    /** Its process takes no notice of TERM, from its first instruction on. */
    private static WorkerType deaf() {
        return plans((request, plan) ->
                plan.withCommand(List.of("/bin/sh", "-c", "trap '' TERM; echo deaf; exec /bin/sleep 3600")));
    }

    private LiveNode whenDeaf(LiveNode live) {
        return afterStart(
                live,
                id -> await("it is deaf", () -> !controller.getWorkerLog(id, 1).isEmpty()));
    }

    /** A node that waits for something before it says that a worker is started. */
    private LiveNode afterStart(LiveNode live, Consumer<WorkerId> wait) {
        return altered(live, "startWorker", start -> {
            CompletionStage<?> started = (CompletionStage<?>) start.call();
            Fixture.get(started);
            controller.listWorkers(NodeController.Scope.ALL).stream()
                    .filter(info -> info.type().equals("sleeper"))
                    .forEach(info -> wait.accept(info.id()));
            return started;
        });
    }

    /** A node that says of a stop that the process had ended by itself. */
    private LiveNode ended(LiveNode live) {
        return altered(live, "stopWorker", stop -> ((CompletionStage<?>) stop.call()).thenApply(result -> {
            StopResult real = (StopResult) result;
            WorkerExit exit = WorkerExit.of(WorkerExit.ExitClass.ERROR, 1, null, "by itself", real.when());
            return StopResult.of(real.id(), real.type(), real.mode(), real.who(), real.when(), exit);
        }));
    }

    private static Object reversed(Callable<Object> events) throws Exception {
        List<Object> all = new ArrayList<>((List<?>) events.call());
        Collections.reverse(all);
        return all;
    }

    private interface Answer {
        Object of(Callable<Object> real) throws Exception;
    }

    /** A node whose controller answers one question in its own way. */
    private LiveNode altered(LiveNode live, String method, Answer answer) {
        NodeController altered = (NodeController) Proxy.newProxyInstance(
                NodeController.class.getClassLoader(),
                new Class<?>[] {NodeController.class},
                (proxy, called, arguments) -> {
                    Callable<Object> real = () -> {
                        try {
                            return called.invoke(controller, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause() instanceof Exception cause ? cause : e;
                        }
                    };
                    return called.getName().equals(method) ? answer.of(real) : real.call();
                });
        return new LiveNode() {
            @Override
            public NodeController controller() {
                return altered;
            }

            @Override
            public void withdraw() throws Exception {
                live.withdraw();
            }

            @Override
            public void offer() throws Exception {
                live.offer();
            }

            @Override
            public Duration patience() {
                return live.patience();
            }
        };
    }

    /** A node whose workers go with their type. */
    private LiveNode killing(LiveNode live) {
        Step away = () -> {
            live.withdraw();
            Fixture.get(controller.stopWorkers(WorkerSelector.ALL, StopOptions.KILL, Fixture.ME));
        };
        return new Failing(live, away, live::offer, Duration.ofSeconds(30));
    }

    @TestFactory
    Stream<DynamicTest> faultsAreFound() {
        return faults().stream()
                .map(fault -> DynamicTest.dynamicTest(fault.check() + ": " + fault.sentence(), () -> {
                    Registered live = new Registered("sleeper", fault.type());
                    try {
                        CheckResult result =
                                run(kit(fault.type()), fault.breaking().apply(live), fault.check());
                        assertThat(result.failures()).singleElement().asString().contains(fault.sentence());
                    } finally {
                        live.withdraw();
                        node.clear();
                    }
                }));
    }

    @Test
    void aTypeUnderAnotherNameIsFound() {
        Registered live = new Registered("other", new Sleeper());
        CheckResult result = run(kit(new Sleeper()), live, "the node offers the type");
        assertThat(result.failures()).singleElement().asString().contains("offers no type 'sleeper'");
        live.withdraw();
    }

    @Test
    void anUnusableTypeIsNotDrivenAndSaysWhy() {
        WorkerType type = new Sleeper() {
            @Override
            public Fingerprint fingerprint() {
                return Fingerprint.unusable("there is no bed here; buy one");
            }
        };
        Registered live = new Registered("sleeper", type);
        assertThat(run(kit(type), live, "a worker can be killed").skipped()).contains("buy one");
        live.withdraw();
    }

    @Test
    void everyLiveCheckIsTestedHere() {
        Registered live = new Registered("sleeper", new Sleeper());
        List<String> names =
                kit(new Sleeper()).liveChecks(live).stream().map(Check::name).toList();
        live.withdraw();
        Set<String> tested = faults().stream().map(Fault::check).collect(Collectors.toCollection(TreeSet::new));
        tested.add("the node offers the type");
        assertThat(tested).containsExactlyInAnyOrderElementsOf(names);
    }
}
