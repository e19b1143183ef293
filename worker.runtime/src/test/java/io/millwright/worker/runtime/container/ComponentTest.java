package io.millwright.worker.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The life of a component whose end is told while something else is asked for: the last word wins. */
class ComponentTest {
    private final ScheduledExecutorService delays = new ScheduledThreadPoolExecutor(1);
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<Consumer<@Nullable Throwable>> ends = new CopyOnWriteArrayList<>();
    private volatile Runnable atFailure = () -> {};
    private volatile @Nullable Throwable refusal;

    @AfterEach
    void end() {
        delays.shutdownNow();
    }

    private final ComponentHost host = (spec, ended) -> {
        if (refusal != null) {
            throw new IllegalStateException(refusal);
        }
        ends.add(ended);
        return () -> told.add("stop called");
    };

    private final ComponentWatcher watcher = new ComponentWatcher() {
        @Override
        public void changed(
                String id, Component.State state, @Nullable Throwable thrown, long restarts, boolean again) {
            told.add(state.word());
            if (state == Component.State.FAILED) {
                atFailure.run();
            }
        }

        @Override
        public void over(Component component, Component.State state) {
            told.add("over " + state.word());
        }

        @Override
        public void outdated(String id, Set<String> users) {
            told.add("outdated " + users);
        }
    };

    private Component component(String policy, double delay) {
        return new Component(
                ComponentSpec.of(Map.of("id", "c", "class", "a.B", "restart.delay", delay), policy),
                host,
                watcher,
                delays);
    }

    private static void get(CompletableFuture<?> future) {
        try {
            future.get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What was to come after a delay of nothing has come, and its turn too. */
    private void settle(Component component) throws Exception {
        delays.schedule(() -> {}, 0, TimeUnit.MILLISECONDS).get(20, TimeUnit.SECONDS);
        get(component.stop());
    }

    @Test
    void aStartOfOneThatRunsKeepsItsPolicy() {
        Component component = component("always", 0);
        get(component.start());
        get(component.start());
        ends.get(0).accept(null);
        await().until(() -> told.size() == 3 && component.state() == Component.State.STARTED);
        assertThat(told).containsExactly("started", "stopped", "started");
    }

    @Test
    void aStopWhileItsFailureIsToldIsTheLastWord() {
        Component component = component("always", 600);
        get(component.start());
        atFailure = () -> get(component.stop());
        ends.get(0).accept(new IllegalStateException("broken"));
        assertThat(component.state()).isEqualTo(Component.State.STOPPED);
        assertThat(told).containsExactly("started", "failed", "stopped", "over stopped");
    }

    @Test
    void aStartWhileItsFailureIsToldIsTheLastWord() {
        Component component = component("always", 600);
        get(component.start());
        atFailure = () -> get(component.start());
        ends.get(0).accept(new IllegalStateException("broken"));
        assertThat(component.state()).isEqualTo(Component.State.STARTED);
        get(component.stop());
        assertThat(told).containsExactly("started", "failed", "started", "stop called", "stopped", "over stopped");
    }

    @Test
    void aStopWhileAFailedStartIsToldIsTheLastWord() throws Exception {
        Component component = component("always", 0);
        refusal = new IllegalStateException("no");
        atFailure = component::stop;
        assertThat(component.start()).failsWithin(java.time.Duration.ofSeconds(20));
        await().until(() -> component.state() == Component.State.STOPPED);
        settle(component);
        assertThat(told).containsExactly("failed", "stopped", "over stopped");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneThatEndsIsStartedAgainIfItsPolicySaysSo(boolean fails) {
        Component component = component("always", 0);
        get(component.start());
        ends.get(0).accept(fails ? new IllegalStateException("broken") : null);
        await().until(() -> told.size() == 3 && component.state() == Component.State.STARTED);
        assertThat(told).containsExactly("started", fails ? "failed" : "stopped", "started");
        assertThat(component.toMap()).containsEntry("restarts", 1L);
        // What an earlier run tells is void.
        ends.get(0).accept(new IllegalStateException("late"));
        assertThat(component.state()).isEqualTo(Component.State.STARTED);
        get(component.stop());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneThatEndsForGoodIsOver(boolean fails) {
        Component component = component("never", 0);
        get(component.start());
        ends.get(0).accept(fails ? new IllegalStateException("broken") : null);
        String how = fails ? "failed" : "stopped";
        assertThat(component.state().word()).isEqualTo(how);
        assertThat(told).containsExactly("started", how, "over " + how);
    }
}
