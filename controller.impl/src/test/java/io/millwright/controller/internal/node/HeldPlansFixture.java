package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.controller.internal.configured.Configured;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A node with a type that holds its plans back until a test lets them go. */
abstract class HeldPlansFixture {
    static final String PID = "io.millwright.worker.guest~w";
    static final Caller OTHER = Caller.shell("other");

    @TempDir
    Path temp;

    final Semaphore gate = new Semaphore(0, true);
    final Semaphore planning = new Semaphore(0);
    volatile boolean held;
    TestNode node;

    private final class Held extends TestNode.Guest {
        @Override
        public LaunchPlan plan(PlanRequest request) {
            if (held) {
                planning.release();
                gate.acquireUninterruptibly();
            }
            return super.plan(request);
        }
    }

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("node"));
        node.node.types().remove("guest", 1);
        node.node.types().add(TestNode.guest(2, new Held()));
        await().until(() -> node.node.types().serving("guest").isPresent());
    }

    @AfterEach
    void close() {
        letGo();
        node.close();
    }

    void hold() {
        held = true;
    }

    void letGo() {
        held = false;
        gate.release(1000);
    }

    void configure(String id, Map<String, Object> options) {
        node.node.configure(new Configured(PID, "node.json", WorkerSpec.of(id(id), "guest", options)));
    }

    long started(String id) {
        Long pid = node.awaitState(id, WorkerState.STARTED).pid();
        assertThat(pid).isNotNull();
        return pid;
    }

    void awaitOther(String id, long pid) {
        await().until(() -> node.info(id).status() == WorkerState.STARTED
                && node.info(id).pid() != null
                && node.info(id).pid() != pid);
    }

    void awaitPlanning() {
        planning.acquireUninterruptibly();
    }

    /** Each task of the loop may make another; ten rounds are more than any chain here has. */
    void flushLoop() {
        for (int i = 0; i < 10; i++) {
            CompletableFuture<Boolean> done = new CompletableFuture<>();
            node.node.core.loop.execute(() -> done.complete(true));
            get(done);
        }
    }

    static NodeException failure(CompletionStage<?> stage) {
        try {
            get(stage);
        } catch (NodeException e) {
            return e;
        }
        throw new AssertionError("it did not fail");
    }

    /** Ends at TERM, once a file is there. */
    Map<String, Object> slow(Object... keysAndValues) {
        return script(
                "trap 'until [ -e " + temp.resolve("go") + " ]; do sleep 0.02; done; exit 0' TERM; echo up; "
                        + "while :; do sleep 0.02; done",
                keysAndValues);
    }

    void endsByItself(String id) {
        get(node.controller.signalWorker(id(id), Signal.KILL, ME));
        await().until(() -> !node.info(id).status().isLive());
    }
}
