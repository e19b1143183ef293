package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.ShutdownRequest;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kind: what the node runs for a worker runs as that would, belongs to its life, and never outlives its time. */
class CommandsTest {
    private static final String IGNORES_TERM = "trap '' TERM; echo up; while :; do sleep 0.05; done";

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

    private static List<String> shell(String text) {
        return List.of("/bin/sh", "-c", text);
    }

    private CompletableFuture<StartResult> begin(String worker, Map<String, Object> options) {
        return node.controller
                .startWorker(WorkerSpec.of(id(worker), "guest", options), TestNode.ME)
                .toCompletableFuture();
    }

    private boolean isAlive(Path pidFile) throws IOException {
        long pid = Long.parseLong(Files.readString(pidFile).strip());
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    @Test
    void aCommandStopsInPlaceOfTheSignal() {
        node.start(
                "web",
                script(
                        "trap 'echo told to end; exit 3' TERM; trap 'exit 0' USR1; echo up; while :; do sleep 0.05; done",
                        "stop.command",
                        shell("echo $MAINPID; pwd; echo oops >&2; kill -USR1 $MAINPID"),
                        "ready.log",
                        "up",
                        "env",
                        Map.of("vars", Map.of("A", "b")),
                        "workdir",
                        temp.toString()));
        long pid = node.info("web").pid();
        StopResult stopped = node.stop("web");
        assertThat(stopped.exit().code()).isZero();
        assertThat(stopped.exit().exitClass()).isEqualTo(ExitClass.REQUESTED);
        assertThat(node.log("web"))
                .contains("stop.command: " + pid, "stop.command: " + temp, "stop.command: oops")
                .doesNotContain("told to end");
    }

    @Test
    void whereItFailsTheSignalFollowsAtOnce() {
        node.start("web", script("exec sleep 600", "stop.command", shell("exit 3"), "stop.timeout", "10m"));
        assertThat(node.stop("web").exit().signal()).isEqualTo("TERM");
        assertThat(node.log("web")).contains("stop.command '/bin/sh -c exit 3' ended with 3");
        node.start(
                "none", script("exec sleep 600", "stop.command", List.of("/no/such/program"), "stop.timeout", "10m"));
        assertThat(node.stop("none").exit().signal()).isEqualTo("TERM");
        assertThat(node.log("none")).anyMatch(line -> line.contains("stop.command '/no/such/program' cannot be run"));
        node.start(
                "slow",
                script(
                        "exec sleep 600",
                        "stop.command.command",
                        shell("sleep 600 & sleep 600"),
                        "stop.command.timeout",
                        "100ms",
                        "stop.timeout",
                        "10m"));
        assertThat(node.stop("slow").exit().signal()).isEqualTo("TERM");
        assertThat(node.log("slow")).anyMatch(line -> line.contains("within 100 ms (stop.command.timeout)"));
    }

    @Test
    void whatItDoesNotEndIsKilledAndWhatItLeavesIsEnded() throws IOException {
        Path child = temp.resolve("child");
        node.start("deaf", script(IGNORES_TERM, "stop.command", shell("exit 0"), "stop.timeout", "200ms"));
        assertThat(node.stop("deaf").exit().signal()).isEqualTo("KILL");
        // It goes on after the stop's time: it is killed too, with its children.
        node.start(
                "both",
                script(
                        IGNORES_TERM,
                        "stop.command",
                        shell("sleep 600 & echo $! >" + child + "; trap '' TERM; wait"),
                        "stop.timeout",
                        "300ms"));
        assertThat(node.stop("both").exit().signal()).isEqualTo("KILL");
        assertThat(isAlive(child)).isFalse();
    }

    @Test
    void itsChildrenAreToldToEndWhenItHasEndedTheMainProcess() {
        node.start(
                "tree",
                script(
                        "sh -c 'sleep 600; :' & trap 'exit 0' USR1; echo up; while :; do sleep 0.05; done",
                        "ready.log",
                        "up",
                        "stop.command",
                        shell("kill -USR1 $MAINPID"),
                        "stop.timeout",
                        "10m"));
        assertThat(node.stop("tree").exit().code()).isZero();
    }

    @Test
    void aKillAndASignalOfTheCallersSkipIt() {
        Map<String, Object> options =
                script("exec sleep 600", "stop.command", shell("echo asked; sleep 600"), "stop.timeout", "10m");
        node.start("web", options);
        StopResult killed = get(node.controller.stopWorker(id("web"), StopOptions.KILL, TestNode.ME));
        assertThat(killed.exit().signal()).isEqualTo("KILL");
        node.start("web", options);
        StopOptions hup = StopOptions.GRACEFUL.withSignal(Signal.HUP);
        assertThat(get(node.controller.stopWorker(id("web"), hup, TestNode.ME))
                        .exit()
                        .signal())
                .isEqualTo("HUP");
        assertThat(node.log("web")).doesNotContain("stop.command: asked");
        // A kill while it runs ends both.
        node.start("web", options);
        CompletableFuture<StopResult> slow = node.controller
                .stopWorker(id("web"), StopOptions.GRACEFUL, TestNode.ME)
                .toCompletableFuture();
        await().until(() -> node.log("web").contains("stop.command: asked"));
        assertThat(node.info("web").why().toString()).contains("stop.command '/bin/sh -c echo asked; sleep 600' runs");
        get(node.controller.stopWorker(id("web"), StopOptions.KILL, TestNode.ME));
        assertThat(get(slow).exit().signal()).isEqualTo("KILL");
    }

    @Test
    void aCommandBeforeIsPartOfTheStart() {
        node.start(
                "web",
                script(
                        "cat made; exec sleep 600",
                        "exec.before",
                        shell("echo prepared; echo content >made"),
                        "workdir",
                        "new",
                        "workdir.create",
                        true));
        await().until(() -> node.log("web").contains("content"));
        assertThat(node.log("web")).containsSubsequence("exec.before: prepared", "content");
        assertThat(node.log("web")).filteredOn("content"::equals).hasSize(1);
    }

    @Test
    void itsFailureIsTheStarts() {
        assertThatThrownBy(
                        () -> node.start("web", script("exec sleep 600", "exec.before", shell("echo no disk; exit 4"))))
                .isInstanceOfSatisfying(NodeException.class, failure -> {
                    assertThat(failure)
                            .hasMessageContaining("exec.before '/bin/sh -c echo no disk; exit 4' ended with 4");
                    assertThat(failure.log()).anyMatch(entry -> entry.text().equals("exec.before: no disk"));
                });
        assertThat(node.info("web").status()).isEqualTo(WorkerState.FAILED);
        assertThat(node.info("web").exit().exitClass()).isEqualTo(ExitClass.ERROR);
        assertThatThrownBy(() -> node.start(
                        "slow", script("exec sleep 600", "exec.before", shell("sleep 600"), "start.timeout", "200ms")))
                .hasMessageContaining("has not ended within 200 ms (start.timeout)");
        // What it took is not there for the readiness.
        assertThatThrownBy(() -> node.start(
                        "late",
                        script(
                                "exec sleep 600",
                                "exec.before",
                                shell("sleep 0.3"),
                                "ready.log",
                                "never",
                                "start.timeout",
                                "600ms")))
                .hasMessageContaining("not ready within 600 ms (start.timeout)");
    }

    @Test
    void aStopEndsTheCommandBefore() throws IOException {
        Path child = temp.resolve("child");
        CompletableFuture<StartResult> start = begin(
                "web",
                script("echo started", "exec.before", shell("sleep 600 & echo $! >" + child + "; echo in; wait")));
        await().until(() -> node.log("web").contains("exec.before: in"));
        assertThat(node.info("web").status()).isEqualTo(WorkerState.STARTING);
        assertThat(node.info("web").why().toString()).contains("exec.before").contains(" runs");
        StopResult stopped = node.stop("web");
        assertThat(stopped.exit().exitClass()).isEqualTo(ExitClass.REQUESTED);
        await().until(start::isCompletedExceptionally);
        assertThat(node.log("web")).doesNotContain("started");
        assertThat(isAlive(child)).isFalse();
        // Nor does one hold a stop up that does not listen.
        begin(
                "deaf",
                script(
                        "echo started",
                        "exec.before",
                        shell("trap '' TERM; echo in; while :; do sleep 0.05; done"),
                        "stop.timeout",
                        "200ms"));
        await().until(() -> node.log("deaf").contains("exec.before: in"));
        assertThat(node.stop("deaf").exit().exitClass()).isEqualTo(ExitClass.REQUESTED);
    }

    @Test
    void aCommandAfterAlwaysRunsAndBeforeTheEndIsTold() throws IOException {
        List<String> after = shell("echo \"code=$EXIT_CODE signal=$EXIT_SIGNAL class=$EXIT_CLASS\"");
        node.start("good", script("exit 0", "exec.after", after));
        node.awaitState("good", WorkerState.EXITED);
        assertThat(node.log("good")).contains("exec.after: code=0 signal= class=success");
        node.start("bad", script("exit 7", "exec.after", after));
        node.awaitState("bad", WorkerState.EXITED);
        assertThat(node.log("bad")).contains("exec.after: code=7 signal= class=error");
        node.start("stopped", script("exec sleep 600", "exec.after", after));
        node.stop("stopped");
        assertThat(node.log("stopped")).contains("exec.after: code= signal=TERM class=requested");
        assertThatThrownBy(() -> node.start(
                        "unready", script("exec sleep 600", "exec.before", shell("exit 1"), "exec.after", after)))
                .isInstanceOf(NodeException.class);
        assertThat(node.log("unready")).contains("exec.after: code= signal= class=error");
    }

    @Test
    void aRestartWaitsForItAndItsFailureChangesNothing() throws IOException {
        Path mark = temp.resolve("mark");
        node.start(
                "web",
                script(
                        "test -e " + mark + " && echo found; exit 1",
                        "exec.after",
                        shell("sleep 0.2; rm -f " + mark + "; exit 9"),
                        "exec.before",
                        shell("test -e " + mark + " && echo overlap; touch " + mark),
                        "restart.policy",
                        "on-failure",
                        "restart.limit",
                        2,
                        "restart.on_limit",
                        "fail"));
        // Between an end and the wait for the next start it does not live for a moment.
        await().until(() -> node.events("web").stream().filter("EXITED"::equals).count() == 3);
        assertThat(node.log("web"))
                .doesNotContain("exec.before: overlap")
                .filteredOn("found"::equals)
                .hasSize(3);
        WorkerExit exit = node.info("web").exit();
        assertThat(exit.code()).isEqualTo(1);
    }

    @Test
    void aCommandAfterHasItsTimeAndAKillEndsIt() {
        node.start(
                "slow",
                script(
                        "exit 0",
                        "exec.after.command",
                        shell("trap '' TERM; echo in; sleep 600"),
                        "exec.after.timeout",
                        "200ms"));
        node.awaitState("slow", WorkerState.EXITED);
        assertThat(node.log("slow")).anyMatch(line -> line.contains("within 200 ms (exec.after.timeout)"));
        node.start("web", script("exit 0", "exec.after", shell("echo in; sleep 600")));
        await().until(() -> node.log("web").contains("exec.after: in"));
        StopResult killed = get(node.controller.stopWorker(id("web"), StopOptions.KILL, TestNode.ME));
        assertThat(killed.exit().code()).isZero();
    }

    @Test
    void somebodyIsToldOfAWorkerThatHasFailedForGood() throws IOException {
        Path told = temp.resolve("told");
        List<String> tell = shell("{ echo $EXIT_CODE; cat; } >" + told + "; echo sent");
        Map<String, Object> options = script(
                "echo last words >&2; exit 3",
                "exec.failed",
                tell,
                "restart",
                Map.of("policy", "always", "limit", 2, "on_limit", "fail"));
        node.start("web", options);
        await().until(() -> node.log("web").contains("exec.failed: sent"));
        assertThat(Files.readAllLines(told))
                .startsWith("3", "worker web: exit code 3")
                .contains("last words");
        assertThat(node.log("web")).filteredOn("exec.failed: sent"::equals).hasSize(1);
        // Neither a success nor an end that was asked for is one.
        node.start("good", script("exit 0", "exec.failed", tell));
        node.awaitState("good", WorkerState.EXITED);
        node.start("stopped", script("exec sleep 600", "exec.failed", tell));
        node.stop("stopped");
        assertThat(node.log("good")).isEmpty();
        assertThat(node.log("stopped")).isEmpty();
    }

    @Test
    void aShutdownWaitsUntilItIsTold() throws IOException {
        Path told = temp.resolve("told");
        node.start(
                "web",
                script("exit 3", "exec.failed", shell("echo in; until test -e " + told + "; do sleep 0.02; done")));
        await().until(() -> node.log("web").contains("exec.failed: in"));
        node.controller.shutdown(ShutdownRequest.STOP, TestNode.ME);
        assertThat(node.isDown()).isFalse();
        Files.createFile(told);
        await().until(node::isDown);
    }

    /** The kind: what tells somebody hangs, and the node cannot end. */
    @Test
    void aShutdownEndsWhatTellsSomebodyWhenItHangs() throws IOException {
        Path pid = temp.resolve("pid");
        List<String> hangs = shell("trap '' TERM; sleep 600 & echo $! >" + pid + "; echo in; wait; wait");
        Map<String, Object> options =
                script("exit 3", "exec.failed.command", hangs, "exec.failed.timeout", "10m", "stop.timeout", "300ms");
        node.start("web", options);
        await().until(() -> node.log("web").contains("exec.failed: in"));
        ProcessHandle left =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
        node.controller.shutdown(ShutdownRequest.STOP, TestNode.ME);
        await().until(node::isDown);
        assertThat(left.isAlive()).isFalse();
        assertThat(Files.readString(node.directory.resolve("log/workers/web.log")))
                .contains("exec.failed '")
                .contains("has not ended within 300 ms of the node's shutdown (stop.timeout)");
    }

    @Test
    void allOfItsOutputIsKept() throws IOException {
        node.start("web", script("exit 0", "exec.after", shell("seq 1 20000; printf 'no end'")));
        node.awaitState("web", WorkerState.EXITED);
        List<String> file = Files.readAllLines(node.directory.resolve("log/workers/web.log"));
        assertThat(file).filteredOn(line -> line.contains(" exec.after: ")).hasSize(20_001);
        assertThat(file.get(file.size() - 1)).endsWith("exec.after: no end");
    }
}
