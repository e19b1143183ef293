package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.RestartOptions;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WaitReason;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Workers of a real node that a configuration asks for. */
class ConfiguredWorkerTest extends NodeFixture {
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

    /** What it waits for from now on is new: it waits. */
    @Test
    void aWorkerThatHasEndedWaitsForTheTimesThatItIsGiven() {
        configure("job", script("exit 0", "restart.policy", "never"));
        node.awaitState("job", WorkerState.EXITED);
        configure("job", script("exit 0", "schedule.cron", "0 0 1 1 *"));
        assertThat(node.awaitState("job", WorkerState.BACKOFF).waiting().reason())
                .isEqualTo(WaitReason.SCHEDULE);
    }

    @Test
    void aWorkerThatWasStoppedDoesNotWaitForTheTimesThatItIsGiven() {
        configure("job", script("exec sleep 60", "restart.policy", "never"));
        node.awaitState("job", WorkerState.STARTED);
        get(node.controller.stopWorker(id("job"), StopOptions.GRACEFUL.withOnce(true), ME));
        configure("job", script("exit 0", "schedule.cron", "0 0 1 1 *"));
        await().until(() -> node.info("job").options().containsKey("schedule.cron"));
        assertThat(node.info("job").status().isLive()).isFalse();
    }

    /** It runs by an operator's word; only a changed {@code disabled} is a word on that. */
    @Test
    void aDisabledWorkerThatAnOperatorHasStartedRunsOnThroughOtherChanges() {
        configure("off", script("exec sleep 60", "disabled", true));
        node.awaitState("off", WorkerState.INACTIVE);
        get(node.controller.startWorkers(WorkerSelector.of("off"), ME));
        long pid = node.awaitState("off", WorkerState.STARTED).pid();
        configure("off", script("exec sleep 60", "disabled", true, "log.ring", 7));
        await().until(() -> "7".equals(String.valueOf(node.info("off").options().get("log.ring"))));
        assertThat(node.info("off").pid()).isEqualTo(pid);
        configure("off", script("exec sleep 61", "disabled", true));
        await().until(() -> node.info("off").status() == WorkerState.STARTED
                && !Long.valueOf(pid).equals(node.info("off").pid()));
        configure("off", script("exec sleep 61"));
        await().until(() -> Boolean.FALSE.equals(node.info("off").options().get("disabled")));
        configure("off", script("exec sleep 61", "disabled", true));
        node.awaitState("off", WorkerState.INACTIVE);
    }

    /** Nobody asks for it any more; by its id it starts. */
    @Test
    void aStartOfAllLeavesOutWhoseConfigurationIsDeleted() {
        configure("old", script("exec sleep 60"));
        node.awaitState("old", WorkerState.STARTED);
        node.node.unconfigure("io.millwright.worker.guest~old");
        node.awaitState("old", WorkerState.EXITED);
        assertThat(get(node.controller.startWorkers(WorkerSelector.ALL, ME))).isEmpty();
        assertThat(get(node.controller.startWorkers(WorkerSelector.of("old"), ME)))
                .hasSize(1);
        node.awaitState("old", WorkerState.STARTED);
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
