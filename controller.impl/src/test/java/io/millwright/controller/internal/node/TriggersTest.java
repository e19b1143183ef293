package io.millwright.controller.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.shutdown.ShutdownTrigger;
import io.millwright.controller.internal.launch.HandTimer;
import io.millwright.controller.internal.launch.PluginPool;
import io.millwright.controller.internal.worker.LoopThread;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which triggers are asked about which exits. */
class TriggersTest {
    private final HandTimer time = new HandTimer();
    private final PluginPool plugins = new PluginPool("test", 1, Duration.ofSeconds(5), time::nanos, time);
    private final LoopThread loop = new LoopThread(Runnable::run);
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile Triggers.Settings settings = new Triggers.Settings(List.of("mine"), true);
    private final Triggers triggers = new Triggers(loop, plugins, () -> settings);

    @AfterEach
    void close() {
        plugins.close();
        loop.close();
    }

    private Triggers.Trigger trigger(String name, boolean requested, String who) {
        return new Triggers.Trigger(name, requested, (run, node) -> {
            asked.add(who);
            return Optional.empty();
        });
    }

    private List<String> askedAbout(ExitClass exitClass) {
        asked.clear();
        WorkerExit exit = WorkerExit.of(exitClass, 0, null, "done", Instant.EPOCH);
        triggers.ask(
                triggers.about(WorkerRun.builder(new WorkerId("w"), "guest", Instant.EPOCH, exit)
                        .pid(1L)
                        .started(Instant.EPOCH)
                        .build()),
                0,
                new Triggers.Decision() {
                    @Override
                    public void fired(Caller trigger, ShutdownTrigger.Verdict verdict) {}

                    @Override
                    public void goesOn(String why) {}
                });
        // One thread: what was called before has been called when this is, and the call of the next trigger is
        // submitted.
        for (int i = 0; i < 3; i++) {
            plugins.call("flush", () -> true).join();
        }
        return List.copyOf(asked);
    }

    /** The kind: a trigger is asked for requested exits by its own word, whatever its name. */
    @Test
    void aTriggerIsAskedAboutRequestedExitsIfItSaysSoAndTheNodeToo() {
        triggers.set(List.of(trigger("mine", true, "keen")));
        assertThat(askedAbout(ExitClass.REQUESTED)).containsExactly("keen");
        settings = new Triggers.Settings(List.of("mine"), false);
        assertThat(askedAbout(ExitClass.REQUESTED)).isEmpty();
        assertThat(askedAbout(ExitClass.SUCCESS)).containsExactly("keen");
        settings = new Triggers.Settings(List.of("mine", "shutdown_on_last_worker_exit"), true);
        triggers.set(List.of(
                trigger("mine", false, "other"), trigger("shutdown_on_last_worker_exit", false, "named like ours")));
        assertThat(askedAbout(ExitClass.REQUESTED)).isEmpty();
        assertThat(askedAbout(ExitClass.ERROR)).containsExactly("other", "named like ours");
    }

    @Test
    void ofTwoWithOneNameTheFirstServesAndWhenItGoesTheOther() {
        Triggers.Trigger high = trigger("mine", false, "high");
        Triggers.Trigger low = trigger("mine", false, "low");
        triggers.set(List.of(high, low));
        assertThat(askedAbout(ExitClass.ERROR)).containsExactly("high");
        triggers.set(List.of(low));
        assertThat(askedAbout(ExitClass.ERROR)).containsExactly("low");
    }

    @Test
    void oneThatIsConfiguredAndNotThereIsNamedUntilItComes() {
        ShutdownTrigger never = (run, node) -> Optional.empty();
        triggers.set(List.of(new Triggers.Trigger("b", false, never), new Triggers.Trigger("a", false, never)));
        assertThat(triggers.problems())
                .containsExactly("shutdown trigger 'mine' is configured, but no bundle offers it; there are [a, b]");
        triggers.set(List.of(trigger("mine", false, "mine")));
        assertThat(triggers.problems()).isEmpty();
    }

    /** An exit is asked about later, on another thread: what has gone meanwhile has no say. */
    @Test
    void oneThatGoesBeforeItsTurnIsNotAskedAndOneThatGoesAfterItsVerdictHasNoSay() {
        List<String> told = new CopyOnWriteArrayList<>();
        Triggers.Decision decision = new Triggers.Decision() {
            @Override
            public void fired(Caller trigger, ShutdownTrigger.Verdict verdict) {
                told.add("fired");
            }

            @Override
            public void goesOn(String why) {
                told.add(why);
            }
        };
        WorkerExit exit = WorkerExit.of(ExitClass.ERROR, 1, null, "exit code 1", Instant.EPOCH);
        WorkerRun run = WorkerRun.builder(new WorkerId("w"), "guest", Instant.EPOCH, exit)
                .build();
        Triggers.Trigger gone = trigger("mine", false, "mine");
        triggers.set(List.of(gone));
        Triggers.Question question = triggers.about(run);
        triggers.set(List.of());
        triggers.ask(question, 0, decision);
        await().until(() -> !told.isEmpty());
        assertThat(told).containsExactly("not fired: mine");
        assertThat(asked).isEmpty();

        told.clear();
        triggers.set(List.of(new Triggers.Trigger("mine", false, (ended, left) -> {
            settings = new Triggers.Settings(List.of(), true);
            return Optional.of(ShutdownTrigger.Verdict.of("no more", true));
        })));
        triggers.ask(triggers.about(run), 0, decision);
        await().until(() -> !told.isEmpty());
        assertThat(told).containsExactly("mine has fired, and is no active shutdown trigger any more");
    }
}
