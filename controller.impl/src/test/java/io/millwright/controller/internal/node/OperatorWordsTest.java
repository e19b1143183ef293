package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.CallerKind;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.ScaleOptions;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator said of a configured worker holds in the node's next lives. */
@Tag("long")
class OperatorWordsTest {
    private static final WorkerId W = id("w");

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

    private static Map<String, Object> sleeps(Object... keysAndValues) {
        return script("exec sleep 60", keysAndValues);
    }

    private void configure(Map<String, Object> options) {
        configure("w", options);
    }

    private void configure(String worker, Map<String, Object> options) {
        node.node.configure(new Configured(
                "io.millwright.worker.guest~" + worker, "node.json", WorkerSpec.of(id(worker), "guest", options)));
    }

    /** Another life of the node, in which the configurations come again. */
    private void restart(Map<String, Object> options) throws IOException {
        node.close();
        open();
        configure(options);
        configure("after", sleeps());
        node.awaitState("after", WorkerState.STARTED);
    }

    private void stop(StopOptions options, Caller caller) {
        get(node.controller.stopWorker(W, options, caller));
    }

    /** The kind: who said it, how, and what was said since. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "stopped",
                "killed",
                "stopped by a client",
                "stopped with others",
                "for now only",
                "by a trigger",
                "and started",
                "and restarted",
                "and its configuration deleted",
                "and disabled and enabled",
                "nothing",
            })
    void aStopHoldsUntilAnotherWord(String said) throws IOException {
        configure(sleeps());
        node.awaitState("w", WorkerState.STARTED);
        boolean rests = List.of("stopped", "killed", "stopped by a client", "stopped with others")
                .contains(said);
        switch (said) {
            case "nothing" -> assertThat(node.info("w").pid()).isPositive();
            case "killed" -> stop(StopOptions.KILL, ME);
            case "stopped by a client" -> stop(StopOptions.GRACEFUL, Caller.of(CallerKind.REMOTE, "ci"));
            case "stopped with others" ->
                get(node.controller.stopWorkers(WorkerSelector.ALL, StopOptions.GRACEFUL, ME));
            case "for now only" -> stop(StopOptions.GRACEFUL.withOnce(true), ME);
            case "by a trigger" -> stop(StopOptions.GRACEFUL, Caller.of(CallerKind.TRIGGER, "t"));
            default -> stop(StopOptions.GRACEFUL, ME);
        }
        switch (said) {
            case "and started" -> get(node.controller.startWorkers(WorkerSelector.of("w"), ME));
            case "and restarted" -> get(node.controller.restartWorker(W, ME));
            case "and its configuration deleted" -> node.node.unconfigure("io.millwright.worker.guest~w");
            case "and disabled and enabled" -> {
                configure(sleeps("disabled", true));
                await().until(() -> "disabled".equals(node.info("w").reason()));
            }
            default -> assertThat(node.info("w").status().isLive()).isEqualTo(said.equals("nothing"));
        }
        restart(sleeps());
        if (!rests) {
            node.awaitState("w", WorkerState.STARTED);
            return;
        }
        assertThat(node.info("w").status()).isEqualTo(WorkerState.INACTIVE);
        assertThat(node.info("w").reason()).startsWith("stopped by ").contains("until it is started");
        restart(sleeps("log.ring", 5));
        assertThat(node.info("w").status()).as("in the third life, changed").isEqualTo(WorkerState.INACTIVE);
        configure(sleeps("log.ring", 6));
        await().until(() -> "6".equals(String.valueOf(node.info("w").options().get("log.ring"))));
        assertThat(node.info("w").status()).as("takes changes and rests").isEqualTo(WorkerState.INACTIVE);
        get(node.controller.startWorkers(WorkerSelector.of("w"), ME));
        restart(sleeps());
        node.awaitState("w", WorkerState.STARTED);
    }

    @Test
    void aWorkerThatRequiresOneThatRestsWaitsAndComesWithIt() throws IOException {
        configure(sleeps());
        node.awaitState("w", WorkerState.STARTED);
        stop(StopOptions.GRACEFUL, ME);
        restart(sleeps());
        configure("needs", sleeps("requires", List.of("w")));
        node.awaitState("needs", WorkerState.BACKOFF);
        assertThat(node.info("needs").why().toString()).contains("w: inactive: stopped by shell:test");
        assertThat(node.info("w").status()).isEqualTo(WorkerState.INACTIVE);
        get(node.controller.startWorkers(WorkerSelector.of("w"), ME));
        node.awaitState("needs", WorkerState.STARTED);
    }

    /** An operator who starts a worker means what it requires, too. */
    @Test
    void whatAnOperatorStartsBringsAlongWhatRests() throws IOException {
        configure(sleeps());
        configure("needs", sleeps("requires", List.of("w")));
        node.awaitState("needs", WorkerState.STARTED);
        get(node.controller.stopWorkers(WorkerSelector.of("w", "needs"), StopOptions.GRACEFUL, ME));
        restart(sleeps());
        configure("needs", sleeps("requires", List.of("w")));
        await().until(() -> node.info("needs").reason() != null);
        assertThat(node.info("needs").status()).isEqualTo(WorkerState.INACTIVE);
        get(node.controller.startWorkers(WorkerSelector.of("needs"), ME));
        node.awaitState("w", WorkerState.STARTED);
        restart(sleeps());
        node.awaitState("w", WorkerState.STARTED);
    }

