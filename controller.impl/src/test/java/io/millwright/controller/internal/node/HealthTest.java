package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.millwright.controller.api.Finding;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerHealth;
import io.millwright.controller.api.WorkerHealth.State;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kind: a worker whose process is there and that does not do its work any more. It is asked by each kind of probe, what is found
 * is shown, and what its options say is done, through the policy of restarts. Real programs, answers that the test gives.
 */
class HealthTest {
    @TempDir
    Path temp;

    private TestNode node;
    private Path well;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("n"));
        well = Files.createFile(temp.resolve("well"));
    }

    @AfterEach
    void close() {
        node.close();
    }

    /** A worker that is well while the file is there. */
    private Map<String, Object> asked(Object... keysAndValues) {
        List<Object> all = new ArrayList<>(List.of(
                "health.exec",
                List.of("sh", "-c", "echo no file; test -e " + well),
                "health.interval",
                "50ms",
                "health.timeout",
                "20s",
                "health.failures",
                2));
        all.addAll(List.of(keysAndValues));
        return script("exec sleep 600", all.toArray());
    }

    private void awaitHealth(String worker, State state) {
        await().until(() -> {
            WorkerHealth health = node.info(worker).health();
            return health != null && health.state() == state;
        });
    }

    @Test
    void anUnhealthyWorkerIsRestartedWhateverItsPolicySays() throws IOException {
        node.start("web", asked());
        awaitHealth("web", State.HEALTHY);
        assertThat(node.info("web").why()).isEmpty();
        Files.delete(well);
        await().until(() -> node.events("web").contains("EXITED"));
        Files.createFile(well);
        await().until(() -> node.info("web").restarts() > 0 && node.info("web").status() == WorkerState.STARTED);
        assertThat(node.info("web").who()).hasToString("health:web");
        WorkerRun ended = node.controller.getHistory().get(0);
        assertThat(ended.exit().exitClass()).isEqualTo(ExitClass.ERROR);
        assertThat(ended.exit().reason())
                .startsWith("unhealthy: 'sh -c echo no file; test -e " + well + "' ended with 1: no file; ended by");
        assertThat(node.events("web"))
                .startsWith(
                        "STARTING",
                        "STARTED",
                        "HEALTHY",
                        "UNHEALTHY",
                        "STOPPING",
                        "EXITED",
                        "BACKOFF",
                        "STARTING",
                        "STARTED")
                .doesNotContain("STOP_REQUESTED");
    }

    @Test
    void restartsByHealthHaveTheLimitOfAllRestarts() throws IOException {
        Files.delete(well);
        node.start("web", asked("restart.limit", 2, "restart.on_limit", "fail", "restart.delay", "1ms"));
        // It is exited for a moment before each restart too.
        await().until(() -> node.info("web").status() == WorkerState.EXITED
                && node.info("web").why().toString().contains("restart.limit"));
        assertThat(node.info("web").restarts()).isEqualTo(2);
        assertThat(node.info("web").why().toString()).contains("restart.limit (2 within 60 s) is reached");
    }

    @Test
    void stopEndsItAndNothingFollows() throws IOException {
        node.start("web", asked("health.action", "stop", "restart", "always"));
        awaitHealth("web", State.HEALTHY);
        Files.delete(well);
        await().until(() -> node.info("web").status() == WorkerState.EXITED);
        assertThat(node.info("web").exit().exitClass()).isEqualTo(ExitClass.ERROR);
        assertThat(node.info("web").exit().reason()).contains("(health.action stop)");
        assertThat(node.info("web").health()).isNull();
        assertThat(node.events("web")).doesNotContain("BACKOFF");
    }

    @Test
    void noneTellsAndDoctorNamesIt() throws IOException {
        node.start("web", asked("health.action", "none"));
        awaitHealth("web", State.HEALTHY);
        Files.delete(well);
        awaitHealth("web", State.UNHEALTHY);
        assertThat(node.info("web").status()).isEqualTo(WorkerState.STARTED);
        assertThat(node.info("web").why()).hasSize(1).first().asString().contains("unhealthy since", "no file");
        assertThat(node.controller.doctor())
                .filteredOn(finding -> finding.workers().contains(id("web")))
                .extracting(Finding::what)
                .first()
                .asString()
                .startsWith("is not well: unhealthy since");
        Files.createFile(well);
        awaitHealth("web", State.HEALTHY);
        assertThat(node.events("web")).containsSubsequence("HEALTHY", "UNHEALTHY", "HEALTHY");
    }

    @Test
    void signalSendsItOnceForEachTimeItBecomesUnhealthy() throws IOException {
        Map<String, Object> options = asked("health.action", "signal", "health.signal", "USR1");
        options.put(
                "arguments",
                List.of("-c", "trap 'echo got it; : > " + well + "' USR1; echo up; while :; do sleep 0.02; done"));
        node.start("web", options);
        node.awaitLog("web", "up");
        for (int times = 1; times <= 2; times++) {
            awaitHealth("web", State.HEALTHY);
            Files.delete(well);
            int now = times;
            await().until(() ->
                    node.log("web").stream().filter("got it"::equals).count() == now);
        }
        assertThat(node.info("web").restarts()).isZero();
    }

    @Test
    void badAnswersOfTheStartPeriodDoNotCount() throws IOException {
        Files.delete(well);
        Path count = temp.resolve("count");
        Map<String, Object> options = asked("health.start_period", "1h", "health.action", "none");
        options.put("health.exec", List.of("sh", "-c", "echo >> " + count + "; test -e " + well));
        node.start("web", options);
        await().until(() -> Files.exists(count) && Files.size(count) > 4);
        assertThat(node.info("web").health().state()).isEqualTo(State.UNKNOWN);
        Files.createFile(well);
        awaitHealth("web", State.HEALTHY);
        Files.delete(well);
        awaitHealth("web", State.UNHEALTHY);
    }

    @Test
    void aWorkerThatIsNotReadyIsNotAskedAndOneThatStopsIsNotGivenUp() throws IOException {
        Path count = temp.resolve("count");
        Map<String, Object> options = asked("ready.file", "never", "workdir", temp.toString());
        options.put("health.exec", List.of("sh", "-c", "echo >> " + count));
        options.put("arguments", List.of("-c", "trap 'sleep 0.3; exit 0' TERM; sleep 600 & wait"));
        node.controller.startWorker(WorkerSpec.of(id("web"), "guest", options), TestNode.ME);
        await().until(() -> node.info("web").why().toString().contains("not ready yet"));
        assertThat(node.info("web").health()).isNull();
        assertThat(count).doesNotExist();
        Files.createFile(temp.resolve("never"));
        awaitHealth("web", State.HEALTHY);
        Files.delete(well);
        node.stop("web");
        assertThat(node.info("web").exit().exitClass()).isEqualTo(ExitClass.REQUESTED);
    }

    @Test
    void aConnectionAndAPage() throws IOException {
        AtomicInteger status = new AtomicInteger(200);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        server.start();
        try (ServerSocket port = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
            Map<String, Object> page =
                    script("exec sleep 600", "health.http", url, "health.interval", "50ms", "health.action", "none");
            node.start("page", page);
            node.start(
                    "port",
                    script(
                            "exec sleep 600",
                            "health.tcp",
                            port.getLocalPort(),
                            "health.interval",
                            "50ms",
                            "health.action",
                            "none"));
            awaitHealth("page", State.HEALTHY);
            awaitHealth("port", State.HEALTHY);
            status.set(503);
            port.close();
            awaitHealth("page", State.UNHEALTHY);
            awaitHealth("port", State.UNHEALTHY);
            assertThat(node.info("page").health().reason()).isEqualTo(url + " answers 503");
            assertThat(node.info("port").health().reason())
                    .startsWith("no connection to 127.0.0.1:" + port.getLocalPort());
        } finally {
            server.stop(0);
        }
    }

    private void configure(Map<String, Object> options) {
        node.node.configure(
                new Configured("pid", "config:pid", WorkerSpec.of(id("web"), "guest", new HashMap<>(options))));
    }

    @Test
    void aChangeIsTakenInPlace() throws IOException {
        configure(script("exec sleep 600"));
        long pid = node.awaitState("web", WorkerState.STARTED).pid();
        assertThat(node.info("web").health()).isNull();
        configure(asked("health.action", "none"));
        awaitHealth("web", State.HEALTHY);
        Map<String, Object> other = asked("health.action", "none");
        other.put("health.exec", List.of("false"));
        configure(other);
        awaitHealth("web", State.UNHEALTHY);
        configure(script("exec sleep 600"));
        await().until(() -> node.info("web").health() == null);
        assertThat(node.info("web").pid()).isEqualTo(pid);
    }

    @Test
    void whatSaysNothingIsRefused() {
        refused(Map.of("health.tcp", "x:"), "must be PORT (1 to 65535) or HOST:PORT");
        refused(Map.of("health.tcp", 80, "health.exec", List.of("true")), "there is one way to be healthy");
        refused(Map.of("health.interval", "1s"), "needs health.tcp, health.http, health.exec or health.watchdog");
        refused(Map.of("health.tcp", 80, "health.signal", "USR1"), "is sent by health.action: signal alone");
        refused(Map.of("health.tcp", 80, "health.action", "reboot"), "restart, stop, signal, none");
        refused(Map.of("health.http.contains", "a", "health.tcp", 80), "needs health.http.url");
    }

    private void refused(Map<String, Object> options, String sentence) {
        Object[] pairs = options.entrySet().stream()
                .flatMap(entry -> List.of(entry.getKey(), entry.getValue()).stream())
                .toArray();
        assertThatThrownBy(() -> node.start("bad", script("true", pairs))).hasMessageContaining(sentence);
    }
}
