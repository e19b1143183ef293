package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.shutdown.ShutdownTrigger.Verdict;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.event.NodeLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kind: whatever the node does with a worker, a person who reads its log afterwards finds it there: what, when, why, asked
 * by whom. Each test lives a life and reads the log of it.
 */
class NodeLogTest {
    @TempDir
    Path temp;

    private final List<String> lines = new CopyOnWriteArrayList<>();

    private TestNode open() throws IOException {
        return new TestNode(temp, new NodeLog((level, text) -> lines.add(level + " " + text)));
    }

    /** The lines that name a worker, lengths of time and process ids left out. */
    private List<String> of(String worker) {
        return lines.stream()
                .filter(line -> line.contains("worker " + worker + ":"))
                .map(line -> line.replaceAll("pid \\d+", "pid N")
                        .replaceAll("\\d+ (ms|s)\\b", "T")
                        .replace("worker " + worker + ": ", "")
                        .replace(temp.toString(), "DIR"))
                .toList();
    }

    private static Configured configured(String id, Map<String, Object> options) {
        String pid = "io.millwright.worker.guest~" + id;
        return new Configured(
                pid, "config:" + pid, "/node/etc/" + id + ".cfg", WorkerSpec.of(id(id), "guest", options));
    }

    @Test
    void aLifeThatCrashesIsRestartedChangedAndStopped() throws IOException {
        try (TestNode node = open()) {
            Map<String, Object> options = script(
                    "test -e once || { touch once; exit 3; }; echo up; exec sleep 600", "restart.policy", "on-failure");
            node.node.configure(configured("web", options));
            node.awaitLog("web", "up");
            Map<String, Object> changed = new HashMap<>(options);
            changed.put("stop.timeout", "7s");
            node.node.configure(configured("web", changed));
            await().until(() -> of("web").toString().contains("in place"));
            node.stop("web");
            await().until(() -> of("web").toString().contains("requested"));
        }
        String asked = "asked by config:io.millwright.worker.guest~web";
        assertThat(of("web"))
                .containsExactly(
                        "INFO is configured by /node/etc/web.cfg",
                        "INFO starts, " + asked + ": /bin/sh",
                        "INFO started in T, pid N",
                        "WARNING ended (error) after T: exit code 3",
                        "INFO restarts at once (restart.policy on-failure)",
                        "INFO starts, " + asked + ", restart 1: /bin/sh",
                        "INFO started in T, pid N",
                        "INFO /node/etc/web.cfg changes [stop.timeout] in place",
                        "INFO ended (requested) after T: stopped by shell:test; ended by signal TERM");
    }

    @Test
    void oneThatEndsForGoodAndTheNodeGoesOn() throws IOException {
        try (TestNode node = open()) {
            Map<String, Object> options =
                    new HashMap<>(Map.of("executable", "sh", "arguments", List.of("-c", "exit 0")));
            node.start("job", options);
            node.awaitState("job", WorkerState.EXITED);
        }
        assertThat(of("job"))
                .hasSize(5)
                .first()
                .asString()
                .matches("INFO starts, asked by shell:test: /.*/sh, found on PATH");
        assertThat(of("job").subList(1, 5))
                .containsExactly(
                        "INFO started in T, pid N",
                        "INFO ended (success) after T: exit code 0",
                        "INFO is not restarted (restart.policy never)",
                        "INFO the node goes on: no shutdown trigger is configured");
        assertThat(lines).anyMatch(line -> line.equals("INFO the node is ready"));
        assertThat(lines).last().asString().startsWith("INFO the node shuts down, asked by shell:test");
    }

    @Test
    void whatTheTriggersSayIsThereWhetherTheyFireOrNot() throws IOException {
        try (TestNode node = open()) {
            node.node
                    .triggers()
                    .set(List.of(new Triggers.Trigger(
                            "mine",
                            false,
                            (run, left) ->
                                    run.exit().exitClass() == io.millwright.controller.api.WorkerExit.ExitClass.ERROR
                                            ? Optional.of(Verdict.of("it has failed", true))
                                            : Optional.empty())));
            node.node.setOptions(Map.of("shutdown.triggers", "mine"));
            node.start("good", script("exit 0"));
            await().until(() -> of("good").contains("INFO the node goes on: not fired: mine"));
            node.start("bad", script("exit 1"));
            await().until(() -> of("bad").contains("INFO trigger:mine fired: it has failed"));
        }
    }

    @Test
    void whatIsRefusedSaysWhyAndNamesTheFile() throws IOException {
        try (TestNode node = open()) {
            assertThatThrownBy(() -> node.start("none", Map.of("executable", "./none")))
                    .isInstanceOf(NodeException.class);
            node.node.configure(configured("late", Map.of("executable", "./late")));
            node.node.configure(configured("typo", Map.of("executable", "sh", "arg", "x")));
            node.node.configure(configured("off", Map.of("executable", "sh", "disabled", "true")));
            node.awaitState("late", WorkerState.FAILED);
            await().until(() -> of("typo").size() == 1 && of("off").size() == 1);
        }
        assertThat(of("none"))
                .singleElement()
                .asString()
                .startsWith(
                        "WARNING not started, asked by shell:test: worker 'none' is not valid: executable: 'DIR/none'"
                                + " does not exist");
        assertThat(of("late").get(1)).startsWith("WARNING not started (error): executable: 'DIR/late' does not exist");
        assertThat(of("typo")).singleElement().asString().startsWith("ERROR /node/etc/typo.cfg is refused: arg: ");
        assertThat(of("off")).containsExactly("INFO is configured by /node/etc/off.cfg");
    }

    /** A worker that ends at once and is restarted at once: its log lines are bounded, what a person does is there. */
    @Test
    void aCrashLoopDoesNotFloodTheLogAndAPersonIsStillHeard() throws IOException {
        try (TestNode node = open()) {
            node.start(
                    "loop", script("exit 1", "restart.policy", "always", "restart.delay", "1ms", "restart.max", "1ms"));
            await().until(() -> node.info("loop").restarts() > 60);
            node.stop("loop");
            Files.createFile(temp.resolve("good"));
            node.start("loop", script("exec sleep 600"));
        }
        assertThat(of("loop")).hasSizeLessThan(80);
        assertThat(of("loop"))
                .endsWith(
                        "INFO starts, asked by shell:test: /bin/sh",
                        "INFO started in T, pid N",
                        "INFO ended (requested) after T: stopped by shell:test; ended by signal TERM");
    }
}
