package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.CallerKind;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeController.InputEnd;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.worker.Follow;
import io.millwright.controller.internal.worker.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An operation that waits for a plan comes back into the loop, and another one has come meanwhile: the last word wins, and each
 * caller has an answer. The type here holds its plans back until a test lets them go.
 */
class LastWordTest {
    private static final String PID = "io.millwright.worker.guest~w";
    private static final Caller OTHER = Caller.shell("other");

    @TempDir
    Path temp;

    private final Semaphore gate = new Semaphore(0, true);
    private final Semaphore planning = new Semaphore(0);
    private volatile boolean held;
    private TestNode node;

    private final class Held extends TestNode.Guest {
        @Override
        public LaunchPlan plan(PlanRequest request) {
            if (held) {
                planning.release();
                gate.acquireUninterruptibly();
            }
            return super.plan(request);
        }
    }

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("node"));
        node.node.types().remove("guest", 1);
        node.node.types().add(TestNode.guest(2, new Held()));
        await().until(() -> node.node.types().serving("guest").isPresent());
    }

    @AfterEach
    void close() {
        letGo();
        node.close();
    }

    private void hold() {
        held = true;
    }

    private void letGo() {
        held = false;
        gate.release(1000);
    }

    private void configure(String id, Map<String, Object> options) {
        node.node.configure(new Configured(PID, "node.json", WorkerSpec.of(id(id), "guest", options)));
    }

    private long started(String id) {
        Long pid = node.awaitState(id, WorkerState.STARTED).pid();
        assertThat(pid).isNotNull();
        return pid;
    }

    private void awaitOther(String id, long pid) {
        await().until(() -> node.info(id).status() == WorkerState.STARTED
                && node.info(id).pid() != null
                && node.info(id).pid() != pid);
    }

    private void awaitPlanning() {
        planning.acquireUninterruptibly();
    }

    /** Each task of the loop may make another; ten rounds are more than any chain here has. */
    private void flushLoop() {
        for (int i = 0; i < 10; i++) {
            CompletableFuture<Boolean> done = new CompletableFuture<>();
            node.node.core.loop.execute(() -> done.complete(true));
            get(done);
        }
    }

    private static NodeException failure(CompletionStage<?> stage) {
        try {
            get(stage);
        } catch (NodeException e) {
            return e;
        }
        throw new AssertionError("it did not fail");
    }

    /** Ends at TERM, once a file is there. */
    private Map<String, Object> slow(Object... keysAndValues) {
        return script(
                "trap 'until [ -e " + temp.resolve("go") + " ]; do sleep 0.02; done; exit 0' TERM; echo up; "
                        + "while :; do sleep 0.02; done",
                keysAndValues);
    }

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
    void aStopOvertakesARestartThatIsPlanned() {
        node.start("w", script("exec sleep 60"));
        hold();
        CompletionStage<StartResult> restart = node.controller.restartWorker(id("w"), ME);
        awaitPlanning();
        assertThat(node.stop("w").exit().signal()).isEqualTo("TERM");
        letGo();
        NodeException overtaken = failure(restart);
        assertThat(overtaken.code()).isEqualTo(ErrorCode.CANNOT_START);
        assertThat(overtaken).hasMessageContaining("overtaken").hasMessageContaining("stopped by");
        flushLoop();
        assertThat(node.info("w").status()).isEqualTo(WorkerState.EXITED);
    }

    /** A stop that is answered by an error is no word of an operator's: what the configuration says next is done. */
    @Test
    void aStopOfAStartThatIsRefusedHoldsNothingBack() {
        Caller operator = Caller.of(CallerKind.SHELL, "root");
        hold();
        configure("w", Map.of("executable", "/no/such/program"));
        awaitPlanning();
        CompletionStage<StopResult> stop = node.controller.stopWorker(id("w"), StopOptions.GRACEFUL, operator);
        flushLoop();
        letGo();
        assertThat(failure(stop).code()).isEqualTo(ErrorCode.WORKER_NOT_RUNNING);
        configure("w", script("exec sleep 60"));
        started("w");
    }

    @Test
    void ofTwoRestartsThatArePlannedTheLaterCounts() {
        long pid = node.start("w", script("exec sleep 60")).pid();
        hold();
        CompletionStage<StartResult> first = node.controller.restartWorker(id("w"), ME);
        awaitPlanning();
        CompletionStage<StartResult> second = node.controller.restartWorker(id("w"), ME);
        awaitPlanning();
        letGo();
        assertThat(get(second).pid()).isNotEqualTo(pid);
        assertThat(failure(first)).hasMessageContaining("overtaken");
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
    void aRestartThatIsPlannedDoesNotStartWhatItRequiresAndAnOperatorHasStoppedSince() {
        node.start("w", script("exec sleep 60"));
        node.start("v", script("exec sleep 60", "requires", List.of("w")));
        hold();
        CompletionStage<StartResult> restart = node.controller.restartWorker(id("v"), ME);
        awaitPlanning();
        endsByItself("v");
        node.stop("w");
        letGo();
        assertThat(failure(restart)).hasMessageContaining("needs w");
        flushLoop();
        assertThat(node.info("w").status()).isEqualTo(WorkerState.EXITED);
    }

    /** Kind: a second stop of what is being checked is a word of its own; what was asked for between the two is older than it. */
    @Test
    void aStartBetweenTwoStopsOfWhatItRequiresDoesNotStartThat() {
        configure("w", script("exec sleep 60"));
        started("w");
        get(node.controller.stopWorker(id("w"), StopOptions.GRACEFUL, ME));
        hold();
        CompletionStage<StartResult> start = node.controller.restartWorker(id("w"), ME);
        awaitPlanning();
        CompletionStage<StopResult> first =
                node.controller.stopWorker(id("w"), StopOptions.GRACEFUL.withOnce(true), ME);
        flushLoop();
        CompletionStage<StartResult> other = node.controller.startWorker(
                WorkerSpec.of(id("v"), "guest", script("exec sleep 60", "requires", List.of("w"))), ME);
        awaitPlanning();
        CompletionStage<StopResult> second = node.controller.stopWorker(id("w"), StopOptions.GRACEFUL, OTHER);
        flushLoop();
        // The checks are answered in their order: first that of w, which the stops make void.
        gate.release();
        assertThat(failure(start)).isNotNull();
        get(first);
        get(second);
        letGo();
        assertThat(failure(other)).hasMessageContaining("needs w");
        flushLoop();
        assertThat(node.info("w").status().isLive()).isFalse();
        assertThat(node.node.core.words.of(PID))
                .as("the second stop is not for now only")
                .isNotNull();
    }

    private void endsByItself(String id) {
        get(node.controller.signalWorker(id(id), Signal.KILL, ME));
        await().until(() -> !node.info(id).status().isLive());
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

    @Test
    void aRestartWhileTheTypeIsAwayEndsNoGoodProcess() {
        long pid = node.start("w", script("exec sleep 60")).pid();
        node.node.types().remove("guest", 2);
        NodeException refused = failure(node.controller.restartWorker(id("w"), ME));
        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_WORKER_TYPE);
        assertThat(refused).hasMessageContaining("keeps running").hasMessageContaining("guest");
        flushLoop();
        assertThat(node.info("w").pid()).isEqualTo(pid);
        assertThat(node.info("w").status()).isEqualTo(WorkerState.STARTED);
    }

    @Test
    void aPauseBeforeAStartThatWasAskedForCountsAsNoRestart() {
        long pid = node.start("w", script("exec sleep 60", "restart.policy", "always"))
                .pid();
        CompletableFuture<StartResult> result = new CompletableFuture<>();
        node.node.core.loop.execute(() -> {
            Worker worker = node.node.core.registry.get(id("w"));
            node.node.core.stopper.stopAndFollow(
                    worker, new Follow(worker.definition.spec, ME, result, Duration.ofMillis(1)));
        });
        assertThat(get(result).pid()).isNotEqualTo(pid);
        assertThat(node.info("w").restarts()).isZero();
    }

    @Test
    void aRestartThatIsDelayedComes() {
        node.start("w", script("exit 3", "restart.policy", "always", "restart.delay", "10ms"));
        await().until(() -> node.info("w").restarts() >= 3);
        node.stop("w");
    }

    @Test
    void aStopDuringThatPauseAnswersTheOneThatWaitsForTheStart() {
        node.start("w", script("exec sleep 60"));
        CompletableFuture<StartResult> result = new CompletableFuture<>();
        node.node.core.loop.execute(() -> {
            Worker worker = node.node.core.registry.get(id("w"));
            node.node.core.stopper.stopAndFollow(
                    worker, new Follow(worker.definition.spec, ME, result, Duration.ofHours(1)));
        });
        node.awaitState("w", WorkerState.BACKOFF);
        node.stop("w");
        assertThat(failure(result).code()).isEqualTo(ErrorCode.CANNOT_START);
        assertThat(node.info("w").status()).isEqualTo(WorkerState.EXITED);
    }

    @Test
    void aBootThatEndsAfterAShutdownBeganDoesNotSayReady() {
        node.shutdown();
        Boot late = new Boot(
                node.node.core.loop,
                node.node.core.configuredWorkers,
                node.node.core.dependencies,
                node.node.core.events,
                () -> false,
                cause -> {});
        node.node.core.loop.execute(() -> late.begin(List.of(), 0, false));
        flushLoop();
        assertThat(node.controller.getEvents())
                .extracting(TestNode::step)
                .endsWith("SHUTDOWN")
                .containsOnlyOnce("READY");
    }

    @Test
    void whateverIsThrownTheCallerHasAnAnswer() {
        CompletableFuture<Throwable> answer = new CompletableFuture<>();
        node.node.core.loop.execute(
                () -> {
                    throw new StackOverflowError("deep");
                },
                answer::complete);
        assertThat(get(answer)).isInstanceOf(NodeException.class).hasMessageContaining("StackOverflowError");
        assertThat(failure(node.controller.signalWorker(null, Signal.TERM, ME))).isNotNull();
        assertThat(failure(node.controller.stopWorker(null, StopOptions.GRACEFUL, ME)))
                .isNotNull();
        assertThat(failure(node.controller.restartWorker(null, ME))).isNotNull();
        assertThat(failure(node.controller.startWorker(null, ME, progress -> {})))
                .isNotNull();
        assertThat(failure(node.controller.writeInput(id("w"), null, InputEnd.CLOSE, ME)))
                .hasMessageContaining("data");
        assertThat(failure(node.controller.startWorkers(null, ME))).isNotNull();
        assertThat(failure(node.controller.stopWorkers(WorkerSelector.ALL, null, ME)))
                .isNotNull();
        assertThat(failure(node.controller.restartWorkers(WorkerSelector.ALL, null, ME)))
                .isNotNull();
    }

    /** Kind: several threads tell callers, and what comes first is told first, however long the caller takes for it. */
    @Test
    void aCallerHearsOfTheProgressOfAStartBeforeItsAnswer() {
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        Semaphore slow = new Semaphore(0);
        CompletionStage<StartResult> start =
                node.controller.startWorker(WorkerSpec.of(id("w"), "guest", script("exec sleep 60")), ME, progress -> {
                    slow.acquireUninterruptibly();
                    heard.add("progress");
                });
        CompletionStage<?> answer = start.thenRun(() -> heard.add("answer"));
        node.awaitState("w", WorkerState.STARTED);
        // Its answers are told by the same threads, after those of the first.
        node.start("other", script("exec sleep 60"));
        node.stop("other");
        slow.release();
        get(answer);
        assertThat(heard).containsExactly("progress", "answer");
    }

    @Test
    void anEventRaisedInsideAnotherComesAfterIt() {
        StringBuilder order = new StringBuilder();
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        node.node.core.loop.execute(() -> {
            node.node.core.supervisor.afterEvent(() -> {
                node.node.core.supervisor.afterEvent(() -> order.append("inner "));
                order.append("outer ");
                throw new IllegalStateException("a fault in an action takes no later event away");
            });
            done.complete(true);
        });
        get(done);
        assertThat(order).hasToString("outer inner ");
    }
}
