package io.millwright.controller.internal.process.orphan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.internal.process.tree.ProcessTable;
import io.millwright.controller.internal.process.tree.Tag;
import io.millwright.controller.internal.process.tree.Target;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

class LeftoversTest {
    private static final String NONCE = "test0123456789";

    private final ProcessTable table = ProcessTable.ofThisSystem();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Process sleeper;

    @BeforeEach
    void start() throws IOException {
        sleeper = new ProcessBuilder("sleep", "300").start();
    }

    @AfterEach
    void end() throws InterruptedException {
        sleeper.destroyForcibly().waitFor();
    }

    private Target target(long startOffset) {
        return new Target(sleeper.pid(), table.startTime(sleeper.pid()) + startOffset, "1", true);
    }

    private Leftovers.Report sweep() throws IOException {
        return Leftovers.sweep(directory, NOPLogger.NOP_LOGGER, table, Duration.ofMillis(200));
    }

    @Test
    void anEmptyDirectoryHasNothingToTell() throws IOException {
        assertThat(sweep()).isEqualTo(new Leftovers.Report(List.of(), List.of(), List.of()));
    }

    @Test
    void aRecordedProcessIsEnded() throws Exception {
        try (RunRecords records = new RunRecords(directory, NONCE)) {
            records.started("web", target(0));
        }
        Leftovers.Report report = sweep();
        assertThat(report.unfinished()).containsExactly("web");
        assertThat(report.alive()).containsExactly(sleeper.pid());
        assertThat(sleeper.waitFor()).isEqualTo(143);
        assertThat(sweep().clean()).isTrue();
    }

    @Test
    void anotherProcessOfTheSamePidIsLeftAlone() throws IOException {
        try (RunRecords records = new RunRecords(directory, NONCE)) {
            records.started("web", target(1));
        }
        Leftovers.Report report = sweep();
        assertThat(report.unfinished()).containsExactly("web");
        assertThat(report.alive()).isEmpty();
        assertThat(sleeper.isAlive()).isTrue();
    }

    @Test
    void anEndedProcessAndOneOfBeforeTheLastBootAreLeftAlone() throws IOException {
        try (RunRecords records = new RunRecords(directory, NONCE)) {
            records.started("web", target(0));
            records.ended(List.of(target(0)));
        }
        assertThat(sweep().clean()).isTrue();
        Files.writeString(
                directory.resolve("workers"),
                "node " + NONCE + " another-boot\nstart 1 web " + sleeper.pid() + ' '
                        + target(0).start() + '\n');
        assertThat(sweep().alive()).isEmpty();
        assertThat(sleeper.isAlive()).isTrue();
    }

