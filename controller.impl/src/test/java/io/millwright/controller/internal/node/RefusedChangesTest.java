package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.RestartOptions;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A changed configuration that could not be taken, as its program was not there: it is what is wanted, and is tried again when a person asks. */
class RefusedChangesTest extends NodeFixture {
    @TempDir
    Path programs;

    private Path program;

    @BeforeEach
    void name() {
        program = programs.resolve("program");
    }

    private void configure(Map<String, Object> options) {
        node.node.configure(
                new Configured("io.millwright.worker.guest~w", "node.json", WorkerSpec.of(id("w"), "guest", options)));
    }

    private Map<String, Object> changed(Object... keysAndValues) {
        Map<String, Object> options = new LinkedHashMap<>(Map.of("executable", program.toString()));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            options.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return options;
    }

    private void deploy() throws IOException {
        Files.writeString(program, "#!/bin/sh\nexec sleep 61\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }

    private void refused() {
        configure(script("exec sleep 60"));
        node.awaitState("w", WorkerState.STARTED);
        configure(changed());
        await().until(() -> node.info("w").reason() != null);
        assertThat(node.info("w").reason())
                .contains("its changed configuration was refused")
                .contains("does not exist");
    }

    private String runs() {
        return String.valueOf(node.info("w").options().get("executable"));
    }

    private void again(String how) {
        switch (how) {
            case "restarted" -> get(node.controller.restartWorker(id("w"), ME));
            case "restarted with others" ->
                get(node.controller.restartWorkers(WorkerSelector.ALL, RestartOptions.ALL_AT_ONCE, ME));
            case "stopped and started" -> {
                get(node.controller.stopWorker(id("w"), StopOptions.GRACEFUL, ME));
                get(node.controller.startWorkers(WorkerSelector.of("w"), ME));
            }
            default -> {
                get(node.controller.stopWorker(id("w"), StopOptions.GRACEFUL, ME));
                get(node.controller.restartWorker(id("w"), ME));
            }
        }
        node.awaitState("w", WorkerState.STARTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"restarted", "restarted with others", "stopped and started", "stopped and restarted"})
    void whatCanStartNowIsTakenWhenAPersonAsks(String how) throws IOException {
        refused();
        deploy();
        again(how);
        assertThat(runs()).isEqualTo(program.toString());
        assertThat(node.info("w").reason()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"restarted", "restarted with others", "stopped and started", "stopped and restarted"})
    void whatStillCannotStartTakesNothingAway(String how) {
        refused();
        long pid = Objects.requireNonNull(node.info("w").pid());
        again(how);
        assertThat(node.info("w").pid()).isNotEqualTo(pid);
        assertThat(runs()).isEqualTo("/bin/sh");
        assertThat(node.info("w").reason()).contains("its changed configuration was refused");
    }

    /** Nothing that runs has to be spared any more. */
    @Test
    void aWorkerThatHasEndedForGoodIsAsItsConfigurationAsks() throws IOException {
        configure(script("exec sleep 60", "restart.policy", "never"));
        node.awaitState("w", WorkerState.STARTED);
        configure(changed("restart.policy", "never"));
        await().until(() -> node.info("w").reason() != null);
        get(node.controller.signalWorker(id("w"), Signal.KILL, ME));
        node.awaitState("w", WorkerState.EXITED);
        await().until(() -> runs().equals(program.toString()));
        deploy();
        get(node.controller.startWorkers(WorkerSelector.of("w"), ME));
        assertThat(runs()).isEqualTo(program.toString());
    }

    @Test
    void aWorkerThatWaitsForItsRestartIsNotSaidToRun() {
        configure(script("exit 3", "restart.policy", "always", "restart.delay", "1m", "restart.max", "1m"));
        node.awaitState("w", WorkerState.BACKOFF);
        configure(changed("restart.policy", "always", "restart.delay", "1m", "restart.max", "1m"));
        await().until(() -> String.valueOf(node.info("w").reason()).contains("refused"));
        assertThat(node.info("w").reason()).doesNotContain("keeps running").contains("goes on as it was");
    }

    /** A corrected mistake is not said any more, in whatever state the worker is. */
    @Test
    void aWorkerThatIsEndingDoesNotSayWhatIsCorrected() {
        configure(script("trap '' TERM; while :; do sleep 0.1; done", "stop.timeout", "1h"));
        node.awaitState("w", WorkerState.STARTED);
        configure(script("exec sleep 62", "stop.timeout", "1h"));
        node.awaitState("w", WorkerState.STOPPING);
        configure(script("exec sleep 62", "nonsense", 1));
        await().until(() -> String.valueOf(node.info("w").reason()).contains("nonsense"));
        configure(script("exec sleep 63", "stop.timeout", "1h"));
        await().until(() -> !String.valueOf(node.info("w").reason()).contains("nonsense"));
        assertThat(node.info("w").status()).isEqualTo(WorkerState.STOPPING);
        get(node.controller.stopWorker(id("w"), StopOptions.KILL, ME));
    }

    @Test
    void aWorkerThatNeverRanSaysTheNewestMistakeAlone() {
        configure(script("exec sleep 60", "nonsense", 1));
        await().until(() -> !node.controller.listWorkers(Scope.ALL).isEmpty());
        assertThat(node.info("w").reason()).contains("nonsense");
        configure(script("exec sleep 60", "rubbish", 1));
        await().until(() -> String.valueOf(node.info("w").reason()).contains("rubbish"));
        assertThat(node.info("w").reason()).doesNotContain("nonsense");
        configure(script("exec sleep 60"));
        node.awaitState("w", WorkerState.STARTED);
        assertThat(node.info("w").why()).isEqualTo(List.of());
    }
}
