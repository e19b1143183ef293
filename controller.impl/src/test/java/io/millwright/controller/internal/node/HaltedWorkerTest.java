package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millwright.controller.api.Finding;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.WorkerState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kind: a process that is there and does nothing, and everything says that it is well. */
class HaltedWorkerTest {
    @TempDir
    Path temp;

    @Test
    void aHaltedProcessIsNamedUntilItGoesOn() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/self/stat")));
        Path odd = Files.copy(Path.of("/bin/sleep"), temp.resolve("a) T (b"));
        try (TestNode node = new TestNode(temp.resolve("node"))) {
            for (String name : List.of("a", "b", "c")) {
                node.start(name, Map.of("executable", odd.toString(), "arguments", List.of("60")));
            }
            assertThat(about(node)).isEmpty();
            for (String name : List.of("a", "c")) {
                get(node.controller.signalWorker(id(name), Signal.STOP, TestNode.ME));
            }
            await().until(() ->
                    about(node).stream().anyMatch(finding -> finding.workers().equals(List.of(id("a"), id("c")))));
            assertThat(node.info("a").status()).isEqualTo(WorkerState.STARTED);
            assertThat(node.info("a").why())
                    .singleElement()
                    .asString()
                    .contains("process " + node.info("a").pid() + " is halted", "worker:signal a CONT");
            assertThat(node.info("b").why()).isEmpty();

            for (String name : List.of("a", "c")) {
                get(node.controller.signalWorker(id(name), Signal.CONT, TestNode.ME));
            }
            await().until(() -> about(node).isEmpty());
            assertThat(node.info("a").why()).isEmpty();
        }
    }

    private static List<Finding> about(TestNode node) {
        return node.controller.doctor().stream()
                .filter(finding -> finding.what().contains("halted"))
                .toList();
    }
}