    @Test
    void aBrokenFileIsSetAsideAndNamed() throws IOException {
        node.close();
        Path file = node.directory.resolve("state/operators.json");
        Files.writeString(file, "{\"version\": 1, \"stopped\": {\"x\": {}}}");
        open();
        assertThat(file).doesNotExist();
        assertThat(file.resolveSibling("operators.json.broken")).exists();
        assertThat(node.controller.doctor().toString()).contains("operators.json.broken");
    }

    private int instances() {
        return (int) node.controller.listWorkers(NodeController.Scope.LIVE).stream()
                .filter(one -> "w".equals(one.group()) && !one.isGroup())
                .count();
    }

    private void scale(int count, boolean once, Caller caller) {
        get(node.controller.scaleWorker(W, ScaleOptions.of(count).withOnce(once), caller));
    }

    /** The kind: a number of instances that is not the configuration's, and what becomes of it in the node's next life. */
    @ParameterizedTest
    @CsvSource({
        "scaled, 4, 4",
        "scaled down, 1, 1",
        "scaled by a client, 4, 4",
        "for now only, 4, 2",
        "by a trigger, 4, 2",
        "and for now only back, 2, 2",
        "and to the number of the configuration, 2, 2",
        "and the configuration says another number, 3, 3",
        "and the configuration says another number later, 4, 3",
        "and the configuration is changed in something else, 4, 4",
        "and deleted, 0, 2",
        "and refused, 4, 4"
    })
    void anotherNumberOfInstancesHoldsUntilTheConfigurationSaysOne(String said, int now, int later) throws IOException {
        configure(sleeps("instances", 2L));
        await().until(() -> instances() == 2);
        switch (said) {
            case "scaled down" -> scale(1, false, ME);
            case "scaled by a client" -> scale(4, false, Caller.of(CallerKind.REMOTE, "ci"));
            case "for now only" -> scale(4, true, ME);
            case "by a trigger" -> scale(4, false, Caller.of(CallerKind.TRIGGER, "t"));
            default -> scale(4, false, ME);
        }
        Map<String, Object> options = sleeps("instances", 2L);
        switch (said) {
            case "and for now only back" -> scale(2, true, ME);
            case "and to the number of the configuration" -> scale(2, false, ME);
            case "and the configuration says another number" -> {
                options = sleeps("instances", 3L);
                configure(options);
            }
            case "and the configuration says another number later" -> options = sleeps("instances", 3L);
            case "and the configuration is changed in something else" -> {
                options = sleeps("instances", 2L, "restart.policy", "always");
                configure(options);
            }
            case "and deleted" -> node.node.unconfigure("io.millwright.worker.guest~w");
            case "and refused" -> {
                node.start("w-5", sleeps());
                assertThatThrownBy(() -> scale(5, false, ME)).isInstanceOf(NodeException.class);
                get(node.controller.stopWorker(id("w-5"), StopOptions.KILL, ME));
            }
            default -> assertThat(instances()).isEqualTo(now);
        }
        await().until(() -> instances() == now);
        restart(options);
        await().until(() -> instances() == later);
        String word = node.info("w").operatorWord();
        if (later == 2 || later == 3) {
            assertThat(word).isNull();
        } else {
            assertThat(word)
                    .startsWith(later + " instances in place of 2, asked by ")
                    .endsWith(", which holds until the configuration says another number");
        }
    }

    @Test
    void aWorkerThatRestsByAWordSaysSo() throws IOException {
        configure(sleeps());
        node.awaitState("w", WorkerState.STARTED);
        assertThat(node.info("w").operatorWord()).isNull();
        stop(StopOptions.GRACEFUL, ME);
        assertThat(node.info("w").operatorWord()).startsWith("stopped by shell:test on ");
        restart(sleeps());
        assertThat(node.info("w").operatorWord()).startsWith("stopped by shell:test on ");
        get(node.controller.startWorkers(WorkerSelector.of("w"), ME));
        assertThat(node.info("w").operatorWord()).isNull();
    }
}
