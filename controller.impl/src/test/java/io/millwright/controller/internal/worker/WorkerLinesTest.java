package io.millwright.controller.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.internal.log.LogBuffers;
import io.millwright.controller.internal.log.LogOptions;
import io.millwright.controller.internal.log.WorkerLog;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The kind: what repeats itself without end must not fill the node's own log, and nothing that is left out is left out in silence. */
class WorkerLinesTest {
    private final List<String> written = new ArrayList<>();
    private final HandLoop loop = new HandLoop();
    private final WorkerLines lines = new WorkerLines(loop, (level, text) -> written.add(text));
    private final Worker worker = worker("w");

    private static Worker worker(String id) {
        WorkerLog log = new WorkerLog(Path.of("/nonexistent"), LogOptions.DEFAULT, new LogBuffers(), problem -> {});
        return new Worker(WorkerSpec.of(new WorkerId(id), "guest", Map.of()), "call", log);
    }

    private void say(Worker who, int times) {
        for (int i = 1; i <= times; i++) {
            lines.bounded(who, Level.INFO, "line " + i);
        }
    }

    @Test
    void theFirstLinesAreWrittenAndTheRestIsToldAtTheEndOfTheMinute() {
        say(worker, 100);
        assertThat(written).hasSize(60).endsWith("worker w: line 60");
        loop.pass(Duration.ofSeconds(60));
        assertThat(written)
                .hasSize(61)
                .endsWith("worker w: 40 more lines of the last minute are left out, for it restarts too often; the"
                        + " last: line 100");
    }

    @Test
    void aLoopThatGoesOnHasAFewLinesAndASumEachMinute() {
        say(worker, 100);
        loop.pass(Duration.ofSeconds(60));
        written.clear();
        say(worker, 50);
        loop.pass(Duration.ofSeconds(60));
        assertThat(written).hasSize(5).last().asString().startsWith("worker w: 46 more lines");
    }

    @Test
    void anotherWorkerHasLinesOfItsOwnAndAQuietMinuteGivesThemBack() {
        say(worker, 100);
        say(worker("other"), 10);
        assertThat(written).hasSize(70);
        loop.pass(Duration.ofSeconds(60));
        loop.pass(Duration.ofSeconds(60));
        written.clear();
        say(worker, 60);
        assertThat(written).hasSize(60);
    }

    @Test
    void lengthsOfTimeAreReadable() {
        assertThat(List.of(9L, 2_100L, 61_000L, 1_300_000L, 40_000_000L, 900_000_000L).stream()
                        .map(millis -> WorkerLines.time(Duration.ofMillis(millis))))
                .containsExactly("9 ms", "2100 ms", "61 s", "21 min", "11 h", "10 d");
    }
}
