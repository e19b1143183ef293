package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.Signal;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kind: a changed configuration of a worker that runs cannot be taken at once, and the worker ends by itself before it is. The last
 * word is that configuration: the worker waits for what is missing and starts as it says. Found by the simulation.
 */
class EndWhileTypeIsAwayTest {
    private static final String PID = "io.millwright.worker.guest~w";

    @TempDir
    Path temp;

    private TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("node"));
        node.node.types().remove("guest", 1);
        offer(2);
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void offer(long service) {
        node.node.types().add(TestNode.guest(service, new TestNode.Guest()));
        await().until(() -> node.node.types().serving("guest").isPresent());
    }

    private void configure(String says) {
        Map<String, Object> options = script("echo " + says + "; exec sleep 600");
        node.node.configure(new Configured(PID, "node.json", WorkerSpec.of(id("w"), "guest", options)));
    }

    private void endsByItself() {
        get(node.controller.signalWorker(id("w"), Signal.KILL, ME));
    }

    private void comesBackSaying(String says) {
        assertThat(node.awaitState("w", WorkerState.BACKOFF).why().toString()).contains("type unavailable");
        offer(3);
        node.awaitLog("w", says);
        node.awaitState("w", WorkerState.STARTED);
    }

    @Test
    void whileAChangeOfItWaitsForItsType() {
        configure("one");
        node.awaitState("w", WorkerState.STARTED);
        node.node.types().remove("guest", 2);
        configure("two");
        await().until(() -> node.info("w").why().toString().contains("its changed configuration waits"));
        endsByItself();
        comesBackSaying("two");
    }

    /** Kind: what was said of a change that could not be judged is not said any more when the change is taken back. */
    @Test
    void aChangeThatIsTakenBackWhileTheTypeIsAwayIsForgotten() {
        configure("one");
        node.awaitState("w", WorkerState.STARTED);
        node.node.types().remove("guest", 2);
        configure("two");
        await().until(() -> node.info("w").why().toString().contains("its changed configuration waits"));
        configure("one");
        await().until(() -> !node.info("w").why().toString().contains("its changed configuration waits"));
        offer(3);
        assertThat(node.info("w").status()).isEqualTo(WorkerState.STARTED);
        assertThat(node.info("w").reason()).isNull();
    }

    @Test
    void butWhatAnOperatorStopsMeanwhileRests() {
        configure("one");
        node.awaitState("w", WorkerState.STARTED);
        node.node.types().remove("guest", 2);
        configure("two");
        await().until(() -> node.info("w").why().toString().contains("its changed configuration waits"));
        node.stop("w");
        offer(3);
        node.start("other", script("true"));
        node.awaitState("other", WorkerState.EXITED);
        assertThat(node.info("w").status()).isEqualTo(WorkerState.INACTIVE);
    }
}
