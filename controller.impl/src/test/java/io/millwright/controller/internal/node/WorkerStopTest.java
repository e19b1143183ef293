package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Outcome;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Stops of workers of a real node: signals, timeouts, what else they have started. */
class WorkerStopTest extends NodeFixture {
    @Test
    void aStoppedIdIsFreeAtOnce() {
        for (int i = 0; i < 10; i++) {
            node.start("again", script("exec sleep 60"));
            StopResult stopped = node.stop("again");
            assertThat(stopped.exit()).isNotNull();
            assertThat(stopped.exit().exitClass()).isEqualTo(ExitClass.REQUESTED);
            assertThat(stopped.exit().signal()).isEqualTo("TERM");
        }
        assertThat(node.events("again").subList(0, 5))
                .containsExactly("STARTING", "STARTED", "STOP_REQUESTED", "STOPPING", "EXITED");
    }

    @Test
    void aWorkerThatIgnoresTermIsKilledAfterTheTimeoutAndThatIsSaid() {
        node.start("stubborn", script("trap '' TERM; echo up; while :; do sleep 0.05; done", "stop.timeout", "300ms"));
        node.awaitLog("stubborn", "up");
        StopResult stopped = node.stop("stubborn");
        assertThat(stopped.exit().signal()).isEqualTo("KILL");
        assertThat(stopped.exit().reason()).contains("killed after the stop timeout of 300 ms");
    }

    /** The kind: a sentence names the time that was waited, not the one that the worker's options would give. */
    @Test
    void theTimeoutOfACallIsTheOneThatIsSaid() {
        node.start("stubborn", script("trap '' TERM; echo up; while :; do sleep 0.05; done", "stop.timeout", "10m"));
        node.awaitLog("stubborn", "up");
        StopResult stopped = get(node.controller.stopWorker(
                id("stubborn"), StopOptions.GRACEFUL.withTimeout(Duration.ofMillis(300)), ME));
        assertThat(stopped.exit()).isNotNull();
        assertThat(stopped.exit().reason()).contains("killed after the stop timeout of 300 ms");
    }

    @Test
    void aWorkerThatIsToldToEndSaysWhenItIsKilled() {
        node.start("slow", script("trap '' TERM; echo up; while :; do sleep 0.05; done", "stop.timeout", "10m"));
        node.awaitLog("slow", "up");
        node.controller.stopWorker(id("slow"), StopOptions.GRACEFUL, ME);
        await().untilAsserted(() -> assertThat(node.info("slow").reason())
                .matches("told to end, and is killed in [0-9]+ (s|min) if it does not"));
        get(node.controller.stopWorker(id("slow"), StopOptions.KILL, ME));
    }

    @Test
    void aHaltedWorkerGoesOnToTakeTheOrderToStop() {
        node.start(
                "halted", script("trap 'exit 7' TERM; echo up; while :; do sleep 0.05; done", "stop.timeout", "10s"));
        node.awaitLog("halted", "up");
        get(node.controller.signalWorker(id("halted"), Signal.STOP, ME));
        assertThat(node.stop("halted").exit().code()).isEqualTo(7);
    }

    @Test
    void aGrandchildThatIgnoresTermIsDeadAfterTheStop() {
        node.start(
                "family",
                script(
                        "sh -c 'trap \"\" TERM; echo child $$; while :; do sleep 0.05; done' & wait",
                        "stop.timeout",
                        "300ms"));
        await().until(() -> node.log("family").stream().anyMatch(line -> line.startsWith("child ")));
        long child = Long.parseLong(node.log("family").get(0).substring("child ".length()));
        node.stop("family");
        assertThat(alive(child)).isFalse();
    }

    private static boolean alive(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException gone) {
            return false;
        }
    }

    @Test
    void whereAllAreStoppedEachGetsItsSignalOnceAndTheEventsAreThoseOfAStop() throws IOException {
        Path end = node.directory.resolve("end");
        String script = "n=0; trap 'n=$((n+1)); echo got $n' TERM INT; echo up;" + " while [ ! -e " + end
                + " ]; do sleep 0.02; done; echo total $n; exit 3";
        node.start("term", script(script, "restart.policy", "always"));
        node.start("int", script(script, "stop.signal", "INT", "restart.policy", "always"));
        node.awaitLog("term", "up");
        node.awaitLog("int", "up");
        CompletableFuture<List<Outcome<StopResult>>> stopped = node.controller
                .stopWorkers(WorkerSelector.ALL, StopOptions.GRACEFUL, ME)
                .toCompletableFuture();
        node.awaitLog("term", "got 1");
        node.awaitLog("int", "got 1");
        node.awaitState("term", WorkerState.STOPPING);
        node.awaitState("int", WorkerState.STOPPING);
        Files.createFile(end);
        assertThat(get(stopped)).allSatisfy(outcome -> {
            assertThat(outcome.result()).isNotNull();
            assertThat(outcome.result().exit().exitClass()).isEqualTo(ExitClass.REQUESTED);
            assertThat(outcome.result().exit().code()).isEqualTo(3);
        });
        for (String id : List.of("term", "int")) {
            assertThat(node.log(id)).contains("total 1");
            assertThat(node.events(id)).endsWith("STARTED", "STOP_REQUESTED", "STOPPING", "EXITED");
        }
    }

    @Test
    void stopsOfUnknownAndEndedWorkersAreAnsweredDifferently() {
        assertThat(failure(() -> node.stop("nobody")).code()).isEqualTo(ErrorCode.NO_SUCH_WORKER);
        node.start("done", Map.of("executable", "/bin/true"));
        get(node.controller.awaitExit(id("done")));
        assertThat(failure(() -> node.stop("done")).code()).isEqualTo(ErrorCode.WORKER_NOT_RUNNING);
    }

    @Test
    void aStopWhileStartingCancelsTheStart() {
        for (int i = 0; i < 20; i++) {
            CompletionStage<StartResult> start =
                    node.controller.startWorker(WorkerSpec.of(id("brief"), "guest", script("exec sleep 60")), ME);
            StopResult stopped = get(node.controller.stopWorker(id("brief"), StopOptions.GRACEFUL, ME));
            assertThat(stopped.exit().exitClass()).isEqualTo(ExitClass.REQUESTED);
            try {
                get(start);
            } catch (NodeException cancelled) {
                assertThat(cancelled.code()).isEqualTo(ErrorCode.CANNOT_START);
            }
            assertThat(node.info("brief").status()).isEqualTo(WorkerState.EXITED);
        }
    }
}
