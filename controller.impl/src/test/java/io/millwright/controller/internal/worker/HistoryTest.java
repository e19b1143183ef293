package io.millwright.controller.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.HistoryPage;
import io.millwright.controller.api.HistoryQuery;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerRun;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The kind: what is bounded for all must be bounded for each too, or the loudest has it all. */
class HistoryTest {
    private final History history = new History();
    private int number;

    private WorkerRun run(String id) {
        WorkerExit exit = WorkerExit.of(ExitClass.ERROR, number++, null, "exit", Instant.EPOCH);
        return WorkerRun.builder(new WorkerId(id), "guest", Instant.EPOCH, exit).build();
    }

    private void add(String... ids) {
        for (String id : ids) {
            history.add(run(id));
        }
    }

    private void earlier(String... ids) {
        List<WorkerRun> runs = Stream.of(ids).map(this::run).toList();
        history.restore(() -> runs);
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

    @Test
    void runsOfEarlierLivesStandBeforeThoseThatCameBeforeTheyWereRead() {
        earlier("a", "b", "a");
        add("a", "c");
        assertThat(all()).isEqualTo("a0 b1 a2 a3 c4");
        add("b");
        assertThat(all()).isEqualTo("a0 b1 a2 a3 c4 b5");
        HistoryPage newest = history.page(HistoryQuery.ALL.withLimit(2), List.of());
        assertThat(history.page(HistoryQuery.ALL.withBefore(newest.before()), List.of())
                        .runs())
                .hasSize(4);
    }

    @Test
    void whatIsForgottenBeforeTheEarlierRunsAreReadStaysForgotten() {
        earlier("a", "b");
        add("a");
        history.forget(new WorkerId("a"));
        add("a");
        assertThat(all()).isEqualTo("b1 a3");
        history.forget(new WorkerId("b"));
        add("b");
        assertThat(all()).isEqualTo("a3 b4");
    }

    @Test
    void theSizeHoldsForEarlierRunsToo() {
        history.setMost(3);
        earlier("a", "a", "b", "c");
        assertThat(all()).isEqualTo("a1 b2 c3");
    }

    @Test
    void earlierRunsStayUntilTheSizeIsSetOrAnotherIsAdded() {
        earlier(Collections.nCopies(150, "a").toArray(String[]::new));
        assertThat(history.all()).hasSize(150);
        add("b");
        assertThat(history.all()).hasSize(100);
    }

    @Test
    void aReadingThatFailsIsDoneAgain() {
        WorkerRun before = run("a");
        AtomicInteger asked = new AtomicInteger();
        history.restore(() -> {
            if (asked.incrementAndGet() == 1) {
                throw new OutOfMemoryError("none left");
            }
            return List.of(before);
        });
        add("b");
        assertThatThrownBy(history::all).isInstanceOf(OutOfMemoryError.class);
        assertThat(all()).isEqualTo("a0 b1");
        assertThat(all()).isEqualTo("a0 b1");
        assertThat(asked).hasValue(2);
    }

    /** The loop adds and forgets: it must not wait for a disk. */
    @Test
    void whatHappensWhileTheEarlierRunsAreReadDoesNotWait() throws Exception {
        WorkerRun before = run("a");
        CountDownLatch isReading = new CountDownLatch(1);
        CountDownLatch disk = new CountDownLatch(1);
        history.restore(() -> {
            isReading.countDown();
            try {
                disk.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return List.of(before);
        });
        Thread reader = new Thread(history::read, "reader");
        reader.start();
        isReading.await();
        add("b", "c");
        history.forget(new WorkerId("b"));
        history.setMost(5);
        disk.countDown();
        reader.join();
        assertThat(all()).isEqualTo("a0 c2");
    }
}
