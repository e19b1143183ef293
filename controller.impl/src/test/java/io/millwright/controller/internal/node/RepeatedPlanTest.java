package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.api.worker.PlanRequest;
import io.millwright.controller.internal.launch.TypePlanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker that had run well and crashes is started again with the plan it had, unless something had a say that may have changed. */
class RepeatedPlanTest {
    private static final Duration LONG_ENOUGH = Duration.ofMillis(300);

    @TempDir
    Path temp;

    private final AtomicInteger plans = new AtomicInteger();
    private TestNode node;

    private final class Counting extends TestNode.Guest {
        @Override
        public LaunchPlan plan(PlanRequest request) {
            plans.incrementAndGet();
            return super.plan(request);
        }
    }

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("node"));
        node.node.types().remove("guest", 1);
        node.node.types().add(TestNode.guest(2, new Counting()));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void start(Object... keysAndValues) {
        node.start("w", script("echo \"<$TEXT>\"; exec sleep 60", keysAndValues));
    }

    private void crash() {
        await().until(() ->
                node.info("w").uptime() != null && node.info("w").uptime().compareTo(LONG_ENOUGH) > 0);
        WorkerInfo before = node.info("w");
        assertThat(before.pid()).isNotNull();
        ProcessHandle.of(before.pid()).orElseThrow().destroyForcibly();
        await().until(() -> node.info("w").restarts() == before.restarts() + 1
                && node.info("w").status() == WorkerState.STARTED);
        assertThat(node.info("w").pid()).isNotEqualTo(before.pid());
    }

    private static Object[] always(Object... more) {
        Object[] all = new Object[4 + more.length];
        all[0] = "restart.policy";
        all[1] = "always";
        all[2] = "restart.delay";
        all[3] = 0;
        System.arraycopy(more, 0, all, 4, more.length);
        return all;
    }

    @Test
    void aCrashAsksNobody() {
        start(always());
        crash();
        crash();
        assertThat(plans).hasValue(1);
        assertThat(node.events("w")).endsWith("EXITED", "BACKOFF", "STARTING", "STARTED");
    }

    @Test
    void anotherPluginPlansItself() {
        start(always());
        node.node.types().remove("guest", 2);
        node.node.types().add(TestNode.guest(3, new Counting()));
        crash();
        assertThat(plans).hasValue(2);
    }

    @Test
    void withoutItsTypeItWaits() {
        start(always());
        node.node.types().remove("guest", 2);
        await().until(() -> node.info("w").uptime().compareTo(LONG_ENOUGH) > 0);
        ProcessHandle.of(node.info("w").pid()).orElseThrow().destroyForcibly();
        WorkerInfo waiting = node.awaitState("w", WorkerState.BACKOFF);
        assertThat(waiting.reason()).contains("type unavailable");
        assertThat(plans).hasValue(1);
    }

    @Test
    void aCustomizerThatCameIsAsked() {
        start(always());
        node.node.setCustomizers(
                List.of(new TypePlanner.Customizer("hello", (spec, plan) -> plan.withVariable("TEXT", "customized"))));
        crash();
        node.awaitLog("w", "<customized>");
    }

    @Test
    void aSecretFileIsReadAgain() throws IOException {
        Path secret = temp.resolve("secret");
        Files.writeString(secret, "first");
        start(always("env.vars", Map.of("TEXT", Map.of("secretFile", secret.toString()))));
        node.awaitLog("w", "<first>");
        Files.writeString(secret, "second");
        crash();
        node.awaitLog("w", "<second>");
    }
}
