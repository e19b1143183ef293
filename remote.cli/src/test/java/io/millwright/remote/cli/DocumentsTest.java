package io.millwright.remote.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.BackendKind;
import io.millwright.controller.api.Caller;
import io.millwright.controller.api.Document;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.EventPage;
import io.millwright.controller.api.Finding;
import io.millwright.controller.api.HistoryPage;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogMatches;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.NodeState;
import io.millwright.controller.api.NodeStatus;
import io.millwright.controller.api.Outcome;
import io.millwright.controller.api.PlannedChange;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.RetiringRun;
import io.millwright.controller.api.ShutdownInfo;
import io.millwright.controller.api.StartProgress;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopMode;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.Traffic;
import io.millwright.controller.api.WaitReason;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerHealth;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.WorkerStats;
import io.millwright.controller.api.WorkerTypeInfo;
import io.millwright.controller.api.WorkerWait;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.api.event.NodeTopics;
import io.millwright.controller.api.monitor.ProcessStats;
import io.millwright.controller.api.process.ProcessInfo;
import io.millwright.controller.api.process.ProcessMonitoring;
import io.millwright.controller.api.process.ProcessSample;
import io.millwright.controller.api.worker.WorkerCapability;
import io.millwright.wamp.WampErrorException;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Publish;
import io.millwright.wamp.serial.Serializer;
import io.millwright.wamp.serial.Serializers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The kind: what the node says is another thing when it has come over the wire. */
class DocumentsTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant T1 = Instant.parse("2026-01-01T00:00:01.234Z");
    private static final WorkerId ID = new WorkerId("w");
    private static final WorkerExit EXIT = WorkerExit.of(WorkerExit.ExitClass.ERROR, 3, null, "exit code 3", T1);
    private static final LogEntry LINE = LogEntry.of(T1, LogEntry.Stream.STDERR, "warn", "ü\u001b[1m");
    private static final NodeEvent EVENT = NodeEvent.of(
            NodeTopics.WORKER_EXITED,
            T1,
            Map.of(
                    EventProperties.WORKER_ID,
                    "w",
                    EventProperties.WORKER_PID,
                    4711L,
                    EventProperties.EXIT_CODE,
                    3L,
                    EventProperties.SEQ,
                    12L,
                    EventProperties.LIFE,
                    "life",
                    EventProperties.RESTARTS,
                    1L));
    private static final WorkerRun RUN = WorkerRun.builder(ID, "guest", T0, EXIT)
            .run(7L)
            .pid(4711L)
            .started(T1)
            .restart(2)
            .build();

    private static final ProcessSample SAMPLE = ProcessSample.builder(T1)
            .cpu(Duration.ofMillis(1500))
            .cpuLoad(0.5)
            .rss(1L << 33)
            .fds(9)
            .threads(10)
            .heapUsed(11)
            .heapCommitted(12)
            .heapMax(13)
            .nonHeapUsed(14)
            .gcCount(15)
            .gcTime(Duration.ofMillis(16))
            .build();

    private static WorkerInfo full() {
        return WorkerInfo.builder(ID, "guest", WorkerState.BACKOFF)
                .group("g")
                .reason("waits")
                .run(7L)
                .pid(4711L)
                .retiring(RetiringRun.of(4650L, 6L, T0))
                .created(T0)
                .started(T1)
                .startupTime(Duration.ofMillis(1234))
                .uptime(Duration.ofSeconds(5))
                .restarts(2)
                .nextStart(T1)
                .waiting(WorkerWait.of(WaitReason.DEPENDENCY, T0).withUntil(T1).withWhat("db"))
                .health(WorkerHealth.of(WorkerHealth.State.UNHEALTHY, T0).withReason("no answer"))
                .exit(EXIT)
                .origin("node.json")
                .who(Caller.shell("ann"))
                .options(Map.of("executable", "/bin/true", "env.vars.A", "***", "restart.max", 3L))
                .customizers(List.of("limits"))
                .planHash("abc")
                .stats(WorkerStats.of(
                                Traffic.of(1, 2),
                                Traffic.of(3, 4),
                                5,
                                ProcessStats.of(4711, Duration.ofSeconds(1), 6, 7, 8))
                        .withFigures(Map.of("joined", 3L, "realms", Map.of("r", Map.of("sessions", 2L)))))
                .build();
    }

    private static NodeStatus status() {
        return NodeStatus.builder("Millwright", T0, Path.of("/srv/node"), "n1", NodeState.READY)
                .uptime(Duration.ofSeconds(9))
                .controllerPid(1)
                .runningWorkers(2)
                .workersByType(Map.of("guest", 2))
                .publicKey("00")
                .life("life")
                .workerTypes(List.of("guest"))
                .backend("linux")
                .backendKind(BackendKind.LINUX)
                .build();
    }

    private static Arguments of(Document document, Function<Values, ? extends Document> read) {
        return Arguments.of(document, read);
    }

    private static Stream<Arguments> documents() {
        return Stream.of(
                of(full(), WorkerDocuments::worker),
                of(
                        ProcessInfo.builder(7, T0)
                                .parentPid(1L)
                                .user("ann")
                                .executable("/bin/java")
                                .directory("/srv/node")
                                .java("17")
                                .system("Linux")
                                .build(),
                        ProcessDocuments::info),
                of(SAMPLE, ProcessDocuments::sample),
                of(ProcessSample.builder(T0).build(), ProcessDocuments::sample),
                of(ProcessMonitoring.of(Duration.ofMillis(100), List.of(SAMPLE, SAMPLE)), ProcessDocuments::monitoring),
                of(WorkerInfo.builder(ID, "guest", WorkerState.INACTIVE).build(), WorkerDocuments::worker),
                of(RUN, WorkerDocuments::run),
                of(EXIT, WorkerDocuments::exit),
                of(WorkerExit.of(WorkerExit.ExitClass.REQUESTED, null, "TERM", "stopped", T0), WorkerDocuments::exit),
                of(StartProgress.of(ID, T0, Caller.FRAMEWORK), WorkerDocuments::progress),
                of(
                        StartResult.of(ID, T0, Caller.remote("ci", "1"), 12, Duration.ofMillis(5)),
                        WorkerDocuments::started),
                of(StopResult.of(ID, "guest", StopMode.KILL, Caller.shell("a:b"), T0, EXIT), WorkerDocuments::stopped),
                of(
                        StopResult.of(ID, "guest", StopMode.GRACEFUL, Caller.shell("x"), T0, null),
                        WorkerDocuments::stopped),
                of(
                        PlannedChange.of(
                                "w",
                                "guest",
                                PlannedChange.Action.values()[0],
                                List.of("env"),
                                "why",
                                List.of(Problem.definition("a.b", "is wrong"))),
                        WorkerDocuments::planned),
                of(LINE, WorkerDocuments::entry),
                of(
                        LogMatches.of(List.of(LogMatches.Match.of(LINE, List.of(LINE), List.of())), true, List.of("p")),
                        WorkerDocuments::matches),
                of(status(), NodeDocuments::status),
                of(
                        WorkerTypeInfo.builder("guest", "bundle", "1.0")
                                .capabilities(List.of(WorkerCapability.STDIN))
                                .usable(false)
                                .reason("no")
                                .shadowed(true)
                                .build(),
                        NodeDocuments::type),
                of(EVENT, NodeDocuments::event),
                of(EventPage.of(List.of(EVENT), 3, "life"), NodeDocuments::events),
                of(HistoryPage.of(List.of(RUN), 6L), NodeDocuments::history),
                of(HistoryPage.of(List.of(), null), NodeDocuments::history),
                of(Finding.warning("disk", "is full", "empty it").about(List.of(ID)), NodeDocuments::finding),
                of(ShutdownInfo.of("n", true, "m", Caller.api("x"), T1, true, null), NodeDocuments::shutdown));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void aDocumentComesOverTheWire(Document document, Function<Values, ? extends Document> read) throws Exception {
        for (Serializer serializer : Serializers.all()) {
            Publish sent = new Publish(1, Map.of(), "t", Payload.args(document.toMap()));
            Publish got = (Publish) serializer.decode(serializer.encode(sent));
            Document made = read.apply(Values.of(got.payload().args().get(0)));
            assertThat(made.getClass()).isEqualTo(document.getClass());
            assertThat(made.toMap().toString()).isEqualTo(document.toMap().toString());
        }
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void anErrorOfTheNodeIsTheSameHere(ErrorCode code) {
        NodeException error = new NodeException(
                code, "it is so", List.of(Problem.definition("a", "b").at("c", 4)), List.of(LINE), EXIT, null);
        NodeException made = Errors.of(new WampErrorException(
                "com.acme.error." + code.code(), Payload.of(List.of("it is so"), error.toMap())));
        assertThat(made.toMap()).isEqualTo(error.toMap());
        Outcome<StartResult> outcome = Outcome.failed(ID, error);
        assertThat(WorkerDocuments.outcome(Values.of(outcome.toMap()), WorkerDocuments::started)
                        .toMap())
                .isEqualTo(outcome.toMap());
    }

    @Test
    void anErrorOfTheRouterIsOneToo() {
        NodeException refused = Errors.of(new WampErrorException("wamp.error.not_authorized", "not you"));
        assertThat(refused.code()).isEqualTo(ErrorCode.NOT_AUTHORIZED);
        assertThat(refused).hasMessageContaining("not you");
    }

    @Test
    void whatIsNotUnderstoodIsSaid() {
        assertThatThrownBy(() -> WorkerDocuments.entry(Values.of(Map.of("time", 7L))))
                .hasMessageContaining("the node answers '7' where a text for time is expected");
        assertThatThrownBy(() -> Values.of(null)).hasMessageContaining("nothing");
        assertThatThrownBy(() -> WorkerDocuments.entry(
                        Values.of(Map.of("time", "2026-01-01T00:00:00Z", "stream", "third", "text", ""))))
                .hasMessageContaining("'third' where a word for Stream");
    }
}
