package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.CallerKind;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator said of a configured worker holds in the node's next lives. */
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
}
