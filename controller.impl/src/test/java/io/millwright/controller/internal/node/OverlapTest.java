package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.PlannedChange;
import io.millwright.controller.api.RetiringRun;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kind: a restart by overlap, with real processes. The order of all that may happen meanwhile is the simulation's. */
@Tag("long")
class OverlapTest {
    private static final String PID = "io.millwright.worker.guest~web";

    /** A server on a held socket that says when it is ready, and ends the request that it has begun. */
    private static final String SERVER = "import os, select, signal, socket, sys, time\n"
            + "stop = []\n"
            + "signal.signal(signal.SIGTERM, lambda *a: stop.append(1))\n"
            + "s = socket.socket(fileno=3)\n"
            + "s.setblocking(False)\n"
            + "a = os.environ['NOTIFY_SOCKET']; a = '\\0' + a[1:] if a[0] == '@' else a\n"
            + "if os.environ.get('BAD') != '1':\n"
            + "    socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b'READY=1', a)\n"
            + "while not stop:\n"
            + "    if os.environ.get('BAD') == '1' or not select.select([s], [], [], 0.02)[0]:\n"
            + "        time.sleep(0.001)\n"
            + "        continue\n"
            + "    try:\n"
            + "        c, _ = s.accept()\n"
            + "    except BlockingIOError:\n"
            + "        continue\n"
            + "    c.setblocking(True)\n"
            + "    c.sendall(b'%d %s' % (os.getpid(), c.recv(100)))\n"
            + "    c.close()\n";

    /** Says what it does, is ready when the file READY is there, and ends only when the file END is. */
    private static final String STUBBORN =
            "trap 'echo told' TERM; echo up; while [ ! -e $1/end.$$ ]; do sleep 0.02; done; echo over";

    @TempDir
    Path temp;