    /** The kind: records of a node that may run, in a directory that is a copy of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"copied", "moved", "of a version that did not say whose they are"})
    void recordsAreThoseOfTheirDirectory(String what, @TempDir Path temp) throws Exception {
        Path origin = Files.createDirectory(temp.resolve("origin"));
        try (RunRecords records = new RunRecords(origin, NONCE)) {
            records.started("web", target(0));
        }
        Process watchdog = new ProcessBuilder("sleep", "300").start();
        Process marked = marked();
        try {
            Files.writeString(
                    origin.resolve("watchdog"), watchdog.pid() + " " + table.startTime(watchdog.pid()) + " " + NONCE);
            Files.writeString(origin.resolve("cgroups"), "/not/there/millwright-00000000000000ab\n");
            Path run = temp.resolve("run");
            if (what.equals("moved")) {
                Files.move(origin, run);
            } else {
                Files.createDirectory(run);
                for (String file : List.of("watchdog", "workers", "cgroups")) {
                    Files.copy(origin.resolve(file), run.resolve(file));
                }
            }
            if (what.startsWith("of")) {
                Path journal = run.resolve("workers");
                Files.writeString(journal, Files.readString(journal).replaceAll("(?m)^directory .*\n", ""));
            }
            boolean copied = what.equals("copied");
            Leftovers.Report report = Leftovers.sweep(run, NOPLogger.NOP_LOGGER, table, Duration.ofMillis(200));
            assertThat(report.clean()).isEqualTo(copied);
            assertThat(List.of(sleeper, marked, watchdog))
                    .allSatisfy(process -> assertThat(process.isAlive()).isEqualTo(copied));
            assertThat(run).isEmptyDirectory();
        } finally {
            watchdog.destroyForcibly().waitFor();
            marked.destroyForcibly().waitFor();
        }
    }

    /** Its disk may have another number since. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void onlyRecordsOfThisBootAreToldToBeACopys(boolean thisBoot) throws IOException {
        Files.writeString(
                directory.resolve("workers"),
                "node " + NONCE + ' ' + (thisBoot ? RunRecords.bootId() : "another-boot") + "\ndirectory dev1ino1\n");
        List<String> said = new ArrayList<>();
        Logger log = (Logger) Proxy.newProxyInstance(
                Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, words) -> {
                    said.add(String.valueOf(words[0]));
                    return null;
                });
        assertThat(Leftovers.sweep(directory, log, table, Duration.ZERO).clean())
                .isTrue();
        assertThat(said).hasSize(thisBoot ? 1 : 0).allMatch(line -> line.contains("is a copy"));
    }

    private static Process marked() throws IOException {
        ProcessBuilder fled = new ProcessBuilder("sleep", "300");
        fled.environment().put(Tag.NODE, NONCE);
        return fled.start();
    }

    @Test
    void aDamagedJournalIsReadAsFarAsItGoes() throws IOException {
        Files.write(directory.resolve("workers"), new byte[] {0, -1, '\n', 's', 't', 'a', 'r', 't', ' ', '1'});
        Files.writeString(directory.resolve("watchdog"), "12");
        assertThat(sweep().clean()).isTrue();
    }

    @Test
    void aWatchdogThatDoesNotEndIsEnded() throws Exception {
        Files.writeString(
                directory.resolve("watchdog"), sleeper.pid() + " " + table.startTime(sleeper.pid()) + " " + NONCE);
        assertThat(sweep().clean()).isTrue();
        assertThat(sleeper.waitFor()).isEqualTo(137);
    }

    @Test
    void anOrderlyEndOfWhichNothingIsLeftIsForgotten() throws Exception {
        try (RunRecords records = new RunRecords(directory, NONCE)) {
            records.started("web", target(0));
            records.ended(List.of(target(0)));
        }
        Files.writeString(directory.resolve("watchdog"), "1000000000 1 " + NONCE);
        Leftovers.forget(directory, NOPLogger.NOP_LOGGER);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whatMayBeLeftIsRemembered() throws Exception {
        String gone = "1000000000 1 " + NONCE;
        try (RunRecords records = new RunRecords(directory, NONCE)) {
            Leftovers.forget(directory, NOPLogger.NOP_LOGGER);
            assertThat(directory.resolve("workers")).as("no watchdog is known").exists();
            Files.writeString(
                    directory.resolve("watchdog"), sleeper.pid() + " " + table.startTime(sleeper.pid()) + " " + NONCE);
            Leftovers.forget(directory, NOPLogger.NOP_LOGGER);
            assertThat(directory.resolve("workers")).as("the watchdog lives").exists();
            Files.writeString(directory.resolve("watchdog"), gone);
            Process process = marked();
            try {
                Leftovers.forget(directory, NOPLogger.NOP_LOGGER);
                assertThat(directory.resolve("workers"))
                        .as("a process of the node lives")
                        .exists();
            } finally {
                process.destroyForcibly().waitFor();
            }
            records.started("web", target(0));
            Leftovers.forget(directory, NOPLogger.NOP_LOGGER);
            assertThat(directory.resolve("workers")).as("a worker is not ended").exists();
        }
    }

    @Test
    void theJournalStaysSmall() throws IOException {
        Target kept = new Target(5, 6, "kept", true);
        try (RunRecords records = new RunRecords(directory, NONCE)) {
            records.started("kept", kept);
            for (int i = 0; i < 60_000; i++) {
                Target target = new Target(i + 2, i, Integer.toString(i), true);
                records.started("w", target);
                records.ended(List.of(target));
            }
        }
        assertThat(Files.size(directory.resolve("workers"))).isLessThan(1_200_000);
        assertThat(Files.readString(directory.resolve("workers")))
                .startsWith("node " + NONCE + ' ')
                .contains("start kept kept 5 6\n");
    }

    /** At the end of its input the watchdog ends what is in the journal or was told to it, and nobody who was taken off. */
    @Test
    void whoIsTakenOffTheListIsLeftAlone() throws Exception {
        Process other = new ProcessBuilder("setsid", "sleep", "300").start();
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
        try (RunRecords records = new RunRecords(directory, NONCE);
                Watchdog watchdog = new Watchdog(
                        List.of(),
                        NONCE,
                        Duration.ofSeconds(1),
                        directory.resolve("watchdog"),
                        records,
                        table,
                        timer)) {
            watchdog.awaitUp(Duration.ofSeconds(60));
            Process group = new ProcessBuilder("setsid", "sleep", "300").start();
            Process told = new ProcessBuilder("setsid", "sleep", "300").start();
            watchdog.add(other.pid(), table.startTime(other.pid()));
            watchdog.remove(other.pid());
            watchdog.add(told.pid(), table.startTime(told.pid()));
            Target gone = new Target(other.pid(), table.startTime(other.pid()), "1", true);
            records.started("gone", gone);
            records.ended(List.of(gone));
            records.started("a-pid-that-is-anothers", new Target(other.pid(), gone.start() + 1, "2", true));
            records.started("there", new Target(group.pid(), table.startTime(group.pid()), "3", true));
            // A line that was being written when the node died.
            Files.writeString(directory.resolve("workers"), "start 4 torn " + other.pid(), StandardOpenOption.APPEND);
            watchdog.close();
            assertThat(group.waitFor()).isEqualTo(143);
            assertThat(told.waitFor()).isEqualTo(143);
            assertThat(other.isAlive()).isTrue();
        } finally {
            timer.shutdownNow();
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void theWatchdogNeverSignalsTheNodeItsGroupOrInit() throws Exception {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
        try (RunRecords records = new RunRecords(directory, NONCE);
                Watchdog watchdog = new Watchdog(
                        List.of(),
                        NONCE,
                        Duration.ofSeconds(1),
                        directory.resolve("watchdog"),
                        records,
                        table,
                        timer)) {
            long own = ProcessHandle.current().pid();
            for (long id : new long[] {-1, 0, 1, own, table.ownGroup()}) {
                assertThatThrownBy(() -> watchdog.signalGroup("TERM", id)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> watchdog.signalProcess("TERM", id))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> watchdog.add(id, 1)).isInstanceOf(IllegalArgumentException.class);
            }
            watchdog.awaitUp(Duration.ofSeconds(60));
            assertThat(watchdog.signalGroup("TERM", sleeper.pid()).join()).isFalse();
            assertThat(watchdog.signalProcess("TERM", sleeper.pid()).join()).isTrue();
            assertThat(sleeper.waitFor()).isEqualTo(143);
        } finally {
            timer.shutdownNow();
        }
        assertThatThrownBy(() -> {
                    try (RunRecords records = new RunRecords(directory, NONCE);
                            Watchdog closed = new Watchdog(
                                    List.of(),
                                    NONCE,
                                    Duration.ofSeconds(1),
                                    directory.resolve("watchdog"),
                                    records,
                                    table,
                                    timer)) {
                        closed.close();
                        closed.awaitUp(Duration.ofSeconds(60));
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("closed");
    }
}
