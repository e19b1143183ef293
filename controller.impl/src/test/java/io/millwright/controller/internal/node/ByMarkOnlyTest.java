package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.event.NodeLog;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.backend.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the portable backend knows of a worker's descendants, it knows by the mark in their environment. The kind: a promise that
 * a backend cannot keep and does not take back.
 */
class ByMarkOnlyTest {
    @TempDir
    Path temp;

    private ProcessBackend portable(ProcessBackend other) {
        try {
            other.close();
            return Kind.PORTABLE.open(
                    UUID.randomUUID().toString().replace("-", ""), temp.resolve("node/run"), Duration.ofSeconds(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void thePortableBackendSaysSoOfAWorkerThatRunsAndEndsWhatHasTheMark() throws Exception {
        try (TestNode node = new TestNode(temp.resolve("node"), new NodeLog(), this::portable)) {
            node.start(
                    "w",
                    script("if command -v setsid >/dev/null; then setsid sleep 1000 & else sleep 1000 & fi;"
                            + " echo child $!; exec sleep 1000"));
            await().until(() -> node.log("w").stream().anyMatch(line -> line.startsWith("child ")));
            WorkerInfo info = node.info("w");
            assertThat(info.status()).isEqualTo(WorkerState.STARTED);
            assertThat(info.why())
                    .singleElement()
                    .asString()
                    .contains("by mark only", "one that has lost its environment");
            assertThat(node.controller.listWorkers(Scope.ALL).get(0).reason())
                    .as("in a list it would be said of each")
                    .isNull();
            long child = Long.parseLong(node.log("w").get(0).substring("child ".length()));
            node.stop("w");
            await().until(() ->
                    ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
            assertThat(node.info("w").why().toString()).doesNotContain("by mark only");
        }
    }
}
