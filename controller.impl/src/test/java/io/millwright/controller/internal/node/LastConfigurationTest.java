package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerState;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/**
 * A configuration changes while something of its worker is planned, under way or at its end: the last word wins, be it the
 * configuration's or a caller's.
 */
class LastConfigurationTest extends HeldPlansFixture {
    @Test
    void enabledAgainWhileItStopsItComesBack() throws IOException {
        configure("w", slow());
        long pid = started("w");
        node.awaitLog("w", "up");
        configure("w", slow("disabled", true));
        node.awaitState("w", WorkerState.STOPPING);
        configure("w", slow());
        flushLoop();
        Files.createFile(temp.resolve("go"));
        awaitOther("w", pid);
    }

    /** Kind: a configuration that enables its worker overrules an operator's stop, whatever the worker is doing then. */
    @Test
    void enabledWhileAnOperatorsStopIsUnderWayTheStopHoldsNoLonger() throws IOException {
        configure("w", slow("disabled", true));
        await().until(() -> "disabled".equals(node.info("w").reason()));
        long pid = get(node.controller.restartWorker(id("w"), ME)).pid();
        node.awaitLog("w", "up");
        CompletionStage<StopResult> stop = node.controller.stopWorker(id("w"), StopOptions.GRACEFUL, ME);
        node.awaitState("w", WorkerState.STOPPING);
        configure("w", slow());
        flushLoop();
        Files.createFile(temp.resolve("go"));
        get(stop);
        awaitOther("w", pid);
        assertThat(node.node.core.words.of(PID)).isNull();
    }

    @Test
    void disabledAgainAfterThatItRests() throws IOException {
        configure("w", slow());
        started("w");
        node.awaitLog("w", "up");
        for (int i = 0; i < 2; i++) {
            configure("w", slow("disabled", true));
            node.awaitState("w", WorkerState.STOPPING);
            flushLoop();
            configure("w", slow());
            flushLoop();
        }
        configure("w", slow("disabled", true));
        flushLoop();
        Files.createFile(temp.resolve("go"));
        node.awaitState("w", WorkerState.INACTIVE);
        flushLoop();
        assertThat(node.info("w").status()).isEqualTo(WorkerState.INACTIVE);
    }

    @Test
    void whatAnOperatorStopsRestsThoughItsConfigurationChangesMeanwhile() throws IOException {
        configure("w", slow());
        started("w");
        node.awaitLog("w", "up");
        CompletionStage<?> stop = node.controller.stopWorker(id("w"), StopOptions.GRACEFUL, ME);
        node.awaitState("w", WorkerState.STOPPING);
        configure("w", slow("log.ring", 7));
        flushLoop();
        Files.createFile(temp.resolve("go"));
        get(stop);
        node.awaitState("w", WorkerState.INACTIVE);
        assertThat(node.info("w").options().get("log.ring")).hasToString("7");
    }

    @Test
    void aConfigurationDeletedWhileItsChangeIsPlannedStaysDeleted() {
        configure("w", script("exec sleep 60"));
        started("w");
        hold();
        configure("w", script("exec sleep 61"));
        awaitPlanning();
        node.node.unconfigure(PID);
        letGo();
        node.awaitState("w", WorkerState.EXITED);
        flushLoop();
        assertThat(node.info("w").status()).isEqualTo(WorkerState.EXITED);
    }

    @Test
    void aChangeTakenBackWhileItIsPlannedRestartsNothing() {
        configure("w", script("exec sleep 60"));
        long pid = started("w");
        hold();
        configure("w", script("exec sleep 61"));
        awaitPlanning();
        configure("w", script("exec sleep 60"));
        flushLoop();
        await().until(() -> node.node.core.registry.get(id("w")).definition.changing == null);
        letGo();
        flushLoop();
        assertThat(node.info("w").pid()).isEqualTo(pid);
        assertThat(node.info("w").options().get("arguments")).hasToString("[-c, exec sleep 60]");
    }

    @Test
    void aRestartByHandTakesAChangeThatIsBeingPlanned() {
        configure("w", script("exec sleep 60"));
        long pid = started("w");
        hold();
        configure("w", script("exec sleep 61"));
        awaitPlanning();
        CompletionStage<StartResult> restart = node.controller.restartWorker(id("w"), ME);
        flushLoop();
        letGo();
        assertThat(get(restart).pid()).isNotEqualTo(pid);
        assertThat(node.info("w").options().get("arguments")).hasToString("[-c, exec sleep 61]");
    }

    /** Kind: a restart that goes with a change is not lost with it: what is refused was the change, and the worker restarts as it is. */
    @Test
    void aRestartByHandWhileAChangeIsPlannedThatIsRefusedRestartsItAsItWas() {
        configure("w", script("exec sleep 60"));
        long pid = started("w");
        hold();
        configure("w", Map.of("executable", "/no/such/program"));
        awaitPlanning();
        CompletionStage<StartResult> restart = node.controller.restartWorker(id("w"), ME);
        flushLoop();
        letGo();
        assertThat(get(restart).pid()).isNotEqualTo(pid);
        assertThat(node.info("w").options().get("arguments")).hasToString("[-c, exec sleep 60]");
    }

