package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Outcome;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The whole path of a worker through a real node: operations, events, exits. */
class NodeTest extends NodeFixture {
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
    void aRunningIdCannotBeStartedAgain() {
        node.start("busy", script("exec sleep 60"));
        NodeException failure = failure(() -> node.start("busy", script("exec sleep 60")));
        assertThat(failure.code()).isEqualTo(ErrorCode.WORKER_ALREADY_RUNNING);
        assertThat(node.info("busy").status()).isEqualTo(WorkerState.STARTED);
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
    void aNodeShutsDownInOrderAndRefusesNewStarts() {
        node.start("a", script("exec sleep 60"));
        node.start("b", script("exit 1", "restart.policy", "always", "restart.delay", "10s"));
        assertThat(node.shutdown()).isZero();
        assertThat(failure(() -> node.start("c", script("true"))).code()).isEqualTo(ErrorCode.NODE_SHUTTING_DOWN);
        assertThat(node.controller.getEvents()).extracting(TestNode::step).contains("SHUTDOWN");
        assertThat(node.controller.getWorkers(List.of())).isEmpty();
    }
}
