package io.millwright.controller.internal.launch;

import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeController.CheckDepth;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.PlannedChange.Action;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.node.TestNode;
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

/** Directories to watch that are not there: refused where somebody can still be told, and never a reason not to start again. */
class WatchDirectoriesTest {
    @TempDir
    Path temp;

    private TestNode node;
    private Path site;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("node"));
        site = node.directory.resolve("site");
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void configure(String id, Map<String, Object> options) {
        node.node.configure(new Configured(
                "io.millwright.worker.guest~" + id,
                "config:io.millwright.worker.guest~" + id,
                WorkerSpec.of(TestNode.id(id), "guest", options)));
    }

    private static Map<String, Object> watching(String directory) {
        return script("exec sleep 60", "watch.directories", List.of(directory), "restart.policy", "always");
    }

    /** The kind: a watch of what the node itself writes would restart the worker without end. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "log",
                "log/workers",
                "run",
                "cache",
                "config",
                "state",
                "key",
                "./run/../log",
                "link",
                "deep/link"
            })
    void theNodesOwnDirectoriesAreRefused(String directory) throws IOException {
        for (String own : List.of("log/workers", "run", "cache", "config", "state", "key", "deep")) {
            Files.createDirectories(node.directory.resolve(own));
        }
        Files.createSymbolicLink(node.directory.resolve("link"), node.directory.resolve("log/workers"));
        Files.createSymbolicLink(node.directory.resolve("deep/link"), node.directory.resolve("run"));
        NodeException refusal = catchThrowableOfType(NodeException.class, () -> node.start("w", watching(directory)));
        assertThat(refusal.problems()).hasSize(1);
        assertThat(refusal.problems().get(0).message()).contains("the node's own");
        node.start("around", watching("."));
    }

    @Test
    void aStartIsRefusedAndOneOfAnotherTimeIsNot() throws IOException {
        Map<String, Object> options = watching("site");
        WorkerSpec spec = WorkerSpec.of(TestNode.id("w"), "guest", options);
        NodeException refusal = catchThrowableOfType(NodeException.class, () -> node.start("w", options));
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION);
        assertThat(refusal.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.path()).isEqualTo("watch.directories");
            assertThat(problem.message()).startsWith("'" + site + "' does not exist; make it");
        });
        assertThat(TestNode.get(node.controller.check(spec, CheckDepth.FULL))).hasSize(1);
        assertThat(TestNode.get(node.controller.getPlanner().start(spec)).get(0).action())
                .isEqualTo(Action.REFUSED);

        Files.createFile(site);
        refusal = catchThrowableOfType(NodeException.class, () -> node.start("w", options));
        assertThat(refusal.getMessage()).contains("is not a directory");

        Files.delete(site);
        Files.createDirectory(site);
        node.start("w", options);
        long pid = node.awaitState("w", WorkerState.STARTED).pid();
        // What is being replaced is gone for a moment, and that may be why it starts again.
        Files.delete(site);
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
        await().until(() -> node.info("w").status() == WorkerState.STARTED
                && !Long.valueOf(pid).equals(node.info("w").pid()));
    }

    @Test
    void aChangeLeavesTheWorkerAsItIsAndANewConfigurationFailsAlone() throws IOException {
        Files.createDirectory(site);
        configure("w", watching("site"));
        long pid = node.awaitState("w", WorkerState.STARTED).pid();
        configure("w", watching("nowhere"));
        await().until(() -> node.info("w").reason() != null);
        assertThat(node.info("w").reason()).contains("refused").contains("nowhere' does not exist");
        assertThat(node.info("w").options().get("watch.directories")).isEqualTo(List.of("site"));
        assertThat(node.info("w").pid()).isEqualTo(pid);

        configure("other", watching("nowhere"));
        assertThat(node.awaitState("other", WorkerState.FAILED).exit().reason()).contains("nowhere' does not exist");
    }
}
