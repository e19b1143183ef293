package io.millwright.controller.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.log.LogBuffers;
import io.millwright.controller.internal.log.LogOptions;
import io.millwright.controller.internal.log.WorkerLog;
import io.millwright.controller.internal.worker.RestartPolicy.When;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kind: a worker that is restarted again and again is named as such at any moment, also between an end and the next start. */
class HotLoopTest {
    private static final Moment NOW = new Moment(Instant.EPOCH, Duration.ofSeconds(1));
    private final Worker worker = new Worker(
            WorkerSpec.of(new WorkerId("w"), "guest", Map.of()),
            "call",
            new WorkerLog(Path.of("/nonexistent"), LogOptions.DEFAULT, new LogBuffers(), problem -> {}));

    private String seen(WorkerState state) {
        worker.state = state;
        worker.publishView();
        return worker.view.hotLoop(NOW);
    }

    private void restarts(int times) {
        RestartTracker.Rules rules = new RestartTracker.Rules(
                new RestartPolicy(When.ALWAYS, Duration.ZERO, 2, Duration.ZERO, 0),
                0,
                Duration.ofSeconds(60),
                false,
                Duration.ofSeconds(60),
                List.of(),
                List.of());
        WorkerExit exit = WorkerExit.of(ExitClass.ERROR, 3, null, "exit code 3", Instant.EPOCH);
        for (int i = 0; i < times; i++) {
            worker.restartTracker.ended(rules, exit, Run.Then.POLICY, NOW.elapsed(), new Random(1));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = WorkerState.class,
            names = {"STARTING", "STARTED", "EXITED", "FAILED", "BACKOFF"})
    void inEachStateOfTheLoopItIsNamed(WorkerState state) {
        restarts(30);
        assertThat(seen(state)).startsWith("30 restarts since ");
    }

    @Test
    void fewRestartsAreNoLoop() {
        restarts(5);
        assertThat(seen(WorkerState.EXITED)).isNull();
    }

    @Test
    void whatSomebodyHasStoppedIsInNoLoop() {
        restarts(30);
        worker.stop = new StopRequest(StopOptions.GRACEFUL, Caller.shell("test"), NOW, false);
        assertThat(seen(WorkerState.EXITED)).isNull();
    }

    @Test
    void anEndThatNoRestartFollowsEndsTheLoop() {
        restarts(30);
        assertThat(worker.restartTracker.endLoop()).isTrue();
        assertThat(seen(WorkerState.FAILED)).isNull();
        assertThat(worker.restartTracker.endLoop()).isFalse();
    }
}
