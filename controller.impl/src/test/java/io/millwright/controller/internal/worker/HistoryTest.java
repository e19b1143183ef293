package io.millwright.controller.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerRun;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The kind: what is bounded for all must be bounded for each too, or the loudest has it all. */
class HistoryTest {
    private final History history = new History();
    private int number;

    private void add(String... ids) {
        for (String id : ids) {
            WorkerExit exit = WorkerExit.of(ExitClass.ERROR, number++, null, "exit", Instant.EPOCH);
            history.add(WorkerRun.builder(new WorkerId(id), "guest", Instant.EPOCH, exit)
                    .build());
        }
    }

    private String all() {
        return history.all().stream()
                .map(run -> run.id() + "" + run.exit().code())
                .collect(Collectors.joining(" "));
    }

    @Test
    void theOldestGoFirstWhereEachHasOne() {
        history.setMost(3);
        add("a", "b", "c", "d", "e");
        assertThat(all()).isEqualTo("c2 d3 e4");
    }

    @Test
    void aCrashLoopDrivesNobodyOut() {
        history.setMost(5);
        add("job");
        add(Collections.nCopies(1000, "loop").toArray(String[]::new));
        add("other");
        assertThat(all()).isEqualTo("job0 loop998 loop999 loop1000 other1001");
    }

    @Test
    void manyCrashLoopsShareWhatTheQuietOnesLeave() {
        history.setMost(100);
        add("quiet");
        for (int round = 0; round < 50; round++) {
            add(IntStream.range(0, 96).mapToObj(i -> "loop" + i).toArray(String[]::new));
        }
        List<WorkerRun> all = history.all();
        assertThat(all).hasSize(100).first().extracting(WorkerRun::id).isEqualTo(new WorkerId("quiet"));
        assertThat(all.stream().map(WorkerRun::id).distinct()).hasSize(97);
    }

    @Test
    void whatIsForgottenMakesRoomAndASmallerSizeTakesTheOldestOfTheLoudest() {
        history.setMost(6);
        add("a", "b", "b", "c", "c", "c");
        history.forget(new WorkerId("b"));
        add("d", "d");
        assertThat(all()).isEqualTo("a0 c3 c4 c5 d6 d7");
        history.setMost(3);
        assertThat(all()).isEqualTo("a0 c5 d7");
        history.setMost(0);
        add("x");
        assertThat(all()).isEmpty();
    }
}