    /** Kind: a restart that goes with a change goes with its end too: a later stop has the last word on both. */
    @Test
    void aStopAfterARestartThatGoesWithAChangeIsTheLastWord() {
        configure("w", script("exec sleep 60"));
        started("w");
        hold();
        configure("w", Map.of("executable", "/no/such/program"));
        awaitPlanning();
        CompletionStage<StartResult> restart = node.controller.restartWorker(id("w"), ME);
        flushLoop();
        node.stop("w");
        letGo();
        assertThat(failure(restart).code()).isEqualTo(ErrorCode.CANNOT_START);
        flushLoop();
        assertThat(node.info("w").status().isLive()).isFalse();
    }

    /** Kind: a restart that replaces the one under way for a changed configuration starts what that says, not what ran before. */
    @Test
    void aRestartByHandWhileItStopsForAChangeStartsWhatTheConfigurationSays() throws IOException {
        configure("w", slow("env.vars.V", "1"));
        long pid = started("w");
        node.awaitLog("w", "up");
        configure("w", slow("env.vars.V", "2"));
        node.awaitState("w", WorkerState.STOPPING);
        CompletionStage<StartResult> byHand = node.controller.restartWorker(id("w"), ME);
        flushLoop();
        Files.createFile(temp.resolve("go"));
        assertThat(get(byHand).pid()).isNotEqualTo(pid);
        assertThat(node.info("w").options()).containsEntry("env.vars.V", "2");
    }

    @Test
    void aChangeThatIsPlannedIsTakenThoughTheWorkerEndsAndIsStartedMeanwhile() {
        configure("w", script("exec sleep 60"));
        long pid = started("w");
        hold();
        configure("w", script("exec sleep 61"));
        awaitPlanning();
        endsByItself("w");
        await().until(() -> gate.getQueueLength() == 1);
        CompletionStage<StartResult> start = node.controller.restartWorker(id("w"), ME);
        await().until(() -> gate.getQueueLength() == 2);
        gate.release();
        await().until(() -> node.node.core.registry.get(id("w")).definition.changing == null);
        letGo();
        assertThat(get(start).pid()).isNotEqualTo(pid);
        await().until(() -> "[-c, exec sleep 61]"
                .equals(String.valueOf(node.info("w").options().get("arguments"))));
        started("w");
    }

    /** Kind: of two changes on their way the later is what starts, though the worker has ended by itself between them. */
    @Test
    void ofTwoChangesOfAWorkerThatEndsBetweenThemTheLaterStarts() {
        configure("w", script("exec sleep 60"));
        long pid = started("w");
        hold();
        configure("w", script("exec sleep 61"));
        awaitPlanning();
        endsByItself("w");
        configure("w", script("exec sleep 62"));
        flushLoop();
        letGo();
        awaitOther("w", pid);
        flushLoop();
        started("w");
        assertThat(node.info("w").options().get("arguments")).hasToString("[-c, exec sleep 62]");
    }

    @Test
    void aConfigurationThatChangesWhileItsStartIsCheckedStartsAsItSaysNow() {
        hold();
        configure("w", script("exec sleep 60"));
        awaitPlanning();
        configure("w", script("exec sleep 61"));
        flushLoop();
        await().until(() -> node.node
                .core
                .registry
                .get(id("w"))
                .definition
                .spec
                .options()
                .toString()
                .contains("61"));
        letGo();
        started("w");
        assertThat(node.info("w").options().get("arguments")).hasToString("[-c, exec sleep 61]");
    }

    @Test
    void aConfigurationThatIsOfAnotherWorkerNowGivesTheFirstOneUp() {
        configure("w", script("exec sleep 60"));
        started("w");
        configure("other", script("exec sleep 60"));
        started("other");
        node.awaitState("w", WorkerState.EXITED);
        node.node.unconfigure(PID);
        node.awaitState("other", WorkerState.EXITED);
    }

    @Test
    void aChangeThatComesWhileTheTypeIsAwayIsTakenWhenItIsBack() {
        configure("w", script("exec sleep 60"));
        long pid = started("w");
        node.node.types().remove("guest", 2);
        configure("w", script("exec sleep 61"));
        await().until(() -> node.info("w").reason() != null);
        assertThat(node.info("w").reason()).contains("waits for the worker type 'guest'");
        assertThat(node.info("w").pid()).isEqualTo(pid);
        assertThat(node.info("w").options().get("arguments")).hasToString("[-c, exec sleep 60]");
        node.node.types().add(TestNode.guest(3, new TestNode.Guest()));
        awaitOther("w", pid);
        assertThat(node.info("w").options().get("arguments")).hasToString("[-c, exec sleep 61]");
    }
}
