package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millwright.controller.api.BackendKind;
import io.millwright.controller.api.NodeController.CheckDepth;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerHealth.State;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kind: programs that speak the protocol of sd_notify as they speak it to systemd. Each reads what it is to say from files that
 * the test makes; on a backend that cannot hear them they are refused in words.
 */
class NotifyTest {
    /** Says the content of the file {@code say} each time there is one, over NOTIFY_SOCKET, from the process itself. */
    private static final String SPEAKER = "import os, socket, sys, time\n"
            + "a = os.environ['NOTIFY_SOCKET']; a = '\\0' + a[1:] if a[0] == '@' else a\n"
            + "s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.connect(a)\n"
            + "print('watchdog', os.environ.get('WATCHDOG_USEC'), flush=True)\n"
            + "while True:\n"
            + "    try:\n"
            + "        text = open(sys.argv[1]).read(); os.unlink(sys.argv[1]); s.send(text.encode()); print('said', flush=True)\n"
            + "    except FileNotFoundError: time.sleep(0.02)\n";

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

    private void assumeHeard() {
        assumeTrue(node.controller.getStatus().backend().contains("linux"), "this backend hears nobody");
    }

    private Map<String, Object> speaker(String worker, Object... keysAndValues) {
        Map<String, Object> options = script("", keysAndValues);
        options.put("executable", "python3");
        options.put("arguments", List.of("-c", SPEAKER, temp.resolve(worker).toString()));
        return options;
    }

    private void say(String worker, String text) throws IOException {
        Path draft = Files.writeString(temp.resolve(worker + ".draft"), text);
        Files.move(draft, temp.resolve(worker));
    }

    private CompletableFuture<StartResult> begin(String worker, Map<String, Object> options) {
        return node.controller
                .startWorker(WorkerSpec.of(id(worker), "guest", options), TestNode.ME)
                .toCompletableFuture();
    }

    private void awaitWhy(String worker, String sentence) {
        await().until(() -> {
            try {
                return node.info(worker).why().toString().contains(sentence);
            } catch (NodeException notYet) {
                return false;
            }
        });
    }

    @Test
    void aProgramIsReadyWhenItSaysSo() throws IOException {
        assumeHeard();
        CompletableFuture<StartResult> answer = begin("web", speaker("web", "ready.notify", true));
        awaitWhy("web", "it has not said READY=1");
        say("web", "STATUS=loading 40%");
        awaitWhy("web", "it says: loading 40%");
        assertThat(answer).isNotDone();
        say("web", "READY=1\nSTATUS=serving");
        assertThat(TestNode.get(answer).id()).isEqualTo(id("web"));
        awaitWhy("web", "it says: serving");
        say("web", "RELOADING=1");
        awaitWhy("web", "it says: reloading, serving");
        say("web", "READY=1");
        await().until(() -> !node.info("web").why().toString().contains("reloading"));
        assertThat(node.controller.doctor())
                .noneMatch(finding -> finding.workers().contains(id("web")));
    }

    @Test
    void systemdNotifyOfAChildCounts() {
        assumeHeard();
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-notify")), "there is no systemd-notify");
        node.start(
                "web",
                script("/usr/bin/systemd-notify --ready --status='up and away'; exec sleep 600", "ready.notify", true));
        awaitWhy("web", "it says: up and away");
    }

