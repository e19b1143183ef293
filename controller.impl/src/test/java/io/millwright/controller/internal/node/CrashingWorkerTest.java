package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.event.EventProperties;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Workers of a real node that end by themselves and are restarted. */
class CrashingWorkerTest extends NodeFixture {
    @Test
    void whatACrashLeavesBehindIsGoneBeforeTheRestart() {
        node.start(
                "crash",
                script(
                        "if [ -e crashed ]; then read pid < crashed; grep -q '^State:.[^Z]' /proc/$pid/status 2>/dev/null && echo alive || echo gone;"
                                + " exec sleep 60; fi; (trap '' TERM; while :; do sleep 0.05; done) & echo $! > crashed;"
                                + " exit 7",
                        "restart.policy",
                        "on-failure"));
        node.awaitLog("crash", "gone");
        assertThat(node.info("crash").restarts()).isEqualTo(1);
        assertThat(node.info("crash").exit().code()).isEqualTo(7);
        assertThat(node.events("crash"))
                .containsExactly("STARTING", "STARTED", "EXITED", "BACKOFF", "STARTING", "STARTED");
    }

    @Test
    void aStartByIdEndsTheWaitForADelay() throws Exception {
        node.start(
                "slow",
                script(
                        "[ -e go ] && exec sleep 600; exit 3",
                        "restart.policy",
                        "always",
                        "restart.delay",
                        "1h",
                        "restart.max",
                        "1h"));
        await().until(() -> node.info("slow").status() == WorkerState.BACKOFF
                && node.info("slow").restarts() == 1);
        Files.createFile(node.directory.resolve("go"));
        assertThat(get(node.controller.startWorkers(WorkerSelector.ALL, ME)))
                .as("a glob leaves it alone")
                .isEmpty();
        assertThat(get(node.controller.startWorkers(WorkerSelector.of("slow"), ME)))
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.error()).isNull());
        assertThat(node.info("slow").status()).isEqualTo(WorkerState.STARTED);
        NodeException failure = failure(() -> node.start("slow", script("true")));
        assertThat(failure.getMessage()).contains("'slow' is started; stop it first");
    }

    @Test
    void aWorkerThatKeepsCrashingBacksOffAndCanBeStoppedThere() {
        node.start("loop", script("exit 1", "restart", Map.of("policy", "always", "delay", "20s", "max", "30s")));
        await().until(() ->
                node.info("loop").restarts() == 1 && node.info("loop").status() == WorkerState.BACKOFF);
        assertThat(node.info("loop").nextStart()).isNotNull();
        StopResult stopped = node.stop("loop");
        assertThat(stopped.exit().exitClass()).isEqualTo(ExitClass.REQUESTED);
        assertThat(node.info("loop").status()).isEqualTo(WorkerState.EXITED);
        assertThat(node.controller.getHistory())
                .as("a wait that is stopped is no third run")
                .extracting(WorkerRun::restart)
                .containsExactly(0, 1);
        assertThat(node.controller.getEvents())
                .filteredOn(event -> event.topic().endsWith("/BACKOFF")
                        || event.topic().endsWith("/STOP_REQUESTED")
                        || "requested".equals(event.properties().get(EventProperties.EXIT_CLASS)))
                .as("what waits has no process")
                .hasSize(4)
                .noneMatch(event -> event.properties().containsKey(EventProperties.WORKER_PID));
    }

    @Test
    void atTheLimitOfItsRestartsAWorkerWaitsLongOrEndsForGoodAndSaysWhy() {
        Map<String, Object> restart = Map.of("policy", "always", "limit", 1, "max", "10m");
        node.start("tried", script("exit 1", "restart", restart));
        await().until(() ->
                node.info("tried").restarts() == 1 && node.info("tried").status() == WorkerState.BACKOFF);
        String tried = "exit code 1; restart.limit (1 within 60 s) is reached, it is tried once each 600 s";
        assertThat(node.info("tried").reason()).isEqualTo(tried);
        assertThat(Instant.now().until(node.info("tried").nextStart(), ChronoUnit.MINUTES))
                .isBetween(8L, 10L);
        assertThat(node.controller.getEvents())
                .filteredOn(event -> event.topic().endsWith("/BACKOFF"))
                .extracting(event -> event.properties().get(EventProperties.REASON))
                .containsExactly(null, tried);

        node.start("failed", script("exit 1", "restart", Map.of("policy", "always", "limit", 1, "on_limit", "fail")));
        await().until(() -> node.info("failed").reason() != null);
        assertThat(node.info("failed").status()).isEqualTo(WorkerState.EXITED);
        assertThat(node.info("failed").reason())
                .isEqualTo("exit code 1; restart.limit (1 within 60 s) is reached, it is not restarted any more");
        node.start("failed", script("exec sleep 60"));
        assertThat(node.info("failed").reason()).isNull();
    }
}
