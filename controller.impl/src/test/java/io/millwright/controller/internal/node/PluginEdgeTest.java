package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.ConfigurationSource;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.WorkerListener;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.WorkerTypeInfo;
import io.millwright.controller.api.monitor.ProcessStats;
import io.millwright.controller.api.monitor.SystemMonitor;
import io.millwright.controller.api.monitor.SystemSampler;
import io.millwright.controller.api.worker.Fingerprint;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.event.WorkerListeners;
import io.millwright.controller.internal.launch.HandTimer;
import io.millwright.controller.internal.launch.PluginPool;
import io.millwright.controller.internal.launch.WorkerTypes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Version;

/**
 * Plug-ins that hang, throw, or answer nonsense, wherever the node calls one: binding it, the controller loop and the questions of
 * callers go on, and what is wrong is said where a person looks.
 */
class PluginEdgeTest {
    @TempDir
    Path temp;

    private final CountDownLatch release = new CountDownLatch(1);
    private TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("node"));
    }

    @AfterEach
    void close() {
        release.countDown();
        node.close();
    }

    private <T> T hang(T value) {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return value;
    }

    /** A guest of another name that says its options as a test wants. */
    private static final class Type extends TestNode.Guest {
        private final Supplier<List<OptionDefinition>> options;
        private final Supplier<Fingerprint> fingerprint;

        Type(Supplier<List<OptionDefinition>> options, Supplier<Fingerprint> fingerprint) {
            this.options = options;
            this.fingerprint = fingerprint;
        }

        @Override
        public List<OptionDefinition> options() {
            return options.get();
        }

        @Override
        public Fingerprint fingerprint() {
            return fingerprint.get();
        }
    }

    private void add(long serviceId, Supplier<List<OptionDefinition>> options, Supplier<Fingerprint> fingerprint) {
        node.node
                .types()
                .add(new WorkerTypes.Provider(
                        "odd", new Type(options, fingerprint), "org.example.odd", new Version(1, 0, 0), 0, serviceId));
    }

    private static List<OptionDefinition> good() {
        return new TestNode.Guest().options();
    }

    private CompletionStage<StartResult> start() {
        return node.controller.startWorker(WorkerSpec.of(id("w"), "odd", script("exec sleep 60")), ME);
    }

    private WorkerTypeInfo info() {
        return node.controller.getWorkerTypes().stream()
                .filter(type -> type.type().equals("odd"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void optionsThatHangHoldUpOnlyTheStartsOfTheirType() {
        add(2, () -> hang(good()), Fingerprint::ok);
        CompletionStage<StartResult> start = start();
        assertThat(info().usable()).isFalse();
        assertThat(info().reason())
                .isEqualTo("worker type 'odd' (bundle org.example.odd) is being asked for its options");
        assertThat(node.controller.getStatus().workerTypes()).containsExactly("guest");
        node.start("other", script("exec sleep 60"));
        assertThat(start.toCompletableFuture()).isNotDone();
        release.countDown();
        assertThat(get(start).id()).isEqualTo(id("w"));
        assertThat(info().usable()).isTrue();
        assertThat(info().reason()).isNull();
    }

    static Stream<Arguments> badOptions() {
        return Stream.of(
                Arguments.of("nothing", (Supplier<List<OptionDefinition>>) () -> null, "NullPointerException"),
                Arguments.of(
                        "a list with nothing in it",
                        (Supplier<List<OptionDefinition>>) () -> {
                            List<OptionDefinition> list = new ArrayList<>();
                            list.add(null);
                            return list;
                        },
                        "NullPointerException"),
                Arguments.of(
                        "an exception",
                        (Supplier<List<OptionDefinition>>) () -> {
                            throw new IllegalStateException("no licence");
                        },
                        "java.lang.IllegalStateException: no licence"),
                Arguments.of(
                        "an error",
                        (Supplier<List<OptionDefinition>>) () -> {
                            throw new NoClassDefFoundError("org/example/Gone");
                        },
                        "java.lang.NoClassDefFoundError: org/example/Gone"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badOptions")
    void aTypeThatDoesNotSayItsOptionsIsNotAvailableUntilItIsBoundAnew(
            String name, Supplier<List<OptionDefinition>> options, String why) {
        add(2, options, Fingerprint::ok);
        await().until(() -> info().reason() != null && info().reason().contains("does not say its options"));
        assertThat(info().reason()).contains(why).contains("bundle org.example.odd");
        assertThat(info().usable()).isFalse();
        assertThatThrownBy(() -> get(start())).isInstanceOfSatisfying(NodeException.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_WORKER_TYPE);
            assertThat(refused).hasMessageContaining(why).hasMessageContaining("there is guest");
        });
        node.node.configure(new Configured(
                "io.millwright.worker.odd~c", "node.json", WorkerSpec.of(id("c"), "odd", script("exec sleep 60"))));
        assertThat(node.awaitState("c", WorkerState.BACKOFF).reason())
                .startsWith("type unavailable: ")
                .contains(why);
        node.node.types().remove("odd", 2);
        add(3, PluginEdgeTest::good, Fingerprint::ok);
        node.awaitState("c", WorkerState.STARTED);
    }

    @Test
    void aTypeThatTakesReservedKeysIsNotAvailableAndIsNamed() {
        add(
                2,
                () -> List.of(
                        OptionDefinition.option("executable", OptionType.STRING, "What.")
                                .build(),
                        OptionDefinition.option("restart.odd", OptionType.STRING, "Odd.")
                                .build(),
                        OptionDefinition.option("schedule", OptionType.STRING, "When.")
                                .build()),
                Fingerprint::ok);
        await().until(() -> info().reason() != null && info().reason().contains("reserved"));
        assertThat(info().reason())
                .isEqualTo(
                        "worker type 'odd' (bundle org.example.odd) takes option keys that are reserved for the controller:"
                                + " restart.odd, schedule; it must name them otherwise");
        assertThat(info().usable()).isFalse();
        assertThat(node.controller.doctor())
                .anySatisfy(finding -> assertThat(finding.toString()).contains("restart.odd, schedule"));
        assertThatThrownBy(() -> get(start())).hasMessageContaining("restart.odd, schedule");
    }

    /** A worker that waits for its type says what is wrong now, not what was when it began to wait. */
    @Test
    void aWaitingWorkerSaysWhyItsTypeIsNotThereNow() {
        node.node.configure(new Configured(
                "io.millwright.worker.odd~c", "node.json", WorkerSpec.of(id("c"), "odd", script("exec sleep 60"))));
        assertThat(node.awaitState("c", WorkerState.BACKOFF).reason())
                .isEqualTo("type unavailable: no installed bundle offers worker type 'odd'; there is guest");
        add(
                2,
                () -> {
                    throw new IllegalStateException("no licence");
                },
                Fingerprint::ok);
        await().until(() -> String.valueOf(node.info("c").reason()).contains("no licence"));
        node.node.types().remove("odd", 2);
        await().until(() -> String.valueOf(node.info("c").reason()).contains("no installed bundle offers"));
    }

    @Test
    void theHealthOfATypeSaysWhyItIsNotUsableAlsoWhereAnotherServes() {
        add(2, PluginEdgeTest::good, Fingerprint::ok);
        add(3, PluginEdgeTest::good, () -> Fingerprint.unusable("there is no python3; install it"));
        await().until(() -> node.node.types().offers("odd").stream().allMatch(WorkerTypes.Offer::isAvailable));
        List<WorkerTypeInfo> odd = node.controller.getWorkerTypes().stream()
                .filter(type -> type.type().equals("odd"))
                .toList();
        assertThat(odd.get(0).usable()).isTrue();
        assertThat(odd.get(1).usable()).isFalse();
        assertThat(odd.get(1).reason())
                .isEqualTo("shadowed by org.example.odd 1.0.0 (ranking 0); there is no python3; install it");
        node.node.types().remove("odd", 2);
        assertThat(info().reason()).isEqualTo("there is no python3; install it");
        add(4, PluginEdgeTest::good, () -> {
            throw new IllegalStateException("broken");
        });
        node.node.types().remove("odd", 3);
        await().until(() -> node.node.types().serving("odd").isPresent());
        assertThat(info().reason())
                .isEqualTo("worker type 'odd' (bundle org.example.odd) does not say whether it can be used:"
                        + " java.lang.IllegalStateException: broken");
    }

    @Test
    void aListenerThatDoesNotSayWhetherItWantsLogsGetsEvents() {
        List<String> seen = new CopyOnWriteArrayList<>();
        class Slow implements WorkerListener {
            @Override
            public boolean wantsLog() {
                return hang(true);
            }

            @Override
            public void onEvent(NodeEvent event, long lost) {
                seen.add(TestNode.step(event));
            }
        }
        WorkerListeners.Listener slow = new WorkerListeners.Listener("org.example.slow", Set.of(), new Slow());
        node.node.addListener(slow);
        WorkerListeners.Listener broken = new WorkerListeners.Listener("org.example.broken", Set.of(), new Slow() {
            @Override
            public boolean wantsLog() {
                throw new IllegalStateException("no idea");
            }
        });
        node.node.addListener(broken);
        node.start("a", script("exec sleep 60"));
        await().until(() -> seen.stream().filter("STARTED"::equals).count() == 2);
        await().until(() -> !node.node.pluginProblems().isEmpty());
        assertThat(node.node.pluginProblems())
                .singleElement()
                .asString()
                .startsWith("worker listener (bundle org.example.broken) does not say whether it wants logs")
                .contains("no idea");
        node.node.removeListener(broken);
        assertThat(node.node.pluginProblems()).isEmpty();
    }

    @Test
    void aSourceThatFailsCountsAsRefusedAndIsNamed() {
        ConfigurationSource broken = new ConfigurationSource() {
            @Override
            public String name() {
                return "broken.json";
            }

            @Override
            public List<Problem> problems() {
                throw new IllegalStateException("disk gone");
            }

            @Override
            public java.util.Optional<Proposal> propose(Path file) {
                throw new IllegalStateException("disk gone");
            }
        };
        node.node.sources().set(List.of(new Sources.Source("org.example.source", broken)));
        assertThat(node.node.sources().reports()).singleElement().satisfies(report -> {
            assertThat(report.name()).isEqualTo("configuration source (bundle org.example.source)");
            assertThat(report.problems())
                    .singleElement()
                    .asString()
                    .contains("it does not answer")
                    .contains("disk gone");
        });
        assertThatThrownBy(() -> get(node.controller.getPlanner().file(Path.of("x.json"))))
                .hasMessageContaining("disk gone");
    }

    /** Figures are no reason to wait for ever: without them the rest is said. */
    @Test
    void aMonitorThatHangsIsGivenUpAndNotPolledTwiceAtOnce() throws Exception {
        HandTimer time = new HandTimer();
        Semaphore inside = new Semaphore(0);
        SystemMonitor hanging = new SystemMonitor() {
            @Override
            public SystemSampler newSampler() {
                return () -> {
                    inside.release();
                    while (release.getCount() > 0) {
                        hang(true);
                        Thread.interrupted();
                    }
                    return null;
                };
            }

            @Override
            public Map<Long, ProcessStats> processes(Collection<Long> pids) {
                inside.release();
                return hang(Map.of());
            }
        };
        try (PluginPool plugins = new PluginPool("test", 1, Duration.ofSeconds(5), time::nanos, time)) {
            PooledMonitor monitor = new PooledMonitor(hanging, plugins);
            CompletableFuture<Map<Long, ProcessStats>> figures =
                    CompletableFuture.supplyAsync(() -> monitor.processes(List.of(1L)));
            inside.acquire();
            time.move(Duration.ofSeconds(30));
            assertThat(figures.get()).isEmpty();

            SystemSampler sampler = monitor.newSampler();
            CompletableFuture<Object> poll = CompletableFuture.supplyAsync(sampler::sample);
            inside.acquire();
            time.move(Duration.ofSeconds(30));
            assertThatThrownBy(poll::get)
                    .hasRootCauseInstanceOf(NodeException.class)
                    .hasMessageContaining("the system monitor gives no figures")
                    .hasMessageContaining("did not answer within 30000 ms");
            assertThatThrownBy(sampler::sample).hasMessageContaining("has not come back from the poll before");
        }
    }
}
