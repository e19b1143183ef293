package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.HistoryPage;
import io.millwright.controller.api.HistoryQuery;
import io.millwright.controller.api.LogQuery;
import io.millwright.controller.api.NodeController.CheckDepth;
import io.millwright.controller.api.NodeController.Detail;
import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Outcome;
import io.millwright.controller.api.RestartOptions;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopMode;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.monitor.ProcessStats;
import io.millwright.controller.api.monitor.SystemMonitor;
import io.millwright.controller.api.monitor.SystemSampler;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.launch.WorkerTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

/** What callers can ask for beyond the usual: other signals and timeouts, a restart that a failure ends, pages, many figures at once. */
class CallOptionsTest {
    /** Prints the signals it gets, ends at USR1 only. */
    private static final String STUBBORN =
            "trap 'echo TERM' TERM; trap 'echo USR1; exit 3' USR1; echo ready; " + "while :; do sleep 0.01; done";

    @TempDir
    Path directory;

    private TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(directory);
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void startStubborn(String id) {
        node.start(id, script(STUBBORN, "stop.timeout", "10m"));
        node.awaitLog(id, "ready");
    }

    @Test
    void anotherSignalIsSentFirst() {
        startStubborn("one");
        startStubborn("two");
        startStubborn("three");
        StopOptions usr1 = StopOptions.GRACEFUL.withSignal(Signal.USR1);
        StopResult one = get(node.controller.stopWorker(id("one"), usr1, ME));
        assertThat(one.exit().code()).isEqualTo(3);
        List<Outcome<StopResult>> rest = get(node.controller.stopWorkers(WorkerSelector.ALL, usr1, ME));
        assertThat(rest).hasSize(2).allMatch(outcome -> outcome.result() != null);
        for (String id : List.of("one", "two", "three")) {
            assertThat(node.log(id)).as(id).contains("ready", "USR1").doesNotContain("TERM");
        }
    }

    @Test
    void anotherTimeoutEndsInKill() {
        startStubborn("w");
        StopResult stopped =
                get(node.controller.stopWorker(id("w"), StopOptions.GRACEFUL.withTimeout(Duration.ZERO), ME));
        assertThat(stopped.exit().signal()).isEqualTo("KILL");
        assertThat(stopped.mode()).as("what was asked for").isEqualTo(StopMode.GRACEFUL);
    }

    @Test
    void aStopUnderWayTakesTheOtherWordsOfALaterOne() {
        startStubborn("w");
        CompletionStage<StopResult> first = node.controller.stopWorker(id("w"), StopOptions.GRACEFUL, ME);
        node.awaitLog("w", "TERM");
        StopResult second = get(node.controller.stopWorker(id("w"), StopOptions.GRACEFUL.withSignal(Signal.USR1), ME));
        assertThat(second.exit().code()).isEqualTo(3);
        assertThat(get(first)).isEqualTo(second);
        startStubborn("x");
        first = node.controller.stopWorker(id("x"), StopOptions.GRACEFUL, ME);
        node.awaitLog("x", "TERM");
        second = get(node.controller.stopWorker(id("x"), StopOptions.GRACEFUL.withTimeout(Duration.ofMillis(1)), ME));
        assertThat(second.exit().signal()).isEqualTo("KILL");
        assertThat(get(first)).isEqualTo(second);
    }

    @Test
    void aRestartStopsAsItIsToldTo() {
        startStubborn("one");
        startStubborn("two");
        RestartOptions usr1 = RestartOptions.ALL_AT_ONCE.withStop(StopOptions.GRACEFUL.withSignal(Signal.USR1));
        get(node.controller.restartWorkers(WorkerSelector.of("one"), usr1, ME));
        assertThat(node.log("one")).contains("USR1").doesNotContain("TERM");
        RestartOptions atOnce = RestartOptions.ALL_AT_ONCE.withStop(StopOptions.GRACEFUL.withTimeout(Duration.ZERO));
        get(node.controller.restartWorkers(WorkerSelector.of("two"), atOnce, ME));
        assertThat(node.controller.getHistory())
                .extracting(run ->
                        run.id() + " " + run.exit().code() + " " + run.exit().signal())
                .containsExactly("one 3 null", "two null KILL");
        assertThat(pids()).containsOnlyKeys("one", "two");
        get(node.controller.stopWorkers(WorkerSelector.ALL, StopOptions.KILL, ME));
    }

