package io.millwright.shutdown.triggers.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.shutdown.ShutdownTrigger;
import io.millwright.controller.api.shutdown.ShutdownTrigger.Verdict;
import io.millwright.controller.api.shutdown.ShutdownTrigger.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TriggersTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final WorkerRun CLEAN = run(ExitClass.SUCCESS, 0, null, "finished");
    private static final WorkerRun CODE = run(ExitClass.ERROR, 3, null, "exit code 3");
    private static final WorkerRun SIGNAL = run(ExitClass.ERROR, null, "SEGV", "killed");
    private static final WorkerRun FAILED = WorkerRun.builder(
                    new WorkerId("web"),
                    "guest",
                    NOW,
                    WorkerExit.of(ExitClass.ERROR, null, null, "there is no program 'wbe' on the PATH", NOW))
            .build();
    private static final WorkerRun STOPPED = run(ExitClass.REQUESTED, null, "TERM", "stopped by shell:ann");

    private static WorkerRun run(ExitClass exitClass, @Nullable Integer code, @Nullable String signal, String reason) {
        return WorkerRun.builder(new WorkerId("web"), "guest", NOW, WorkerExit.of(exitClass, code, signal, reason, NOW))
                .pid(42L)
                .started(NOW)
                .build();
    }

    @Test
    void anyExitFiresButNotOneThatWasAskedFor() {
        ShutdownTrigger trigger = new OnWorkerExit();
        assertThat(trigger.onExit(CLEAN, Workers.of(5)))
                .contains(Verdict.of("worker 'web' (guest) exited with code 0", false));
        assertThat(trigger.onExit(CODE, Workers.of(5)))
                .contains(Verdict.of("worker 'web' (guest) exited with code 3", true));
        assertThat(trigger.onExit(SIGNAL, Workers.of(0)))
                .contains(Verdict.of("worker 'web' (guest) was ended by SIGSEGV", true));
        assertThat(trigger.onExit(FAILED, Workers.of(0)))
                .contains(Verdict.of(
                        "worker 'web' (guest) could not be started: there is no program 'wbe' on the PATH", true));
        assertThat(trigger.onExit(STOPPED, Workers.of(0))).isEmpty();
    }

    @Test
    void errorsFireAndNothingElse() {
        ShutdownTrigger trigger = new OnWorkerExitWithError();
        assertThat(trigger.onExit(CODE, Workers.of(5)))
                .contains(Verdict.of("worker 'web' (guest) exited with code 3", true));
        assertThat(trigger.onExit(SIGNAL, Workers.of(5)).orElseThrow().error()).isTrue();
        assertThat(trigger.onExit(FAILED, Workers.of(5)).orElseThrow().error()).isTrue();
        assertThat(trigger.onExit(CLEAN, Workers.of(0))).isEmpty();
        assertThat(trigger.onExit(STOPPED, Workers.of(0))).isEmpty();
    }

    @Test
    void theLastExitFiresEvenWhenItWasAskedFor() {
        ShutdownTrigger trigger = new OnLastWorkerExit();
        assertThat(trigger.onExit(CLEAN, Workers.of(1))).isEmpty();
        assertThat(trigger.onExit(CLEAN, Workers.of(0)))
                .contains(Verdict.of("worker 'web' (guest) exited with code 0, and no worker is left", false));
        assertThat(trigger.onExit(CODE, Workers.of(0)).orElseThrow().error()).isTrue();
        assertThat(trigger.onExit(STOPPED, Workers.of(0)))
                .contains(Verdict.of(
                        "worker 'web' (guest) was ended by SIGTERM as requested, and no worker is left", false));
    }

    @Test
    void anEndWithoutCodeOrSignalSaysItsReason() {
        WorkerRun cancelled = WorkerRun.builder(
                        new WorkerId("web"),
                        "guest",
                        NOW,
                        WorkerExit.of(ExitClass.REQUESTED, null, null, "cancelled by shell:ann", NOW))
                .build();
        assertThat(new OnLastWorkerExit()
                        .onExit(cancelled, Workers.of(0))
                        .orElseThrow()
                        .reason())
                .isEqualTo("worker 'web' (guest) ended as requested: cancelled by shell:ann, and no worker is left");
    }

    @Test
    void shutdownRequestedNeverFires() {
        for (WorkerRun run : new WorkerRun[] {CLEAN, CODE, SIGNAL, FAILED, STOPPED}) {
            assertThat(new OnShutdownRequested().onExit(run, Workers.of(0))).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OnWorkerExit, shutdown_on_worker_exit",
        "OnWorkerExitWithError, shutdown_on_worker_exit_with_error",
        "OnLastWorkerExit, shutdown_on_last_worker_exit",
        "OnShutdownRequested, shutdown_on_shutdown_requested"
    })
    void eachIsPublishedUnderItsName(String type, String name) throws IOException {
        String resource = "/OSGI-INF/" + TriggersTest.class.getPackageName() + "." + type + ".xml";
        try (InputStream in = TriggersTest.class.getResourceAsStream(resource)) {
            assertThat(in).as(resource).isNotNull();
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("name=\"trigger.name\"", "value=\"" + name + "\"")
                    .contains("interface=\"" + ShutdownTrigger.class.getName() + "\"");
        }
    }
}
