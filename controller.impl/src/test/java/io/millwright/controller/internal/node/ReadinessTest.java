package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kind: a worker is started when it can do its work, not when its process is there; a start call is answered then and not before,
 * and what is missing is said meanwhile. Each way to be ready, with real programs.
 */
class ReadinessTest {
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

    private CompletableFuture<StartResult> begin(String worker, Map<String, Object> options) {
        CompletionStage<StartResult> answer =
                node.controller.startWorker(WorkerSpec.of(id(worker), "guest", options), TestNode.ME);
        return answer.toCompletableFuture();
    }

    private void awaitWhy(String worker, String sentence) {
        await().until(() -> {
            try {
                return node.info(worker).why().toString().contains(sentence);
            } catch (NodeException notYet) {
                return false;
            }
        });
        assertThat(node.info(worker).status()).isEqualTo(WorkerState.STARTING);
    }

    @Test
    void byAFileOfThisRun() throws IOException {
        Path go = temp.resolve("go");
        CompletableFuture<StartResult> answer = begin(
                "web",
                script(
                        "until test -e " + go + "; do sleep 0.02; done; touch up; exec sleep 600",
                        "ready.file",
                        "up",
                        "workdir",
                        temp.toString()));
        awaitWhy("web", "not ready yet");
        awaitWhy("web", "there is no " + temp.resolve("up"));
        assertThat(answer).isNotDone();
        Files.createFile(go);
        await().until(answer::isDone);
        assertThat(node.info("web").status()).isEqualTo(WorkerState.STARTED);
        assertThat(node.info("web").why()).isEmpty();
    }

    @Test
    void byALineOfEitherStream() throws IOException {
        Path go = temp.resolve("go");
        String waits = "until test -e " + go + "; do sleep 0.02; done; ";
        CompletableFuture<StartResult> out =
                begin("out", script(waits + "echo listening on 80; exec sleep 600", "ready.log", "listening on \\d+"));
        CompletableFuture<StartResult> err =
                begin("err", script(waits + "echo up >&2; exec sleep 600", "ready.log", "^up$", "log.ring", 10));
        CompletableFuture<StartResult> flood = begin(
                "flood",
                script(
                        waits + "seq 1 20000; echo up; seq 1 20000; exec sleep 600",
                        "ready.log",
                        "^up$",
                        "log.ring",
                        100_000));
        awaitWhy("out", "no line matches listening on \\d+");
        awaitWhy("err", "no line matches ^up$");
        Files.createFile(go);
        await().until(() -> out.isDone() && err.isDone() && flood.isDone());
        assertThat(List.of(out, err, flood)).noneMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Test
    void aLineOfAnEarlierRunDoesNotCount() {
        node.start("web", script("echo up; exec sleep 600", "ready.log", "^up$"));
        node.stop("web");
        CompletableFuture<StartResult> answer =
                begin("web", script("exec sleep 600", "ready.log", "^up$", "start.timeout", "300ms"));
        await().until(answer::isDone);
        assertThat(answer).isCompletedExceptionally();
        assertThat(node.awaitState("web", WorkerState.FAILED).exit().reason())
                .contains("not ready within 300 ms (start.timeout): no line matches ^up$");
        assertThat(node.info("web").exit().exitClass()).isEqualTo(ExitClass.ERROR);
    }

    @Test
    void byACommandThatRunsAsTheWorkerDoes() throws IOException {
        Path go = temp.resolve("go");
        CompletableFuture<StartResult> answer = begin(
                "web",
                script(
                        "exec sleep 600",
                        "ready.exec",
                        List.of("sh", "-c", "echo $MINE in $PWD; pwd >" + temp.resolve("where") + "; test -e " + go),
                        "env.vars",
                        Map.of("MINE", "its own"),
                        "workdir",
                        temp.toString()));
        awaitWhy("web", "ended with 1: its own in " + temp);
        Files.createFile(go);
        await().until(answer::isDone);
        assertThat(answer).isCompleted();
        assertThat(Files.readString(temp.resolve("where")).strip()).isEqualTo(temp.toString());
        CompletableFuture<StartResult> none = begin(
                "none", script("exec sleep 600", "ready.exec", List.of("no-such-program"), "start.timeout", "1s"));
        awaitWhy("none", "'no-such-program' was not found on PATH");
        await().until(none::isDone);
    }

    @Test
    void byAConnectionToItsOwnPortAndToNoOtherProgramsPort() throws IOException {
        int port = freePort();
        CompletableFuture<StartResult> answer = begin(
                "web",
                Map.of(
                        "executable",
                        "python3",
                        "arguments",
                        List.of(
                                "-u",
                                "-c",
                                LISTEN,
                                Integer.toString(port),
                                temp.resolve("go").toString()),
                        "ready.tcp",
                        port));
        awaitWhy("web", "no connection to 127.0.0.1:" + port);
        // Somebody else, here a child of this test, takes the port first.
        Process other = new ProcessBuilder("python3", "-u", "-c", LISTEN, Integer.toString(port), "/dev/null").start();
        try {
            awaitWhy("web", "port " + port + " is held by another process, pid " + other.pid() + " (python3");
            assertThat(answer).isNotDone();
        } finally {
            other.destroyForcibly();
        }
        Files.createFile(temp.resolve("go"));
        await().until(answer::isDone);
        assertThat(answer).isCompleted();
        assertThat(node.info("web").status()).isEqualTo(WorkerState.STARTED);
    }

    private static final String LISTEN = "import os, socket, sys, time\n"
            + "while not os.path.exists(sys.argv[2]): time.sleep(0.02)\n"
            + "while True:\n"
            + "    try: s = socket.create_server(('127.0.0.1', int(sys.argv[1]))); break\n"
            + "    except OSError: time.sleep(0.02)\n"
            + "while True: s.accept()[0].close()\n";

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void byAPage() throws IOException {
        AtomicInteger status = new AtomicInteger(503);
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/health", exchange -> {
            asked.incrementAndGet();
            byte[] body = ("key " + exchange.getRequestHeaders().getFirst("X-Key") + " is fine")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status.get(), body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/health";
            // The server is in this JVM, which is the node's: a port of the node is nobody else's.
            CompletableFuture<StartResult> answer = begin(
                    "web",
                    script(
                            "exec sleep 600",
                            "ready.http",
                            url,
                            "ready.http.header",
                            List.of("X-Key: 42"),
                            "ready.http.contains",
                            "key 42 is fine",
                            "ready.http.status",
                            List.of(200, 204)));
            awaitWhy("web", url + " answers 503");
            status.set(200);
            await().until(answer::isDone);
            assertThat(answer).isCompleted();
            int until = asked.get();
            CompletableFuture<StartResult> wrong = begin(
                    "wrong",
                    script("exec sleep 600", "ready.http", url, "ready.http.contains", "other", "start.timeout", "1s"));
            awaitWhy("wrong", "does not contain 'other'");
            await().until(wrong::isDone);
            assertThat(asked.get()).isGreaterThan(until);
        } finally {
            server.stop(0);
        }
    }

