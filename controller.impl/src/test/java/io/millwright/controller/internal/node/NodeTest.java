package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogListener;
import io.millwright.controller.api.NodeController.InputEnd;
import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Outcome;
import io.millwright.controller.api.RestartOptions;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.internal.configured.Configured;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole path of a worker through a real node: operations, events, logs, exits. */
class NodeTest {
    @TempDir
    Path temp;

    private TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("node"));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private static NodeException failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        NodeException failure = catchThrowableOfType(NodeException.class, call);
        assertThat(failure).as("an error was expected").isNotNull();
        return failure;
    }

    @Test
    void aProgramThatEndsAtOnceGivesStartingStartedExitedInOrder() {
        StartResult result = node.start("quick", Map.of("executable", "/bin/true"));
        assertThat(result.pid()).isPositive();
        WorkerInfo info = node.awaitState("quick", WorkerState.EXITED);
        assertThat(node.events("quick")).containsExactly("STARTING", "STARTED", "EXITED");
        assertThat(info.exit()).isNotNull();
        assertThat(info.exit().code()).isZero();
        assertThat(info.exit().exitClass()).isEqualTo(ExitClass.SUCCESS);
        assertThat(info.startupTime()).isPositive();
    }

    @Test
    void exitCodesAndSignalsAreKept() {
        node.start("three", script("exit 3"));
        node.start("segv", script("kill -s SEGV $$"));
        assertThat(get(node.controller.awaitExit(id("three"))).code()).isEqualTo(3);
        assertThat(node.info("three").exit().exitClass()).isEqualTo(ExitClass.ERROR);
        assertThat(get(node.controller.awaitExit(id("segv"))).signal()).isEqualTo("SEGV");
        assertThat(node.controller.getHistory())
                .extracting(run -> run.id().value())
                .contains("three", "segv");
    }

    @Test
    void successIsWhatTheOptionsSay() {
        String term = "kill -s TERM $$";
        List<Object[]> rows = List.of(
                new Object[] {"exit 3", List.of(0, 3), ExitClass.SUCCESS},
                new Object[] {"exit 3", "3 TERM", ExitClass.SUCCESS},
                new Object[] {"exit 4", "3 TERM", ExitClass.ERROR},
                new Object[] {term, "3 TERM", ExitClass.SUCCESS},
                new Object[] {term, "SIGTERM", ExitClass.SUCCESS},
                new Object[] {term, "0", ExitClass.ERROR},
                new Object[] {"exit 0", "TERM", ExitClass.SUCCESS});
        for (int i = 0; i < rows.size(); i++) {
            node.start("w" + i, script((String) rows.get(i)[0], "exit.success", rows.get(i)[1]));
            assertThat(get(node.controller.awaitExit(id("w" + i))).exitClass())
                    .as("%s with %s", rows.get(i))
                    .isEqualTo(rows.get(i)[2]);
        }
    }

    @Test
    void theLastLinesOfAnEndedWorkerAreThere() {
        node.start("last", script("echo one; echo two >&2; printf three"));
        get(node.controller.awaitExit(id("last")));
        assertThat(node.log("last")).containsExactlyInAnyOrder("one", "two", "three");
        assertThat(node.controller.getWorkerLog(id("last"), 100))
                .anyMatch(entry ->
                        entry.stream() == LogEntry.Stream.STDERR && entry.text().equals("two"));
    }

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
    void aRunningIdCannotBeStartedAgain() {
        node.start("busy", script("exec sleep 60"));
        NodeException failure = failure(() -> node.start("busy", script("exec sleep 60")));
        assertThat(failure.code()).isEqualTo(ErrorCode.WORKER_ALREADY_RUNNING);
        assertThat(node.info("busy").status()).isEqualTo(WorkerState.STARTED);
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
    void ofManyStartsOfOneIdExactlyOneWins() {
        List<CompletionStage<StartResult>> starts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            starts.add(node.controller.startWorker(WorkerSpec.of(id("one"), "guest", script("exec sleep 60")), ME));
        }
        int won = 0;
        for (CompletionStage<StartResult> start : starts) {
            try {
                get(start);
                won++;
            } catch (NodeException refused) {
                assertThat(refused.code()).isEqualTo(ErrorCode.WORKER_ALREADY_RUNNING);
            }
        }
        assertThat(won).isEqualTo(1);
    }

    @Test
    void badOptionsAreAllNamedAndNothingIsStartedOrLost() {
        node.start("kept", script("echo before; exit 4"));
        get(node.controller.awaitExit(id("kept")));
        NodeException failure = failure(() ->
                node.start("kept", script("true", "stop.timout", "5s", "log.ring", "many", "stop.signal", "FOO")));
        assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
        assertThat(failure.problems()).hasSize(3);
        assertThat(failure.getMessage()).contains("stop.timout", "stop.timeout", "log.ring", "stop.signal");
        assertThat(node.info("kept").exit().code()).isEqualTo(4);
        assertThat(node.log("kept")).containsExactly("before");
    }

    @Test
    void anUnknownTypeIsAnsweredWithThoseThereAre() {
        NodeException failure =
                failure(() -> get(node.controller.startWorker(WorkerSpec.of(id("x"), "gest", Map.of()), ME)));
        assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_WORKER_TYPE);
        assertThat(failure.getMessage()).contains("'gest'").contains("guest");
    }

    @Test
    void aWorkerThatIgnoresTermIsKilledAfterTheTimeoutAndThatIsSaid() {
        node.start("stubborn", script("trap '' TERM; echo up; while :; do sleep 0.05; done", "stop.timeout", "300ms"));
        node.awaitLog("stubborn", "up");
        StopResult stopped = node.stop("stubborn");
        assertThat(stopped.exit().signal()).isEqualTo("KILL");
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
    void aFailedStartShowsTheLinesOfItsOwnRun() {
        node.start("web", script("echo first", "start.timeout", "20s"));
        node.awaitState("web", WorkerState.EXITED);
        assertThatThrownBy(() -> node.start(
                        "web", script("echo second >&2; exit 3", "ready.log", "never", "start.timeout", "20s")))
                .isInstanceOfSatisfying(NodeException.class, failure -> assertThat(failure.log())
                        .extracting(LogEntry::text)
                        .containsExactly("second"));
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

    private static boolean alive(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException gone) {
            return false;
        }
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
    void aWorkerClosesItsOutputAndLives() {
        node.start("quiet", script("exec >&- 2>&-; exec sleep 60"));
        assertThat(node.info("quiet").status()).isEqualTo(WorkerState.STARTED);
        assertThat(node.stop("quiet").exit().signal()).isEqualTo("TERM");
    }

    @Test
    void outputModesAllWork() throws IOException {
        node.start("modes", script("echo o; echo e >&2", "stdout", "file", "stderr", "drop"));
        get(node.controller.awaitExit(id("modes")));
        assertThat(node.log("modes")).isEmpty();
        assertThat(node.directory.resolve("log/workers/modes.out")).hasContent("o\n");
        node.start("epipe", script("while echo x; do :; done; exit 9", "stdout", "close"));
        assertThat(get(node.controller.awaitExit(id("epipe"))).signal()).isEqualTo("PIPE");
    }

    @Test
    void anOutputFileThatHasGrownTooLargeIsRotatedBeforeTheNextRun() throws IOException {
        Map<String, Object> options = script(
                "printf '%01024d' 7; echo problem >&2",
                "stdout", "file", "stderr", "file", "log.max.size", 1024, "log.keep", 2);
        Path logs = node.directory.resolve("log/workers");
        for (int run = 1; run <= 4; run++) {
            node.start("grows", options);
            node.awaitState("grows", WorkerState.EXITED);
            assertThat(logs.resolve("grows.out")).hasSize(1024);
        }
        assertThat(logs.resolve("grows.out.1")).hasSize(1024);
        assertThat(logs.resolve("grows.out.2")).hasSize(1024);
        assertThat(logs.resolve("grows.out.3")).doesNotExist();
        assertThat(logs.resolve("grows.err")).hasContent("problem\n".repeat(4));
        assertThat(logs.resolve("grows.err.1")).doesNotExist();
    }

    @Test
    void inputReachesAWorkerThatHasItOpen() {
        node.start("cat", Map.of("executable", "cat", "stdin", "open"));
        get(node.controller.writeInput(id("cat"), "hello\n".getBytes(StandardCharsets.UTF_8), InputEnd.KEEP_OPEN, ME));
        node.awaitLog("cat", "hello");
        get(node.controller.writeInput(id("cat"), new byte[0], InputEnd.CLOSE, ME));
        assertThat(get(node.controller.awaitExit(id("cat"))).code()).isZero();
    }

    @Test
    void inputToAWorkerThatHasItClosedIsRefused() {
        node.start("deaf", script("exec sleep 60"));
        NodeException failure =
                failure(() -> get(node.controller.writeInput(id("deaf"), new byte[1], InputEnd.KEEP_OPEN, ME)));
        assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(failure.getMessage()).contains("stdin=open");
    }

    @Test
    void signalsReachTheMainProcess() {
        node.start("trap", script("trap 'echo usr1' USR1; echo up; while :; do sleep 0.05; done"));
        node.awaitLog("trap", "up");
        get(node.controller.signalWorker(id("trap"), Signal.USR1, ME));
        node.awaitLog("trap", "usr1");
    }

    @Test
    void aRestartGivesANewProcessAndStartsAStoppedOne() {
        long first = node.start("re", script("exec sleep 60")).pid();
        long second = get(node.controller.restartWorker(id("re"), ME)).pid();
        assertThat(second).isNotEqualTo(first);
        node.stop("re");
        assertThat(get(node.controller.restartWorker(id("re"), ME)).pid()).isPositive();
    }

    @Test
    void aRestartThatCouldNotStartLeavesTheWorkerRunning() throws IOException {
        Path program = Files.writeString(temp.resolve("prog"), "#!/bin/sh\necho up\nexec sleep 60\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        long pid = node.start("safe", Map.of("executable", program.toString())).pid();
        node.awaitLog("safe", "up");
        Files.delete(program);
        NodeException failure = failure(() -> get(node.controller.restartWorker(id("safe"), ME)));
        assertThat(failure.getMessage()).contains("keeps running").contains(program.toString());
        assertThat(node.info("safe").pid()).isEqualTo(pid);
    }

    @Test
    void secretsAreNowhereToBeSeen() throws IOException {
        node.start(
                "secret",
                script(
                        "[ ${#PASSWORD} = 15 ] && echo right; exec sleep 60",
                        "env",
                        Map.of("vars", Map.of("PASSWORD", Map.of("secret", "hunter2-hunter2")))));
        node.awaitLog("secret", "right");
        assertThat(node.info("secret").options().toString())
                .contains("PASSWORD")
                .doesNotContain("hunter2");
        assertThat(node.info("secret").toMap().toString()).doesNotContain("hunter2");
        assertThat(node.controller.getEvents().toString()).doesNotContain("hunter2");
        NodeException failure = failure(() ->
                node.start("secret2", script("true", "env.vars.PASSWORD.secret", "hunter2-hunter2", "nonsense", "1")));
        assertThat(failure.toString() + failure.toMap()).doesNotContain("hunter2");
    }

    @Test
    void followersGetTheBacklogThenEachLineThenTheEnd() {
        node.start("tale", script("echo one; read x; echo two", "stdin", "open"));
        node.awaitLog("tale", "one");
        List<String> got = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        node.controller.follow(id("tale"), 10, new LogListener() {
            @Override
            public void onLog(List<LogEntry> entries, long lost) {
                entries.forEach(entry -> got.add(entry.text()));
            }

            @Override
            public void onEnd() {
                ended.complete(true);
            }
        });
        get(node.controller.writeInput(id("tale"), "\n".getBytes(StandardCharsets.UTF_8), InputEnd.CLOSE, ME));
        get(ended);
        assertThat(got).containsExactly("one", "two");
    }

    @Test
    void aFollowerOfARestartedIdHearsTheNewRun() {
        node.start("reborn", script("echo first"));
        get(node.controller.awaitExit(id("reborn")));
        node.start("reborn", script("read x; echo second", "stdin", "open"));
        CompletableFuture<String> heard = new CompletableFuture<>();
        node.controller.follow(
                id("reborn"),
                0,
                (entries, lost) -> heard.complete(entries.get(0).text()));
        get(node.controller.writeInput(id("reborn"), "\n".getBytes(StandardCharsets.UTF_8), InputEnd.CLOSE, ME));
        assertThat(get(heard)).isEqualTo("second");
    }

    @Test
    void twoHundredGuestsStartTogetherAndAllStop() {
        List<CompletionStage<StartResult>> starts = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            starts.add(node.controller.startWorker(
                    WorkerSpec.of(id("w" + i), "guest", Map.of("executable", "sleep", "arguments", List.of("100"))),
                    ME));
        }
        starts.forEach(TestNode::get);
        assertThat(node.controller.getWorkers(List.of())).hasSize(200);
        List<Outcome<StopResult>> stopped =
                get(node.controller.stopWorkers(WorkerSelector.ALL, StopOptions.GRACEFUL, ME));
        assertThat(stopped).hasSize(200).allMatch(outcome -> outcome.error() == null);
        assertThat(node.controller.getWorkers(List.of())).isEmpty();
        assertThat(node.controller.listWorkers(Scope.ALL))
                .as("the history is bounded")
                .hasSize(100);
    }

    @Test
    void forgettingFreesTheRecord() {
        node.start("old", Map.of("executable", "/bin/true"));
        get(node.controller.awaitExit(id("old")));
        get(node.controller.forgetWorker(id("old"), ME));
        assertThat(failure(() -> node.info("old")).code()).isEqualTo(ErrorCode.NO_SUCH_WORKER);
        assertThat(node.controller.getHistory()).extracting(WorkerRun::id).doesNotContain(id("old"));
    }

    @Test
    void stopsOfUnknownAndEndedWorkersAreAnsweredDifferently() {
        assertThat(failure(() -> node.stop("nobody")).code()).isEqualTo(ErrorCode.NO_SUCH_WORKER);
        node.start("done", Map.of("executable", "/bin/true"));
        get(node.controller.awaitExit(id("done")));
        assertThat(failure(() -> node.stop("done")).code()).isEqualTo(ErrorCode.WORKER_NOT_RUNNING);
    }

    /** The kind: a misspelt id, by each operation that takes one. */
    @Test
    void aMisspeltIdIsAnsweredWithTheOneThatWasMeant() {
        node.start("web-server", Map.of("executable", "sleep", "arguments", List.of("100")));
        String right = "did you mean 'web-server'?";
        for (String typo : List.of("web-servr", "webserver", "Web-Server", "wbe-server")) {
            assertThat(failure(() -> node.info(typo))).hasMessageEndingWith(right);
        }
        assertThat(failure(() -> node.stop("web-servr"))).hasMessageEndingWith(right);
        assertThat(failure(() -> get(node.controller.restartWorker(id("web-servr"), ME))))
                .hasMessageEndingWith(right);
        assertThat(failure(() -> get(node.controller.signalWorker(id("web-servr"), Signal.of("HUP"), ME))))
                .hasMessageEndingWith(right);
        assertThat(failure(() -> get(node.controller.forgetWorker(id("web-servr"), ME))))
                .hasMessageEndingWith(right);
        assertThat(failure(() -> node.controller.getWorkerLog(id("web-servr"), 1)))
                .hasMessageEndingWith(right);
        assertThat(failure(() -> get(node.controller.awaitExit(id("web-servr")))))
                .hasMessageEndingWith(right);
        assertThat(get(node.controller.stopWorkers(WorkerSelector.of("web-servr"), StopOptions.KILL, ME))
                        .get(0)
                        .error())
                .hasMessageEndingWith(right);
        assertThat(failure(() -> node.info("database")))
                .hasMessageEndingWith("worker:list --all shows those there are");
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

    @Test
    void aNodeShutsDownInOrderAndRefusesNewStarts() {
        node.start("a", script("exec sleep 60"));
        node.start("b", script("exit 1", "restart.policy", "always", "restart.delay", "10s"));
        assertThat(node.shutdown()).isZero();
        assertThat(failure(() -> node.start("c", script("true"))).code()).isEqualTo(ErrorCode.NODE_SHUTTING_DOWN);
        assertThat(node.controller.getEvents()).extracting(TestNode::step).contains("SHUTDOWN");
        assertThat(node.controller.getWorkers(List.of())).isEmpty();
    }

    private void configure(String id, Map<String, Object> options) {
        node.node.configure(new Configured(
                "io.millwright.worker.guest~" + id, "node.json", WorkerSpec.of(id(id), "guest", options)));
    }

    @Test
    void aConfiguredWorkerStartsChangesInPlaceRestartsAndStops() {
        configure("conf", script("echo $0; exec sleep 60"));
        long pid = node.awaitState("conf", WorkerState.STARTED).pid();
        configure("conf", script("echo $0; exec sleep 60", "log.ring", 5));
        await().until(() ->
                "5".equals(String.valueOf(node.info("conf").options().get("log.ring"))));
        assertThat(node.info("conf").pid()).isEqualTo(pid);
        configure("conf", script("exec sleep 61"));
        await().until(() -> node.info("conf").status() == WorkerState.STARTED
                && !Long.valueOf(pid).equals(node.info("conf").pid()));
        node.node.unconfigure("io.millwright.worker.guest~conf");
        node.awaitState("conf", WorkerState.EXITED);
        assertThat(node.info("conf").exit().reason()).contains("config:io.millwright.worker.guest~conf");
    }

    @Test
    void aBadChangeLeavesTheRunningWorkerAsItIs() {
        configure("firm", script("exec sleep 60"));
        long pid = node.awaitState("firm", WorkerState.STARTED).pid();
        configure("firm", script("exec sleep 60", "nonsense", 1));
        await().until(() -> node.info("firm").reason() != null);
        assertThat(node.info("firm").reason()).contains("refused").contains("nonsense");
        assertThat(node.info("firm").pid()).isEqualTo(pid);
    }

    @Test
    void aConfiguredWorkerWaitsForItsTypeAndStartsWhenItComes() {
        node.node.types().remove("guest", 1);
        configure("patient", script("exec sleep 60"));
        WorkerInfo waiting = node.awaitState("patient", WorkerState.BACKOFF);
        assertThat(waiting.reason()).startsWith("type unavailable");
        node.node.types().add(TestNode.guest(2, new TestNode.Guest()));
        node.awaitState("patient", WorkerState.STARTED);
    }

    @Test
    void aTypeThatComesWhileItsWorkerIsLookedAtIsNotMissed() {
        CompletableFuture<Boolean> go = new CompletableFuture<>();
        // Holds back the answer "no such type" until the type is there and has been announced.
        node.node.publisher().addSink(event -> {
            if (TestNode.step(event).equals("REMOVED")) {
                go.join();
            }
        });
        node.node.types().remove("guest", 1);
        configure("close", script("exec sleep 60"));
        flushLoop();
        node.node.types().add(TestNode.guest(2, new TestNode.Guest()));
        flushLoop();
        go.complete(true);
        node.awaitState("close", WorkerState.STARTED);
    }

    /** Each task of the loop may make another; ten rounds are more than any chain here has. */
    private void flushLoop() {
        for (int i = 0; i < 10; i++) {
            CompletableFuture<Boolean> done = new CompletableFuture<>();
            node.node.core.loop.execute(() -> done.complete(true));
            get(done);
        }
    }

    @Test
    void aStoppedConfiguredWorkerRestsAndTakesChangesWithoutStarting() {
        configure("rest", script("exec sleep 60"));
        node.awaitState("rest", WorkerState.STARTED);
        node.stop("rest");
        node.awaitState("rest", WorkerState.INACTIVE);
        configure("rest", script("exec sleep 62"));
        await().until(() -> node.info("rest").options().toString().contains("sleep 62"));
        assertThat(node.info("rest").status()).isEqualTo(WorkerState.INACTIVE);
        get(node.controller.startWorkers(WorkerSelector.of("rest"), ME));
        assertThat(node.info("rest").status()).isEqualTo(WorkerState.STARTED);
    }

    @Test
    void aDisabledWorkerIsInactiveUntilItIsEnabled() {
        configure("off", script("exec sleep 60", "disabled", true));
        await().until(() -> node.controller.listWorkers(Scope.ALL).size() == 1);
        assertThat(node.info("off").status()).isEqualTo(WorkerState.INACTIVE);
        configure("off", script("exec sleep 60"));
        node.awaitState("off", WorkerState.STARTED);
    }

    @Test
    void aDisabledWorkerIsStartedByItsIdOnlyAndStoppedWithTheOthers() {
        configure("off", script("exec sleep 60", "disabled", true));
        await().until(() -> node.controller.listWorkers(Scope.ALL).size() == 1);
        assertThat(get(node.controller.startWorkers(WorkerSelector.ALL, ME))).isEmpty();
        get(node.controller.startWorkers(WorkerSelector.of("off"), ME));
        assertThat(node.info("off").status()).isEqualTo(WorkerState.STARTED);
        assertThat(get(node.controller.restartWorkers(
                        WorkerSelector.ALL, RestartOptions.ALL_AT_ONCE.withAtOnce(1), ME)))
                .hasSize(1);
        assertThat(get(node.controller.stopWorkers(WorkerSelector.ALL, StopOptions.GRACEFUL, ME)))
                .hasSize(1);
        assertThat(node.info("off").status()).isEqualTo(WorkerState.INACTIVE);
    }

    @Test
    void aMissingExecutableFailsThatConfiguredWorkerAlone() {
        configure("missing", Map.of("executable", "no-such-program"));
        WorkerInfo failed = node.awaitState("missing", WorkerState.FAILED);
        assertThat(failed.exit().reason()).contains("no-such-program").contains("PATH");
    }
}
