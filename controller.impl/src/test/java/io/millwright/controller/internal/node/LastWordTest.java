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
import io.millwright.controller.internal.worker.Follow;
import io.millwright.controller.internal.worker.Worker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An operation that waits for a plan comes back into the loop, and another one has come meanwhile: the last word wins, and each
 * caller has an answer. The type here holds its plans back until a test lets them go.
 */
class LastWordTest extends HeldPlansFixture {
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

    /** Also where the stop is still under way: the restart has the last word, in the node's next lives too. */
    @Test
    void aRestartWhileAnOperatorsStopIsUnderWayIsTheWordThatHolds() throws IOException {
        Caller operator = Caller.of(CallerKind.SHELL, "root");
        configure("w", slow());
        long pid = started("w");
        CompletionStage<StopResult> stop = node.controller.stopWorker(id("w"), StopOptions.GRACEFUL, operator);
        node.awaitState("w", WorkerState.STOPPING);
        CompletionStage<StartResult> restart = node.controller.restartWorker(id("w"), operator);
        flushLoop();
        Files.createFile(temp.resolve("go"));
        get(stop);
        assertThat(get(restart).pid()).isNotEqualTo(pid);
        flushLoop();
        assertThat(node.node.core.words.of(PID)).isNull();
        assertThat(node.info("w").why()).isEmpty();
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

    /** The group would have its instances, and there would be a worker of its own id, which no command reaches. */
    @Test
    void aGroupDoesNotTakeTheIdOfAWorkerThatIsBeingRestarted() {
        node.start("w", slow("ready.log", "up"));
        CompletionStage<StartResult> restart = node.controller.restartWorker(id("w"), ME);
        Worker worker = Objects.requireNonNull(node.node.core.registry.find(id("w")));
        await().until(() -> worker.state == WorkerState.STOPPING && worker.follow != null);
        configure("w", script("exec sleep 60", "instances", 2));
        flushLoop();
        endsSlowly();
        long pid = get(restart).pid();
        flushLoop();
        assertThat(node.info("w").pid()).isEqualTo(pid);
        assertThat(node.node.core.registry.groups.find(id("w"))).isNull();
    }

    /** Whether the worker has ended by then or not. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRestartThatIsPlannedFailsIfItsIdHasBecomeAGroups(boolean ended) {
        node.start("w", slow("ready.log", "up"));
        CompletionStage<StopResult> stop = node.controller.stopWorker(id("w"), StopOptions.GRACEFUL, ME);
        node.awaitState("w", WorkerState.STOPPING);
        hold();
        CompletionStage<StartResult> restart = node.controller.restartWorker(id("w"), ME);
        awaitPlanning();
        configure("w", script("exec sleep 60", "instances", 2));
        flushLoop();
        if (ended) {
            endsSlowly();
            get(stop);
        }
        letGo();
        assertThat(failure(restart)).hasMessageContaining("is a group of 2 instances");
        if (!ended) {
            endsSlowly();
            get(stop);
        }
        started("w-1");
        started("w-2");
    }

    /** The worker has not come up meanwhile, and a newer configuration has begun it anew: it waits for its type. */
    @Test
    void aRestartForAnEarlierConfigurationIsVoidOnceANewerOneHasBegunTheWorker() throws Exception {
        Path program = Files.copy(Path.of("/bin/true"), temp.resolve("program"));
        CountDownLatch spawn = new CountDownLatch(1);
        for (int i = 0; i < 2; i++) {
            node.node.parts.threads.spawners.execute(() -> awaitUninterruptibly(spawn));
        }
        configure("w", Map.of("executable", program.toString()));
        node.awaitState("w", WorkerState.STARTING);
        Files.delete(program);
        hold();
        configure("w", script("exec sleep 61"));
        awaitPlanning();
        spawn.countDown();
        node.awaitState("w", WorkerState.FAILED);
        node.node.types().remove("guest", 2);
        configure("w", script("exec sleep 62"));
        node.awaitState("w", WorkerState.BACKOFF);
        letGo();
        await().until(this::planningEnded);
        flushLoop();
        node.node.types().add(TestNode.guest(3, new TestNode.Guest()));
        started("w");
        assertThat(node.info("w").options().get("arguments")).isEqualTo(List.of("-c", "exec sleep 62"));
    }

    /** The newest one asks for what runs, and nobody can read its options now. */
    @Test
    void aRestartForAConfigurationIsVoidOnceItIsTakenBackWhileTheTypeIsAway() {
        configure("w", script("exec sleep 60"));
        long pid = started("w");
        hold();
        configure("w", script("exec sleep 61"));
        awaitPlanning();
        node.node.types().remove("guest", 2);
        configure("w", script("exec sleep 60"));
        flushLoop();
        letGo();
        await().until(this::planningEnded);
        flushLoop();
        node.node.types().add(TestNode.guest(3, new TestNode.Guest()));
        flushLoop();
        assertThat(started("w")).isEqualTo(pid);
        assertThat(node.info("w").options().get("arguments")).isEqualTo(List.of("-c", "exec sleep 60"));
    }

    /** The configuration that enables it was there before the stop, though it is taken after it. */
    @Test
    void aStopIsNotUndoneByAnEarlierConfigurationThatWaitedForTheType() {
        configure("w", script("exec sleep 60", "disabled", true));
        await().ignoreExceptionsInstanceOf(NodeException.class)
                .until(() -> "disabled".equals(node.info("w").reason()));
        get(node.controller.restartWorker(id("w"), ME));
        node.node.types().remove("guest", 2);
        configure("w", script("exec sleep 61"));
        await().until(() -> String.valueOf(node.info("w").reason()).contains("waits for the worker type"));
        node.stop("w");
        node.node.types().add(TestNode.guest(3, new TestNode.Guest()));
        await().until(() -> node.info("w").options().get("arguments").equals(List.of("-c", "exec sleep 61")));
        flushLoop();
        assertThat(node.info("w").status().isLive()).isFalse();
    }

    private boolean planningEnded() {
        return !gate.hasQueuedThreads();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What {@link #slow} waits for. */
    private void endsSlowly() {
        try {
            Files.createFile(temp.resolve("go"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
