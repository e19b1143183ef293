package io.millwright.controller.internal.process.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TreeWatchTest {
    private static final Target MAIN = new Target(1000, 1, "7", true);

    private static final Killer KILLER = new Killer() {
        @Override
        public void killGroup(long group) {}

        @Override
        public boolean kill(long pid, long start) {
            return true;
        }
    };

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void end() throws InterruptedException {
        timer.shutdownNow();
        assertThat(timer.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    private static ProcessEntry member(long pid, boolean zombie) {
        return new ProcessEntry(pid, 1, MAIN.pid(), MAIN.pid(), pid, zombie);
    }

    @Test
    void aProcessForkedWhileItsParentDiedIsEndedToo() throws Exception {
        // The second pass has listed the names before 1002 came, and read of 1001 when it was dead.
        Passes table = new Passes(List.of(
                List.of(member(1001, false)),
                List.of(member(1001, true)),
                List.of(member(1001, true), member(1002, false)),
                List.of()));
        Set<Long> killed = new ConcurrentSkipListSet<>();
        TreeWatch watch = new TreeWatch(
                table,
                "nonce",
                new Killer() {
                    @Override
                    public void killGroup(long group) {}

                    @Override
                    public boolean kill(long pid, long start) {
                        killed.add(pid);
                        return true;
                    }
                },
                timer,
                Duration.ofSeconds(30));
        assertThat(watch.endTree(MAIN, left -> {}).get(20, TimeUnit.SECONDS)).isEqualTo(2);
        assertThat(killed).containsExactly(1001L, 1002L);
    }

    /** What may not be signalled is named at once, and not after a time in which nothing can change. */
    @Test
    void theProcessesThatTheSystemRefusesToKillAreNamed() throws Exception {
        TreeWatch watch = new TreeWatch(
                new Passes(List.of(List.of(member(1001, false), member(1002, false)), List.of(member(1002, false)))),
                "nonce",
                new Killer() {
                    @Override
                    public void killGroup(long group) {}

                    @Override
                    public boolean kill(long pid, long start) {
                        return pid != 1002;
                    }
                },
                timer,
                Duration.ofDays(1));
        assertThat(watch.endTree(MAIN, left -> {}))
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withMessageContaining("refuses to kill: process 1002 (?, of user ?)")
                .withMessageNotContaining("1001");
    }

    /** A member of its group that has lost its parent is no descendant of the main process, and its child is one of the launch. */
    @Test
    void whoIsAboutToBeSignalledIsLookedAtAloneWithWhatIsKnownOfItsLaunch() throws Exception {
        ProcessEntry orphan = new ProcessEntry(1001, 1000, 1000, 1000, 5, false);
        ProcessEntry child = new ProcessEntry(1002, 1000, 1002, 1002, 6, false);
        ProcessEntry ofOrphan = new ProcessEntry(1003, 1001, 1003, 1003, 7, false);
        Map<Long, List<ProcessEntry>> descendants = Map.of(1000L, List.of(child), 1001L, List.of(ofOrphan));
        TreeWatch watch = new TreeWatch(
                new Passes(List.of()) {
                    @Override
                    public List<ProcessEntry> descendants(long pid, long start) {
                        return descendants.get(pid);
                    }
                },
                "nonce",
                KILLER,
                timer,
                Duration.ofSeconds(30));
        watch.add(MAIN);
        watch.lineage().add(orphan, MAIN.launch());
        watch.remember(MAIN).get(20, TimeUnit.SECONDS);
        for (ProcessEntry each : List.of(orphan, child, ofOrphan)) {
            assertThat(watch.lineage().launch(each)).isEqualTo(MAIN.launch());
        }
    }

    /** What each pass finds, the last for ever. */
    private static class Passes implements ProcessTable {
        private final Deque<List<ProcessEntry>> passes;

        Passes(List<List<ProcessEntry>> passes) {
            this.passes = new ArrayDeque<>(passes);
        }

        @Override
        public synchronized List<ProcessEntry> list() {
            return passes.size() > 1 ? passes.removeFirst() : passes.getFirst();
        }

        @Override
        public @Nullable ProcessEntry find(long pid) {
            return null;
        }

        @Override
        public long startTime(long pid) {
            return UNKNOWN;
        }

        @Override
        public Tag tag(long pid) {
            return Tag.NONE;
        }

        @Override
        public long ownGroup() {
            return 1;
        }
    }
}