    private void configure(Object... options) {
        node.node.configure(new Configured(
                "io.millwright.worker.guest~c",
                "node.json",
                WorkerSpec.of(id("c"), "guest", script("echo listening; exec sleep 600", options))));
    }

    /** A change in place during the start is what counts from then on: a mistake that is corrected ends no good process. */
    @Test
    void byWhatTheOptionsSayNow() throws IOException {
        configure("ready.log", "Listening", "start.timeout", "1h");
        awaitWhy("c", "no line matches Listening");
        long pid = Objects.requireNonNull(node.info("c").pid());
        configure("ready.file", temp.resolve("up").toString(), "start.timeout", "1h");
        awaitWhy("c", "there is no " + temp.resolve("up"));
        configure("ready.log", "^listening$", "start.timeout", "1h");
        assertThat(node.awaitState("c", WorkerState.STARTED).pid()).isEqualTo(pid);
    }

    @Test
    void atOnceIfNothingIsAskedAnyMore() {
        configure("ready.log", "Listening", "start.timeout", "1h");
        awaitWhy("c", "no line matches Listening");
        long pid = Objects.requireNonNull(node.info("c").pid());
        configure("start.timeout", "1h");
        assertThat(node.awaitState("c", WorkerState.STARTED).pid()).isEqualTo(pid);
    }

    @Test
    void inTheTimeThatTheOptionsSayNow() {
        configure("ready.log", "Listening", "start.timeout", "1h", "restart.policy", "never");
        awaitWhy("c", "no line matches Listening");
        configure("ready.log", "Listening", "start.timeout", "1ms", "restart.policy", "never");
        assertThat(node.awaitState("c", WorkerState.FAILED).why().toString())
                .contains("not ready within 1 ms (start.timeout)");
    }

    @Test
    void anEndBeforeItIsAFailureAndAStopEndsTheWaiting() {
        CompletableFuture<StartResult> dead = begin("dead", script("exit 0", "ready.file", "never"));
        await().until(dead::isDone);
        assertThat(dead).isCompletedExceptionally();
        assertThat(node.awaitState("dead", WorkerState.FAILED).exit().exitClass())
                .isEqualTo(ExitClass.ERROR);
        CompletableFuture<StartResult> stopped = begin("stopped", script("exec sleep 600", "ready.file", "never"));
        awaitWhy("stopped", "there is no ");
        node.stop("stopped");
        await().until(stopped::isDone);
        assertThat(stopped).isCompletedExceptionally();
        assertThat(node.info("stopped").status()).isEqualTo(WorkerState.EXITED);
    }

    @Test
    void whatSaysNothingIsRefused() {
        refused(Map.of("ready.tcp", 0), "must be PORT (1 to 65535) or HOST:PORT");
        refused(Map.of("ready.tcp", "host:http"), "must be PORT");
        refused(Map.of("ready.http", "ftp://x/"), "must be a URL such as");
        refused(Map.of("ready.log", "(a"), "is no pattern");
        refused(Map.of("ready.log", "a", "stdout", "drop", "stderr", "file"), "sees no line");
        refused(Map.of("ready.log", "a", "ready.tcp", 80), "there is one way to be ready");
        refused(Map.of("ready.http.contains", "a", "ready.tcp", 80), "needs ready.http.url");
        refused(Map.of("ready.http", "http://x/", "ready.http.header", List.of("no colon")), "must be NAME: VALUE");
    }

    private void refused(Map<String, Object> options, String sentence) {
        Object[] pairs = options.entrySet().stream()
                .flatMap(entry -> List.of(entry.getKey(), entry.getValue()).stream())
                .toArray();
        assertThatThrownBy(() -> node.start("bad", script("true", pairs))).hasMessageContaining(sentence);
    }
}
