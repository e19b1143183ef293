package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeController.Detail;
import io.millwright.controller.api.NodeController.InputEnd;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerAnswer;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.channel.ChannelInfo;
import io.millwright.controller.api.channel.ChannelListener;
import io.millwright.controller.api.channel.ChannelTraffic;
import io.millwright.controller.api.channel.ExpectedRun;
import io.millwright.controller.api.channel.ReadyInfo;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.controller.api.worker.WorkerCapability;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.launch.WorkerTypes;
import io.millwright.options.JsonSyntax;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Version;

/** Native workers, whose processes are real and whose channel is the test's. */
@Tag("long")
class NativeWorkerTest {
    private static final ReadyInfo INFO = ReadyInfo.of("test 1", List.of(), List.of("add"));
    /** Reads the birth line and lives as long as the node. */
    private static final String LIVE = "read -r line; echo born; cat >/dev/null";

    @TempDir
    private Path directory;

    private final List<Long> planned = new CopyOnWriteArrayList<>();
    private TestNode node;
    private FakeChannelHost host;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(directory);
        host = new FakeChannelHost();
        offer();
    }

    private void offer() {
        node.node
                .types()
                .add(new WorkerTypes.Provider("native", new Native(), "test.native", new Version(1, 0, 0), 0, 7));
        node.node.setChannelHost(host);
    }

    @AfterEach
    void close() {
        node.close();
        assertThat(host.expected).as("runs that were not forgotten").isEmpty();
    }

    private final class Native extends TestNode.Guest {
        @Override
        public LaunchPlan plan(PlanRequest request) {
            request.options().integer("tune").ifPresent(planned::add);
            return super.plan(request);
        }

        @Override
        public List<OptionDefinition> options() {
            List<OptionDefinition> options = new ArrayList<>(super.options());
            options.add(OptionDefinition.option("tune", OptionType.INTEGER, "What changes while it runs.")
                    .inPlace()
                    .build());
            return options;
        }

        @Override
        public boolean isNative() {
            return true;
        }
    }

    private CompletionStage<StartResult> begin(String id, Map<String, Object> options) {
        return node.controller.startWorker(WorkerSpec.of(id(id), "native", options), ME);
    }

    private StartResult start(String id, Map<String, Object> options) {
        CompletionStage<StartResult> started = begin(id, options);
        host.of(id).up("1");
        host.of(id).ready(INFO);
        return get(started);
    }

    private NodeException refusal(CompletionStage<?> stage) {
        return catchThrowableOfType(NodeException.class, () -> get(stage));
    }

    @Test
    void aRunIsBornJoinsAndIsReady() {
        CompletionStage<StartResult> started = begin("n", script(LIVE));
        node.awaitLog("n", "born");
        assertThat(node.info("n").reason()).startsWith("no join yet, ");
        host.of("n").up("1");
        assertThat(node.awaitState("n", WorkerState.CONNECTED).reason()).startsWith("joined, not ready, ");
        host.of("n").ready(INFO);
        assertThat(get(started).pid()).isEqualTo(node.info("n").pid());
        assertThat(node.info("n").reason()).isNull();
        node.stop("n");
        assertThat(node.events("n"))
                .containsExactly("STARTING", "CONNECTED", "STARTED", "STOP_REQUESTED", "STOPPING", "EXITED");
        assertThat(node.info("n").exit().exitClass()).isEqualTo(ExitClass.REQUESTED);
        await().until(host.expected::isEmpty);
    }

    /** The kind: what only the worker itself knows of itself is nowhere to be seen; and a worker that does not answer holds up nobody. */
    @Test
    void aWorkerThatOffersFiguresHasThemAmongItsOwn() {
        CompletionStage<StartResult> started = begin("n", script(LIVE));
        host.of("n").up("1");
        host.of("n").ready(ReadyInfo.of("test 1", List.of(), List.of("figures")));
        get(started);
        host.answers = operation ->
                CompletableFuture.completedFuture(WorkerAnswer.of(id("n"), Map.of("sessions", 3L, "o", operation)));
        assertThat(node.controller.getWorker(id("n"), Detail.WITH_STATS).stats().figures())
                .isEqualTo(Map.of("sessions", 3L, "o", "figures"));
        assertThat(node.controller.getWorker(id("n"), Detail.PLAIN).stats()).isNull();
        host.answers = operation -> new CompletableFuture<>();
        assertThat(node.controller.getWorker(id("n"), Detail.WITH_STATS).stats().figures())
                .isEmpty();
        host.answers = operation -> CompletableFuture.failedFuture(new IllegalStateException("on purpose"));
        assertThat(node.controller.getWorker(id("n"), Detail.WITH_STATS).stats().figures())
                .isEmpty();
    }

    @Test
    void theDoctorNamesAWorkerThatIsToConnectToARouterThatIsNone() {
        Map<String, Object> options = new HashMap<>(script(LIVE));
        options.put("connect", Map.of("router", "apps", "realm", "r", "role", "app"));
        start("n", options);
        assertThat(node.controller.doctor().toString()).contains("there is no worker 'apps'");
        node.start("apps", script("exec sleep 60"));
        assertThat(node.controller.doctor().toString())
                .contains("is to connect to a router that is none: 'apps' is of type guest");
    }

    @Test
    void anInstanceIsToldItsGroup() throws IOException {
        Map<String, Object> options = new HashMap<>(script("read -r line; printf '%s' \"$line\"; cat >/dev/null"));
        options.put("stdout", "file");
        options.put("instances", 2L);
        begin("web", options);
        for (String id : List.of("web-1", "web-2")) {
            Path file = directory.resolve("log/workers/" + id + ".out");
            await().until(() -> Files.exists(file) && Files.readString(file).endsWith("}"));
            Map<?, ?> line = (Map<?, ?>) JsonSyntax.structure(Files.readString(file));
            assertThat(((Map<?, ?>) line.get("worker")).get("group")).isEqualTo("web");
        }
        await().until(() -> host.seen.size() == 2);
        assertThat(host.seen).allMatch(run -> "web".equals(run.group()));
    }

    @Test
    void theBirthLineSaysAllAndNothingElseHoldsTheToken() throws IOException {
        Map<String, Object> options = new HashMap<>(script("read -r line; printf '%s' \"$line\"; cat >/dev/null"));
        options.put("stdout", "file");
        options.put("title", "A worker");
        options.put("extra", Map.of("a", List.of(1, "two")));
        options.put("expose_controller", true);
        start("n", options);
        Path file = directory.resolve("log/workers/n.out");
        await().until(() -> Files.exists(file) && Files.readString(file).endsWith("}"));
        String text = Files.readString(file);
        Files.delete(file);
        Map<?, ?> line = (Map<?, ?>) JsonSyntax.structure(text);
        ExpectedRun run = host.seen.get(0);
        assertThat(run.controllerExposed()).isTrue();
        assertThat(line.get("v")).isEqualTo(1L);
        assertThat(line.get("node_id")).isEqualTo(node.node.nodeId());
        assertThat(line.get("node_dir")).isEqualTo(directory.toString());
        assertThat(line.get("worker"))
                .isEqualTo(Map.of("id", "n", "type", "native", "run", run.run(), "title", "A worker"));
        assertThat(line.get("realm")).isEqualTo("r");
        assertThat(line.get("prefix")).isEqualTo("p");
        assertThat(line.get("socket")).isEqualTo("/s");
        assertThat(line.get("serializers")).isEqualTo(List.of("json"));
        assertThat(run.token().accepts(String.valueOf(line.get("token")))).isTrue();
        assertThat(((Map<?, ?>) line.get("log")).get("level")).isEqualTo("info");
        assertThat(line.get("debug_lifecycle")).isEqualTo(false);
        assertThat(((Map<?, ?>) line.get("options")).keySet()).isEqualTo(java.util.Set.of("executable", "arguments"));
        assertThat(line.get("extra")).isEqualTo(Map.of("a", List.of(1L, "two")));
        for (String secret : List.of(run.token().reveal(), run.rejoin().reveal())) {
            assertThat(node.info("n").toMap().toString()).doesNotContain(secret);
            assertThat(node.controller.getEvents().toString()).doesNotContain(secret);
            assertThat(node.log("n").toString()).doesNotContain(secret);
            node.stop("n");
            try (Stream<Path> files = Files.walk(directory)) {
                assertThat(files.filter(Files::isRegularFile)
                                .filter(one -> read(one).contains(secret)))
                        .isEmpty();
            }
            start("n", options);
            Files.deleteIfExists(file);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }

    @Test
    void eachRunHasCredentialsAndANumberOfItsOwn() {
        start("n", script(LIVE));
        node.stop("n");
        start("n", script(LIVE));
        ExpectedRun first = host.seen.get(0);
        ExpectedRun second = host.seen.get(1);
        assertThat(second.run()).isGreaterThan(first.run());
        assertThat(second.token()).isNotEqualTo(first.token());
        assertThat(second.rejoin()).isNotEqualTo(first.rejoin());
        assertThat(first.token()).isNotEqualTo(first.rejoin());
    }

    @Test
    void aNumberDoesNotComeAgainInALaterLife() throws IOException {
        start("n", script(LIVE));
        long first = host.seen.get(0).run();
        node.close();
        node = new TestNode(directory);
        offer();
        start("n", script(LIVE));
        assertThat(host.seen.get(1).run()).isGreaterThan(first);
    }

    @Test
    void whatMayDoWhatAnOperatorMayIsListedByDoctor() {
        start("n", script(LIVE, "expose_controller", true));
        assertThat(node.controller.doctor().toString()).contains("expose_controller");
        assertThat(node.controller.getWorkerTypes())
                .filteredOn(type -> type.type().equals("native"))
                .flatExtracting(type -> List.copyOf(type.capabilities()))
                .contains(WorkerCapability.CHANNEL);
    }

    @Test
    void aRunThatEndsBeforeItIsReadyHasFailedWhateverItsCode() {
        NodeException failed = refusal(begin("n", script("read -r line; exit 0")));
        assertThat(failed.code()).isEqualTo(ErrorCode.CANNOT_START);
        assertThat(failed)
                .hasMessage(
                        "worker 'n' could not be started: ended before it was ready (it had not joined): exit code 0");
        assertThat(node.info("n").status()).isEqualTo(WorkerState.FAILED);
    }

    @Test
    void aRunThatIsNotReadyInTimeIsStoppedAndHasFailed() {
        NodeException failed = refusal(begin("n", script(LIVE, "start.timeout", "300ms")));
        assertThat(failed)
                .hasMessage(
                        "worker 'n' could not be started: not ready within 300 ms (start.timeout): it has not joined;"
                                + " ended by signal TERM");
        assertThat(node.events("n")).containsExactly("STARTING", "STOPPING", "FAILED");
        CompletionStage<StartResult> joins = begin("n", script(LIVE, "start.timeout", "2s"));
        host.of("n").up("1");
        assertThat(refusal(joins)).hasMessageContaining("it has joined and does not say that it is ready");
    }

    @Test
    void standardInputIsTheControllers() {
        NodeException refused = refusal(begin("n", script(LIVE, "stdin", "open")));
        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
        assertThat(refused.problems().toString()).contains("stdin").contains("birth line");
        start("n", script(LIVE));
        assertThat(refusal(node.controller.writeInput(id("n"), new byte[1], InputEnd.KEEP_OPEN, ME)))
                .hasMessageContaining("its standard input belongs to the controller");
        assertThat(refusal(node.controller.startWorker(
                        WorkerSpec.of(id("g"), "guest", script("true", "channel.timeout", "3s")), ME)))
                .hasMessageContaining("channel.timeout");
    }

    @ParameterizedTest
    @CsvSource({
        "connect.router, r1, connect.realm",
        "connect.realm, x, connect.router",
        "connect.router, r.1, connect.router",
        "connect.role, a.b, connect.role",
    })
    void whatIsWrongWithAConnectionIsSaid(String key, String value, String path) {
        NodeException refused = refusal(begin("n", script(LIVE, key, value)));
        assertThat(refused.problems()).anyMatch(problem -> problem.path().equals(path));
    }

    @Test
    void whileThereIsNoHostACallIsRefusedAndAConfigurationWaits() {
        node.node.setChannelHost(null);
        WorkerSpec spec = WorkerSpec.of(id("n"), "native", script(LIVE));
        NodeException refused = refusal(node.controller.startWorker(spec, ME));
        assertThat(refused.code()).isEqualTo(ErrorCode.FEATURE_UNAVAILABLE);
        assertThat(refused)
                .hasMessage("worker 'n' cannot be started: it needs a control channel, and no bundle carries control"
                        + " channels now");
        node.node.configure(new Configured("io.millwright.worker.native~n", "node.json", spec));
        WorkerInfo waits = node.awaitState("n", WorkerState.BACKOFF);
        assertThat(waits.waiting().reason().text()).isEqualTo("channel");
        assertThat(waits.why()).contains("no bundle carries control channels now");
        node.node.setChannelHost(host);
        host.of("n").up("1");
        host.of("n").ready(INFO);
        node.awaitState("n", WorkerState.STARTED);
    }

    @Test
    void aLostChannelIsNoExit() {
        StartResult started = start("n", script(LIVE));
        host.of("n").lost("the peer has gone");
        await().until(() -> node.info("n").channel().state() == ChannelInfo.State.LOST);
        WorkerInfo lost = node.info("n");
        assertThat(lost.status()).isEqualTo(WorkerState.STARTED);
        assertThat(lost.why().toString()).contains("control channel lost ").contains("the peer has gone");
        assertThat(refusal(node.controller.callWorker(id("n"), "add", Map.of(), ME)))
                .hasMessage("worker 'n' cannot be asked for 'add': its control channel is lost: the peer has gone");
        host.of("n").up("2");
        await().until(() -> "2".equals(node.info("n").channel().session()));
        assertThat(node.info("n").reason()).isNull();
        assertThat(node.info("n").pid()).isEqualTo(started.pid());
    }

    @Test
    void aRunThatDoesNotComeBackInTimeIsEnded() {
        start("n", script(LIVE, "channel.timeout", "300ms"));
        host.of("n").lost("the peer has gone");
        WorkerInfo ended = node.awaitState("n", WorkerState.EXITED);
        assertThat(ended.exit().exitClass()).isEqualTo(ExitClass.ERROR);
        assertThat(ended.exit().reason())
                .isEqualTo("has lost its control channel (the peer has gone) and has not joined again within 300 ms"
                        + " (channel.timeout); ended by signal TERM");
    }

    @Test
    void aHostThatComesBackIsToldOfAllThatLiveAndNoneEnds() {
        List<String> ids = List.of("a", "b", "c");
        Map<String, Long> pids = new HashMap<>();
        for (String one : ids) {
            pids.put(one, start(one, script(LIVE, "channel.timeout", "1s")).pid());
        }
        Map<String, ExpectedRun> first = Map.copyOf(host.expected);
        for (int i = 0; i < 20; i++) {
            node.node.setChannelHost(null);
            for (String one : ids) {
                await().until(() -> node.info(one).channel().state() == ChannelInfo.State.LOST);
            }
            host = new FakeChannelHost();
            node.node.setChannelHost(host);
            for (String one : ids) {
                host.of(one).up("again");
                assertThat(host.expected.get(one)).isEqualTo(first.get(one));
                assertThat(host.expected.get(one).rejoin())
                        .isEqualTo(first.get(one).rejoin());
                assertThat(host.expected.get(one).token())
                        .as("the token that is spent")
                        .isNotEqualTo(first.get(one).token());
            }
        }
        for (String one : ids) {
            await().until(() -> node.info(one).channel().state() == ChannelInfo.State.UP);
            assertThat(node.info(one).pid()).isEqualTo(pids.get(one));
            assertThat(node.events(one)).containsExactly("STARTING", "CONNECTED", "STARTED");
        }
    }

    @Test
    void whatAHostTellsThatDoesNotServeAnyMoreIsVoid() {
        start("n", script(LIVE));
        FakeChannelHost old = host;
        ChannelListener before = old.of("n");
        host = new FakeChannelHost();
        node.node.setChannelHost(host);
        host.of("n").up("2");
        await().until(() -> "2".equals(node.info("n").channel().session()));
        before.lost("late");
        before.up("1");
        host.of("n").traffic(ChannelTraffic.of(1, 10), ChannelTraffic.of(2, 20));
        await().until(() -> node.info("n").channel().received().messages() == 1);
        assertThat(node.info("n").channel().session()).isEqualTo("2");
        await().until(old.expected::isEmpty);
    }

    @Test
    void aStopIsAskedForOverTheChannelFirst() throws IOException {
        Path asked = directory.resolve("asked");
        start("n", script("trap '' TERM; read -r line; while [ ! -e " + asked + " ]; do sleep 0.05; done; exit 3"));
        host.answers = operation -> {
            try {
                Files.createFile(asked);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return CompletableFuture.completedFuture(WorkerAnswer.of(id("n"), null));
        };
        assertThat(node.stop("n").exit().code()).isEqualTo(3);
        assertThat(node.info("n").exit().exitClass()).isEqualTo(ExitClass.REQUESTED);
        assertThat(host.calls).containsExactly("n shutdown {}");
    }

    @ParameterizedTest
    @CsvSource({"refuses, 20s", "does not answer, 1s", "answers and stays, 1s"})
    void aRunThatDoesNotEndWhenItIsAskedToGetsTheSignal(String what, String timeout) {
        start("n", script(LIVE, "stop.timeout", timeout));
        if (what.startsWith("does not")) {
            host.answers = operation -> new CompletableFuture<>();
        } else if (what.startsWith("answers")) {
            host.answers = operation -> CompletableFuture.completedFuture(WorkerAnswer.of(id("n"), null));
        }
        assertThat(node.stop("n").exit().signal()).isEqualTo("TERM");
        assertThat(node.info("n").exit().exitClass()).isEqualTo(ExitClass.REQUESTED);
        assertThat(host.calls).containsExactly("n shutdown {}");
    }

    @Test
    void operationsAreCalledIfTheyAreOffered() {
        start("n", script(LIVE));
        host.answers = operation -> CompletableFuture.completedFuture(WorkerAnswer.of(id("n"), 3L));
        assertThat(get(node.controller.callWorker(id("n"), "add", Map.of("a", 1, "b", 2), ME))
                        .value())
                .isEqualTo(3L);
        assertThat(host.calls).hasSize(1);
        NodeException none = refusal(node.controller.callWorker(id("n"), "dump_heap", Map.of(), ME));
        assertThat(none.code()).isEqualTo(ErrorCode.FEATURE_UNAVAILABLE);
        assertThat(none).hasMessage("worker 'n' cannot be asked for 'dump_heap': it does not offer it; it offers add");
        host.answers = operation -> new CompletableFuture<>();
        CompletionStage<WorkerAnswer> open = node.controller.callWorker(id("n"), "add", Map.of(), ME);
        await().until(() -> host.calls.size() == 2);
        get(node.controller.stopWorker(id("n"), StopOptions.KILL, ME));
        NodeException ended = refusal(open);
        assertThat(ended).hasMessage("worker 'n' has not answered: it has ended");
        assertThat(ended.code()).isEqualTo(ErrorCode.WORKER_NOT_RUNNING);
    }

    private void configure(int tune) {
        node.node.configure(new Configured(
                "io.millwright.worker.native~n",
                "node.json",
                WorkerSpec.of(id("n"), "native", script(LIVE, "tune", tune))));
    }

    private List<String> tunes() {
        return host.calls.stream()
                .filter(call -> call.startsWith("n configure"))
                .map(call -> call.replaceAll(".*tune=(\\d).*", "$1"))
                .toList();
    }

    @Test
    void whatChangesInPlaceIsToldToARunThatIsReadyAndOffersConfigure() {
        List<Long> plannedBefore = new CopyOnWriteArrayList<>();
        host.answers = operation -> {
            plannedBefore.add(planned.get(planned.size() - 1));
            return CompletableFuture.completedFuture(WorkerAnswer.of(id("n"), null));
        };
        configure(1);
        host.of("n").up("1");
        configure(2);
        await().until(() -> Integer.valueOf(2).equals(tune()));
        assertThat(tunes()).as("not ready").isEmpty();
        host.of("n").ready(ReadyInfo.of("test 1", List.of(), List.of("configure")));
        await().untilAsserted(() -> assertThat(tunes()).containsExactly("2"));
        Long pid = node.info("n").pid();

        host.of("n").lost("the router has gone");
        configure(3);
        await().until(() -> Integer.valueOf(3).equals(tune()));
        host.of("n").up("2");
        await().untilAsserted(() -> assertThat(tunes()).containsExactly("2", "3"));
        await().untilAsserted(() -> assertThat(plannedBefore).containsExactly(2L, 3L));

        host.answers = operation -> CompletableFuture.failedFuture(new NodeException(ErrorCode.INTERNAL, "no room"));
        configure(4);
        await().untilAsserted(() ->
                assertThat(node.info("n").reason()).isEqualTo("what is changed in place was not taken: no room"));
        assertThat(node.info("n").pid()).isEqualTo(pid);
        assertThat(node.controller.doctor().toString())
                .contains("is not as its configuration asks: what is changed in place was not taken: no room");
    }

    /** The run may be back before the call has failed that it had when it lost its channel. */
    @Test
    void whatARunWasToldWhenItLostItsChannelItIsToldAgain() {
        CompletableFuture<WorkerAnswer> lost = new CompletableFuture<>();
        host.answers = operation -> lost;
        configure(1);
        host.of("n").up("1");
        host.of("n").ready(ReadyInfo.of("test 1", List.of(), List.of("configure")));
        node.awaitState("n", WorkerState.STARTED);
        configure(2);
        await().untilAsserted(() -> assertThat(tunes()).containsExactly("2"));
        host.of("n").lost("the peer has gone");
        host.of("n").up("2");
        await().until(() -> "2".equals(node.info("n").channel().session()));
        host.answers = operation -> CompletableFuture.completedFuture(WorkerAnswer.of(id("n"), null));
        lost.completeExceptionally(new NodeException(ErrorCode.FEATURE_UNAVAILABLE, "its connection was lost"));
        await().untilAsserted(() -> assertThat(tunes()).containsExactly("2", "2"));
        assertThat(node.info("n").reason()).isNull();
    }

    private @Nullable Object tune() {
        Object tune = node.controller.getWorkers(List.of()).contains(id("n"))
                ? node.info("n").options().get("tune")
                : null;
        return tune instanceof Long number ? (Object) number.intValue() : null;
    }
}
