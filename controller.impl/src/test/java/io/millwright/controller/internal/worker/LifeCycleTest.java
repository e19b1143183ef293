package io.millwright.controller.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.WorkerState;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Walks the whole table, state by event: what is listed here is all there is. */
class LifeCycleTest {
    private static final String EXPECTED =
            """
            INACTIVE START         STARTING  [PUBLISH, SPAWN]
            INACTIVE WAIT          BACKOFF   [PUBLISH]
            INACTIVE REFUSED       FAILED    [PUBLISH, SETTLE]
            EXITED   START         STARTING  [PUBLISH, SPAWN]
            EXITED   WAIT          BACKOFF   [PUBLISH]
            EXITED   REFUSED       FAILED    [PUBLISH, SETTLE]
            EXITED   REST          INACTIVE  []
            EXITED   UNSTARTED     FAILED    []
            FAILED   START         STARTING  [PUBLISH, SPAWN]
            FAILED   WAIT          BACKOFF   [PUBLISH]
            FAILED   REFUSED       FAILED    [PUBLISH, SETTLE]
            FAILED   REST          INACTIVE  []
            BACKOFF  START         STARTING  [PUBLISH, SPAWN]
            BACKOFF  WAIT          BACKOFF   [PUBLISH]
            BACKOFF  REFUSED       FAILED    [PUBLISH, SETTLE]
            BACKOFF  STOP          EXITED    [CANCEL_WAIT, PUBLISH_STOP_REQUESTED, PUBLISH, SETTLE]
            BACKOFF  KILL          EXITED    [CANCEL_WAIT, PUBLISH_STOP_REQUESTED, PUBLISH, SETTLE]
            STARTING SPAWNED       STARTING  [AWAIT_READY]
            STARTING SPAWN_FAILED  FAILED    [PUBLISH, SETTLE]
            STARTING CHANNEL_UP    CONNECTED [PUBLISH]
            STARTING READY         STARTED   [PUBLISH, COMPLETE_START]
            STARTING START_TIMEOUT STOPPING  [PUBLISH, SIGNAL_STOP]
            STARTING MAIN_EXITED   STARTING  [END_TREE]
            STARTING ENDED         FAILED    [PUBLISH, SETTLE]
            STARTING STOP          STOPPING  [PUBLISH_STOP_REQUESTED, PUBLISH, SIGNAL_STOP]
            STARTING KILL          STOPPING  [PUBLISH_STOP_REQUESTED, PUBLISH, END_TREE]
            STARTING STUCK         STOPPING  [PUBLISH, REPORT_STUCK]
            CONNECTED READY         STARTED   [PUBLISH, COMPLETE_START]
            CONNECTED START_TIMEOUT STOPPING [PUBLISH, SIGNAL_STOP]
            CONNECTED MAIN_EXITED   CONNECTED [END_TREE]
            CONNECTED ENDED         FAILED    [PUBLISH, SETTLE]
            CONNECTED STOP          STOPPING  [PUBLISH_STOP_REQUESTED, PUBLISH, SIGNAL_STOP]
            CONNECTED KILL          STOPPING  [PUBLISH_STOP_REQUESTED, PUBLISH, END_TREE]
            CONNECTED STUCK         STOPPING  [PUBLISH, REPORT_STUCK]
            STARTED  MAIN_EXITED   STARTED   [END_TREE]
            STARTED  ENDED         EXITED    [PUBLISH, SETTLE]
            STARTED  CHANNEL_TIMEOUT STOPPING [PUBLISH, SIGNAL_STOP]
            STARTED  UNFIT         STOPPING  [PUBLISH, SIGNAL_STOP]
            STARTED  STOP          STOPPING  [PUBLISH_STOP_REQUESTED, PUBLISH, SIGNAL_STOP]
            STARTED  KILL          STOPPING  [PUBLISH_STOP_REQUESTED, PUBLISH, END_TREE]
            STARTED  STUCK         STOPPING  [PUBLISH, REPORT_STUCK]
            STOPPING SPAWNED       STOPPING  [SIGNAL_STOP]
            STOPPING SPAWN_FAILED  EXITED    [PUBLISH, SETTLE]
            STOPPING CHANNEL_UP    STOPPING  []
            STOPPING READY         STOPPING  []
            STOPPING STOP          STOPPING  []
            STOPPING KILL          STOPPING  [END_TREE]
            STOPPING STOP_TIMEOUT  STOPPING  [END_TREE]
            STOPPING MAIN_EXITED   STOPPING  [AWAIT_GROUP]
            STOPPING STUCK         STOPPING  [REPORT_STUCK]
            STOPPING ENDED         EXITED    [PUBLISH, SETTLE]
            STOPPING ENDED_UNREADY FAILED    [PUBLISH, SETTLE]
            """;

    @Test
    void everyPairOfStateAndEventIsAsListed() {
        Map<String, String> expected = new HashMap<>();
        EXPECTED.lines()
                .map(line -> line.trim().split("\\s+", 4))
                .forEach(row -> expected.put(row[0] + " " + row[1], row[2] + " " + row[3].trim()));
        for (WorkerState state : WorkerState.values()) {
            for (LifeEvent event : LifeEvent.values()) {
                String pair = state + " " + event;
                String actual = LifeCycle.on(state, event)
                        .map(transition -> transition.next() + " " + transition.actions())
                        .orElse(null);
                assertThat(actual).as(pair).isEqualTo(expected.remove(pair));
            }
        }
        assertThat(expected).as("rows that no pair matched").isEmpty();
    }

    @Test
    void everyEndOfALiveWorkerIsPublishedAndSettled() {
        for (WorkerState state : WorkerState.values()) {
            for (LifeEvent event : LifeEvent.values()) {
                LifeCycle.on(state, event)
                        .filter(transition ->
                                state.isLive() && !transition.next().isLive())
                        .ifPresent(transition -> assertThat(transition.actions())
                                .as(state + " " + event)
                                .containsSubsequence(LifeAction.PUBLISH, LifeAction.SETTLE));
            }
        }
    }
}