    private TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("n"));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void assumeLinux() {
        assumeTrue(
                node.controller.getStatus().backend().contains("linux"), "sockets and notices need the Linux backend");
    }

    private static Map<String, Object> server(int port, Object... keysAndValues) {
        Map<String, Object> options = script("", keysAndValues);
        options.put("executable", "python3");
        options.put("arguments", List.of("-c", SERVER));
        options.put("sockets.web.listen", "tcp:127.0.0.1:" + port);
        options.put("ready.notify", true);
        options.put("reload.mode", "overlap");
        return options;
    }

    private Map<String, Object> stubborn(Object... keysAndValues) {
        Map<String, Object> options = script("", keysAndValues);
        options.put("executable", "sh");
        options.put("arguments", List.of("-c", STUBBORN, "stubborn", temp.toString()));
        options.put("reload.mode", "overlap");
        options.put("reload.shared", true);
        return options;
    }

    private void end(Long pid) throws IOException {
        Files.createFile(temp.resolve("end." + pid));
    }

    /** Younger than any run that begins now. */
    private static FileTime later() {
        return FileTime.from(Instant.now().plusSeconds(5));
    }

    private static int port() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private void configure(Map<String, Object> options) {
        node.node.configure(new Configured(PID, "node.json", WorkerSpec.of(id("web"), "guest", options)));
    }

    private Long pid() {
        Long pid = node.info("web").pid();
        assertThat(pid).isNotNull();
        return pid;
    }

    private static boolean isAlive(Long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    /** The steps of a worker, those of the run beside its current one with their mark. */
    private List<String> steps() {
        return node.controller.getEvents().stream()
                .filter(event -> "web".equals(event.properties().get("worker.id")))
                .map(event -> (event.properties().containsKey("overlap")
                                ? event.properties().get("overlap") + " "
                                : "")
                        + TestNode.step(event))
                .toList();
    }

    /** Clients that ask again and again. */
    private static final class Load implements AutoCloseable {
        final Queue<String> bad = new ConcurrentLinkedQueue<>();
        final Set<String> pids = ConcurrentHashMap.newKeySet();
        private final AtomicInteger asked = new AtomicInteger();
        private final List<Thread> clients = new ArrayList<>();
        private final int port;
        private volatile boolean over;

        Load(int port) {
            this.port = port;
            for (int i = 0; i < 3; i++) {
                Thread client = new Thread(this::ask);
                client.start();
                clients.add(client);
            }
        }

        private void ask() {
            while (!over) {
                String word = "word" + asked.incrementAndGet();
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                    socket.getOutputStream().write(word.getBytes(StandardCharsets.UTF_8));
                    String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    if (answer.endsWith(" " + word)) {
                        pids.add(answer.split(" ")[0]);
                    } else {
                        bad.add(word + ": " + answer);
                    }
                } catch (IOException e) {
                    bad.add(word + ": " + e);
                }
            }
        }

        @Override
        public void close() throws InterruptedException {
            over = true;
            for (Thread client : clients) {
                client.join();
            }
        }
    }

    @Test
    void nothingIsRefusedOrCutByTwentyRestarts() throws Exception {
        assumeLinux();
        int port = port();
        configure(server(port));
        node.awaitState("web", WorkerState.STARTED);
        try (Load load = new Load(port)) {
            Long before = pid();
            for (int i = 0; i < 20; i++) {
                StartResult started = get(node.controller.restartWorker(id("web"), ME));
                assertThat(started.pid()).isEqualTo(pid()).isNotEqualTo(before);
                assertThat(node.info("web").status()).isEqualTo(WorkerState.STARTED);
                before = started.pid();
            }
            String last = String.valueOf(before);
            await().until(() -> load.pids.contains(last) && node.info("web").retiring() == null);
            load.close();
            assertThat(load.bad).isEmpty();
        }
        List<WorkerRun> history = node.controller.getHistory();
        assertThat(history).hasSize(20).allMatch(run -> run.exit().exitClass() == ExitClass.REQUESTED);
        assertThat(history).extracting(WorkerRun::run).doesNotContainNull().doesNotHaveDuplicates();
        assertThat(steps().subList(0, 8))
                .containsExactly(
                        "STARTING",
                        "STARTED",
                        "next STARTING",
                        "STARTED",
                        "retiring STOP_REQUESTED",
                        "retiring STOPPING",
                        "retiring EXITED",
                        "next STARTING");
        node.stop("web");
        assertThat(isAlive(Long.valueOf(history.get(0).pid()))).isFalse();
    }

    @Test
    void aVersionThatIsNeverReadyTakesNothingAway() throws Exception {
        assumeLinux();
        int port = port();
        configure(server(port));
        node.awaitState("web", WorkerState.STARTED);
        Long old = pid();
        try (Load load = new Load(port)) {
            configure(server(port, "env.vars.BAD", "1", "start.timeout", "1s"));
            await().until(() -> String.valueOf(node.info("web").reason()).contains("was refused"));
            assertThat(pid()).isEqualTo(old);
            assertThat(node.info("web").status()).isEqualTo(WorkerState.STARTED);
            assertThat(node.info("web").why().toString())
                    .contains("its changed configuration was refused")
                    .contains("not ready within 1 s");
            load.pids.clear();
            await().until(() -> load.pids.contains(String.valueOf(old)));
            load.close();
            assertThat(load.bad).isEmpty();
        }
        assertThat(steps()).containsSubsequence("next STARTING", "next STOPPING", "next FAILED");
        assertThat(node.controller.getHistory())
                .singleElement()
                .matches(run -> run.exit().exitClass() == ExitClass.ERROR);
        configure(server(port, "env.vars.GOOD", "1"));
        await().until(() ->
                !old.equals(node.info("web").pid()) && node.info("web").retiring() == null);
        assertThat(node.info("web").options()).containsEntry("env.vars.GOOD", "1");
        assertThat(node.info("web").reason()).isNull();
    }

    @Test
    void aGroupRollsByOverlap() throws Exception {
        assumeLinux();
        int port = port();
        configure(server(port, "instances", 3));
        await().until(() ->
                instances().size() == 3 && instances().stream().allMatch(info -> info.status() == WorkerState.STARTED));
        try (Load load = new Load(port)) {
            List<Long> before = instances().stream().map(WorkerInfo::pid).toList();
            get(node.controller.restartWorker(id("web"), ME));
            assertThat(instances()).extracting(WorkerInfo::pid).doesNotContainAnyElementsOf(before);
            List<Long> then = instances().stream().map(WorkerInfo::pid).toList();
            // The first of a bad version holds the others back.
            configure(server(port, "instances", 3, "env.vars.BAD", "1", "start.timeout", "1s"));
            await().until(() -> String.valueOf(node.info("web-3").reason()).contains("held back"));
            assertThat(instances()).extracting(WorkerInfo::pid).isEqualTo(then);
            load.close();
            assertThat(load.bad).isEmpty();
        }
    }

    private List<WorkerInfo> instances() {
        return node.controller.listWorkers(Scope.ALL).stream()
                .filter(info -> !info.isGroup())
                .toList();
    }

    @Test
    void theRetiringRunIsSeenAndItsLinesAreMarked() throws IOException {
        configure(stubborn());
        node.awaitState("web", WorkerState.STARTED);
        node.awaitLog("web", "up");
        Long old = pid();
        get(node.controller.restartWorker(id("web"), ME));
        WorkerInfo info = node.info("web");
        RetiringRun retiring = info.retiring();
        assertThat(retiring).isNotNull();
        assertThat(retiring.pid()).isEqualTo(old);
        assertThat(retiring.run()).isNotNull().isNotEqualTo(info.run());
        assertThat(info.why().toString()).contains("its retiring run, pid " + old + ", was told to end");
        node.awaitLog("web", "[retiring] told");
        // Another restart waits: there is no third run.
        CompletableFuture<StartResult> again =
                node.controller.restartWorker(id("web"), ME).toCompletableFuture();
        Long second = pid();
        assertThat(second).isNotEqualTo(old);
        assertThat(again).isNotDone();
        end(old);
        Long third = get(again).pid();
        assertThat(node.log("web")).contains("[retiring] over");
        assertThat(third).isNotEqualTo(second);
        end(second);
        await().until(() -> node.info("web").retiring() == null);
        end(third);
        WorkerState over = node.awaitState("web", WorkerState.EXITED).status();
        assertThat(over).isEqualTo(WorkerState.EXITED);
        assertThat(node.log("web")).contains("over");
    }

    /** Each word ends all there is: while the next run gets ready, and while the old one retires. */
    @ParameterizedTest
    @CsvSource({"stop, next", "kill, next", "disable, next", "stop, retiring", "kill, retiring", "shutdown, retiring"})
    void aWordMeansBothRuns(String word, String when) throws Exception {
        boolean next = when.equals("next");
        Path ready = temp.resolve("ready");
        Files.createFile(ready);
        configure(
                next
                        ? stubborn("ready.file", ready.toString(), "stop.timeout", "200ms")
                        : stubborn("stop.timeout", "200ms"));
        Files.setLastModifiedTime(ready, later());
        node.awaitState("web", WorkerState.STARTED);
        Files.delete(ready);
        Long old = pid();
        CompletableFuture<StartResult> restart =
                node.controller.restartWorker(id("web"), ME).toCompletableFuture();
        if (next) {
            await().until(() -> steps().contains("next STARTING"));
        } else {
            get(restart);
        }
        switch (word) {
            case "stop" -> node.stop("web");
            case "kill" -> get(node.controller.stopWorker(id("web"), StopOptions.KILL, ME));
            case "disable" -> configure(stubborn("disabled", true));
            default -> node.shutdown();
        }
        await().until(() -> !node.info("web").status().isLive());
        assertThat(isAlive(old)).isFalse();
        assertThat(node.info("web").retiring()).isNull();
        if (next) {
            assertThatThrownBy(() -> get(restart)).hasMessageContaining("could not be started");
        }
        assertThat(node.controller.getHistory()).hasSize(2);
    }

    @Test
    void aNextRunTakesThePlaceOfOneThatCrashes() throws Exception {
        Path ready = Files.createFile(temp.resolve("ready"));
        configure(stubborn("ready.file", ready.toString()));
        Files.setLastModifiedTime(ready, later());
        node.awaitState("web", WorkerState.STARTED);
        Long old = pid();
        Files.delete(ready);
        CompletableFuture<StartResult> restart =
                node.controller.restartWorker(id("web"), ME).toCompletableFuture();
        await().until(() -> steps().contains("next STARTING"));
        ProcessHandle.of(old).orElseThrow().destroyForcibly();
        node.awaitState("web", WorkerState.STARTING);
        Files.createFile(ready);
        Files.setLastModifiedTime(ready, later());
        assertThat(get(restart).pid()).isEqualTo(pid()).isNotEqualTo(old);
        assertThat(node.info("web").restarts()).isZero();
        assertThat(steps()).containsSubsequence("next STARTING", "EXITED", "STARTED");
    }

    /** A line of the old process says nothing of the new one. */
    @Test
    void aLineOfTheOldRunIsNoSignOfTheNext() throws IOException {
        Map<String, Object> options = stubborn("ready.log", "^go$");
        options.put(
                "arguments",
                List.of(
                        "-c",
                        "if mkdir $1/first; then while :; do echo go; sleep 0.02; done; fi;"
                                + " while [ ! -e $1/go ]; do sleep 0.02; done; echo go; sleep 600",
                        "twice",
                        temp.toString()));
        configure(options);
        node.awaitState("web", WorkerState.STARTED);
        Long old = pid();
        CompletableFuture<StartResult> restart =
                node.controller.restartWorker(id("web"), ME).toCompletableFuture();
        await().until(() -> node.info("web").why().toString().contains("gets ready"));
        int lines = node.log("web").size();
        await().until(() -> node.log("web").size() >= lines + 10);
        assertThat(restart).isNotDone();
        assertThat(pid()).isEqualTo(old);
        Files.createFile(temp.resolve("go"));
        assertThat(get(restart).pid()).isNotEqualTo(old);
    }

    @Test
    void whatCannotRunTwiceIsRefused() {
        Map<String, Object> options = stubborn();
        options.remove("reload.shared");
        assertThatThrownBy(() -> node.start("web", options))
                .hasMessageContaining("overlap needs sockets")
                .hasMessageContaining("reload.shared");
        assertThat(node.controller.listWorkers(Scope.ALL)).isEmpty();
    }

    @Test
    void thePlanSaysHow() {
        configure(stubborn());
        node.awaitState("web", WorkerState.STARTED);
        List<PlannedChange> plan = get(node.controller.getPlanner().options(id("web"), Map.of("env.vars.A", "b")));
        assertThat(plan).singleElement().satisfies(change -> {
            assertThat(change.action()).isEqualTo(PlannedChange.Action.RESTART);
            assertThat(change.reason()).isEqualTo("by overlap");
        });
    }
}