    @Test
    void theFirstFailureEndsARestartAndTheRestIsLeft() throws IOException {
        Path program = Files.writeString(directory.resolve("program"), "#!/bin/sh\necho up\nexec sleep 60\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        node.start("a", script("exec sleep 60"));
        node.start("b", Map.of("executable", program.toString()));
        // The shell has opened the file.
        node.awaitLog("b", "up");
        node.start("c", script("exec sleep 60"));
        Map<String, Long> before = pids();
        Files.delete(program);
        RestartOptions careful = RestartOptions.ALL_AT_ONCE.withAtOnce(1).withFirstFailureEnds(true);
        List<Outcome<StartResult>> outcomes = get(node.controller.restartWorkers(WorkerSelector.ALL, careful, ME));
        assertThat(outcomes).extracting(outcome -> outcome.id().value()).containsExactly("a", "b", "c");
        assertThat(outcomes.get(0).result()).isNotNull();
        assertThat(outcomes.get(1).error()).hasMessageContaining("keeps running");
        assertThat(outcomes.get(2).error())
                .hasMessage("worker 'c' is left as it was, because worker 'b' failed before");
        assertThat(pids().get("c")).isEqualTo(before.get("c"));
        assertThat(pids().get("a")).isNotEqualTo(before.get("a"));
        outcomes = get(node.controller.restartWorkers(WorkerSelector.ALL, careful.withFirstFailureEnds(false), ME));
        assertThat(outcomes.get(2).result()).as("otherwise the rest goes on").isNotNull();
    }

    private Map<String, Long> pids() {
        return node.controller.listWorkers(Scope.LIVE).stream()
                .collect(Collectors.toMap(info -> info.id().value(), WorkerInfo::pid));
    }

    @Test
    void theHistoryIsReadInPages() {
        for (int i = 0; i < 7; i++) {
            String id = i % 2 == 0 ? "even" : "odd";
            node.start(id, script("exit 0"));
            get(node.controller.awaitExit(id(id)));
        }
        List<WorkerRun> all = node.controller.getHistory();
        assertThat(all).hasSize(7);
        List<WorkerRun> paged = new ArrayList<>();
        HistoryQuery query = HistoryQuery.ALL.withLimit(3);
        int pages = 0;
        for (Long before = null; pages == 0 || before != null; pages++) {
            HistoryPage page = node.controller.getHistory(query.withBefore(before));
            paged.addAll(0, page.runs());
            before = page.before();
        }
        assertThat(pages).isEqualTo(3);
        assertThat(paged).isEqualTo(all);
        HistoryPage odd = node.controller.getHistory(query.withWorker(id("odd")));
        assertThat(odd.runs()).hasSize(3).allMatch(run -> run.id().equals(id("odd")));
        assertThat(odd.before()).as("there is no older one").isNull();
        assertThat(node.controller.getHistory(query.withBefore(0L)).runs()).isEmpty();
    }

    @Test
    void figuresOfManyWorkersAreAskedForAtOnce() {
        List<Collection<Long>> asked = new CopyOnWriteArrayList<>();
        node.node.setMonitor(new SystemMonitor() {
            @Override
            public SystemSampler newSampler() {
                throw new UnsupportedOperationException();
            }

            @Override
            public Map<Long, ProcessStats> processes(Collection<Long> pids) {
                asked.add(pids);
                return pids.stream()
                        .collect(Collectors.toMap(
                                pid -> pid, pid -> ProcessStats.of(pid, Duration.ofSeconds(1), 4096, 2, 3)));
            }
        });
        node.start("a", script("exec sleep 60"));
        node.start("b", script("exec sleep 60"));
        node.start("over", script("exit 0"));
        get(node.controller.awaitExit(id("over")));
        List<WorkerInfo> plain = node.controller.listWorkers(Scope.ALL);
        assertThat(plain).allMatch(info -> info.stats() == null);
        assertThat(asked).isEmpty();
        List<WorkerInfo> full = node.controller.listWorkers(Scope.ALL, Detail.WITH_STATS);
        assertThat(asked).hasSize(1);
        assertThat(full)
                .extracting(info -> info.stats().process() == null
                        ? -1
                        : info.stats().process().rss())
                .containsExactly(4096L, 4096L, -1L);
    }

    @Test
    void aLogIsSearchedThroughTheNode() {
        node.start("w", script("echo one; echo two; echo three"));
        get(node.controller.awaitExit(id("w")));
        assertThat(get(node.controller.searchWorkerLog(id("w"), LogQuery.regex("t.*e")))
                        .matches())
                .extracting(match -> match.entry().text())
                .containsExactly("three");
        assertThat(catchThrowableOfType(
                                NodeException.class,
                                () -> get(node.controller.searchWorkerLog(id("w"), LogQuery.regex("("))))
                        .code())
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(catchThrowableOfType(
                                NodeException.class,
                                () -> get(node.controller.searchWorkerLog(id("nobody"), LogQuery.text("x"))))
                        .code())
                .isEqualTo(ErrorCode.NO_SUCH_WORKER);
    }

    @Test
    void aPlanThatAsksForAControlChannelIsRefusedUnlessItsTypeIsNative() {
        node.node
                .types()
                .add(new WorkerTypes.Provider(
                        "native",
                        new TestNode.Guest() {
                            @Override
                            public LaunchPlan plan(PlanRequest request) {
                                return super.plan(request).toBuilder()
                                        .channel(true)
                                        .build();
                            }
                        },
                        "test.native",
                        new Version(1, 0, 0),
                        0,
                        7));
        WorkerSpec spec = WorkerSpec.of(id("n"), "native", script("exec sleep 60"));
        assertThat(get(node.controller.check(spec, CheckDepth.FULL)))
                .singleElement()
                .asString()
                .contains("its plan asks for a control channel, and worker type 'native' is not native");
        node.node.configure(new Configured("io.millwright.worker.native~n", "node.json", spec));
        assertThat(node.awaitState("n", WorkerState.FAILED).toMap().toString()).contains("control channel");
    }

    @Test
    void aWorkerWithoutAControlChannelSaysSo() {
        node.start("w", script("exec sleep 60"));
        NodeException none = catchThrowableOfType(
                NodeException.class, () -> get(node.controller.callWorker(id("w"), "trigger_gc", Map.of(), ME)));
        assertThat(none.code()).isEqualTo(ErrorCode.FEATURE_UNAVAILABLE);
        assertThat(none).hasMessage("worker 'w' cannot be asked for 'trigger_gc': it has no control channel");
        assertThat(catchThrowableOfType(
                                NodeException.class,
                                () -> get(node.controller.callWorker(id("nobody"), "x", Map.of(), ME)))
                        .code())
                .isEqualTo(ErrorCode.NO_SUCH_WORKER);
    }
}