    @Test
    void anotherProcessIsNotBelieved() throws Exception {
        assumeHeard();
        CompletableFuture<StartResult> answer = begin(
                "web", script("echo $NOTIFY_SOCKET; exec sleep 600", "ready.notify", true, "start.timeout", "2s"));
        await().until(() -> !node.log("web").isEmpty());
        CompletableFuture<StartResult> other = begin("other", speaker("other", "ready.notify", true));
        ProcessBuilder stranger =
                new ProcessBuilder("python3", "-c", SPEAKER, temp.resolve("web").toString());
        stranger.environment().put("NOTIFY_SOCKET", node.log("web").get(0));
        Process process = stranger.redirectErrorStream(true).start();
        try {
            say("web", "READY=1");
            await().until(() -> Files.notExists(temp.resolve("web")));
            say("other", "READY=1");
            TestNode.get(other);
            assertThat(answer).isNotDone();
            assertThatThrownBy(() -> TestNode.get(answer)).hasMessageContaining("it has not said READY=1");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void moreTimeIsGivenToAStartAndToAStop() throws IOException {
        assumeHeard();
        CompletableFuture<StartResult> answer =
                begin("web", speaker("web", "ready.notify", true, "start.timeout", "3s", "stop.timeout", "100ms"));
        node.awaitLog("web", "watchdog None");
        say("web", "EXTEND_TIMEOUT_USEC=600000000");
        awaitWhy("web", "not ready yet, 4");
        say("web", "READY=1");
        TestNode.get(answer);
        Map<String, Object> slow = script(
                "trap '/usr/bin/systemd-notify EXTEND_TIMEOUT_USEC=20000000; sleep 1; echo done; exit 0' TERM; echo up; sleep 600 & wait",
                "health.watchdog",
                "1h",
                "stop.timeout",
                "900ms");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-notify")), "there is no systemd-notify");
        node.start("slow", slow);
        node.awaitLog("slow", "up");
        node.stop("slow");
        assertThat(node.log("slow")).contains("done");
    }

    @Test
    void aWatchdogThatIsNotFedRestartsTheWorker() throws IOException {
        assumeHeard();
        node.start("web", speaker("web", "health.watchdog", "1500ms"));
        node.awaitLog("web", "watchdog 1500000");
        say("web", "WATCHDOG=1");
        await().until(() -> node.info("web").health().state() == State.HEALTHY);
        await().until(() -> node.info("web").restarts() > 0);
        assertThat(node.controller.getHistory().get(0).exit().exitClass()).isEqualTo(ExitClass.ERROR);
        assertThat(node.controller.getHistory().get(0).exit().reason())
                .startsWith("unhealthy: it has not said WATCHDOG=1 for 1500ms");
        assertThat(node.info("web").who()).hasToString("health:web");
    }

    @Test
    void triggerAndStoppingAreHeard() throws IOException {
        assumeHeard();
        node.start("web", speaker("web", "health.watchdog", "1h", "health.action", "none"));
        say("web", "WATCHDOG=trigger");
        await().until(() -> node.info("web").health().state() == State.UNHEALTHY);
        assertThat(node.info("web").health().reason()).isEqualTo("it has said WATCHDOG=trigger");
        node.start("quiet", speaker("quiet", "health.watchdog", "2s"));
        say("quiet", "STOPPING=1");
        awaitWhy("quiet", "it says: stopping");
        assertThat(node.info("quiet").status()).isEqualTo(WorkerState.STARTED);
    }

    @Test
    void aProgramMayChangeItsWatchdog() throws IOException {
        assumeHeard();
        node.start("web", speaker("web", "health.watchdog", "1h", "health.action", "none"));
        say("web", "WATCHDOG=1");
        await().until(() -> node.info("web").health().state() == State.HEALTHY);
        List<String> lines = new ArrayList<>();
        for (String time : List.of("0", "", "soon", "-1", "99999999999999999999", "200000")) {
            lines.add("WATCHDOG_USEC=" + time);
        }
        say("web", String.join("\n", lines));
        await().until(() -> node.info("web").health().state() == State.UNHEALTHY);
        assertThat(node.info("web").health().reason()).isEqualTo("it has not said WATCHDOG=1 for 200ms");
        say("web", "WATCHDOG_USEC=3600000000\nWATCHDOG=1");
        await().until(() -> node.info("web").health().state() == State.HEALTHY);
    }

    @Test
    void theBackendThatHearsNobodySaysSo() throws IOException {
        if (node.controller.getStatus().backendKind() == BackendKind.LINUX) {
            return;
        }
        for (Map<String, Object> options : List.of(
                script("exec sleep 600", "ready.notify", true), script("exec sleep 600", "health.watchdog", "1s"))) {
            assertThat(get(node.controller.check(WorkerSpec.of(id("web"), "guest", options), CheckDepth.FULL)))
                    .singleElement()
                    .asString()
                    .contains("needs the Linux backend");
            assertThatThrownBy(() -> node.start("web", options)).hasMessageContaining("needs the Linux backend");
        }
        assertThat(node.events("web")).as("nothing was begun").isEmpty();
    }

    @Test
    void whatSaysNothingIsRefused() {
        List<Map<String, Object>> wrong = new ArrayList<>();
        wrong.add(Map.of("ready.notify", true, "ready.tcp", 80));
        wrong.add(Map.of("health.watchdog", "1s", "health.tcp", 80));
        wrong.add(Map.of("health.watchdog", "1s", "health.interval", "1s"));
        wrong.add(Map.of("ready.notify", "yes"));
        for (Map<String, Object> options : wrong) {
            Object[] pairs = options.entrySet().stream()
                    .flatMap(entry -> List.of(entry.getKey(), entry.getValue()).stream())
                    .toArray();
            assertThatThrownBy(() -> node.start("bad", script("true", pairs))).isInstanceOf(NodeException.class);
        }
        node.start("fine", script("exec sleep 600", "ready.notify", false));
    }
}
