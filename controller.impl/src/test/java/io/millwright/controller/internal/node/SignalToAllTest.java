package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.ShutdownRequest;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerRun;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The kind: a service manager (KillMode=control-group), or a machine that goes down, sends a signal to the node and to its workers
 * at once, and the node hears of a worker's end before it has got the signal itself. Such an end is part of the node's stop: no
 * restart and no trigger follows.
 */
class SignalToAllTest {
    /** In less time than this the node is told after the worker has ended; well below what the node grants. */
    private static final long SOON = TimeUnit.MILLISECONDS.toNanos(150);

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    void anEndJustBeforeTheNodesOwnIsRequested(String signal) throws Exception {
        for (int attempt = 0; ; attempt++) {
            try (TestNode node = new TestNode(temp.resolve(signal + attempt))) {
                long pid = node.start("w", script("exec sleep 600", "restart.policy", "always", "restart.delay", 0))
                        .pid();
                ProcessHandle worker = ProcessHandle.of(pid).orElseThrow();
                long before = System.nanoTime();
                Process kill = new ProcessBuilder("kill", "-s", signal, String.valueOf(worker.pid())).start();
                worker.onExit().join();
                TestNode.get(node.controller.shutdown(ShutdownRequest.STOP, ME));
                if (System.nanoTime() - before > SOON) {
                    // A busy machine; the node had to take it for an end of its own.
                    assertThat(attempt).isLessThan(100);
                    continue;
                }
                assertThat(kill.waitFor()).isZero();
                assertThat(node.shutdown()).isZero();
                List<WorkerRun> runs = node.controller.getHistory();
                assertThat(runs).hasSize(1);
                assertThat(runs.get(0).exit().exitClass()).isEqualTo(ExitClass.REQUESTED);
                return;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit 0", "exit 143", "kill -TERM $$"})
    void anEndWithinTheStopIsRequestedWhateverItsCode(String end) throws Exception {
        try (TestNode node = new TestNode(temp.resolve("node"))) {
            node.start("w", script("trap '" + end + "' TERM; while :; do sleep 0.1; done", "restart.policy", "always"));
            TestNode.get(node.controller.shutdown(ShutdownRequest.STOP, ME));
            assertThat(node.shutdown()).isZero();
            assertThat(node.controller.getHistory())
                    .singleElement()
                    .satisfies(run -> assertThat(run.exit().exitClass()).isEqualTo(ExitClass.REQUESTED));
        }
    }
}
