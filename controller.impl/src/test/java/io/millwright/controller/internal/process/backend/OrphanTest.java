package io.millwright.controller.internal.process.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millwright.controller.api.Signal;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.orphan.Leftovers;
import io.millwright.controller.internal.process.tree.ProcessTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.helpers.NOPLogger;

/** Nodes that die: nothing of them survives. */
@EnabledOnOs(OS.LINUX)
@ParameterizedClass
@EnumSource(Kind.class)
@Tag("long")
class OrphanTest {
    private static final String STUBBORN =
            "trap '' TERM INT HUP; setsid sleep 300 & (trap '' TERM; while :; do sleep 1; done) & wait; sleep 300";

    private final ProcessTable table = ProcessTable.ofThisSystem();
    private final String nonce = BackendFixture.nonce();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final List<Process> nodes = new ArrayList<>();

    private final Kind kind;

    OrphanTest(Kind kind) {
        this.kind = kind;
        assumeTrue(kind.isExpected());
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        nodes.forEach(Process::destroyForcibly);
        assertThat(BackendFixture.alive(table, nonce)).isEmpty();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Running.LIMIT, TimeUnit.SECONDS).pollInterval(20, TimeUnit.MILLISECONDS);
    }

    private Process startNode(int count, String script, String until) throws IOException {
        Process node = new ProcessBuilder(NodeMain.command(kind, directory, nonce, count, script))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        nodes.add(node);
        BufferedReader reader = node.inputReader();
        String line = reader.readLine();
        while (line != null && !line.equals(until)) {
            line = reader.readLine();
        }
        assertThat(line).isEqualTo(until);
        return node;
    }

    private long watchdog() throws IOException {
        return BackendFixture.watchdogPid(directory);
    }

    private boolean runs(long pid) throws IOException {
        return table.list().stream().anyMatch(entry -> entry.pid() == pid && !entry.zombie());
    }

    private void awaitNothing() {
        await().until(() -> BackendFixture.alive(table, nonce).isEmpty());
    }

    @Test
    void whenTheNodeIsKilledItsWorkersAreEnded() throws Exception {
        Process node = startNode(20, STUBBORN, "all");
        long watchdog = watchdog();
        assertThat(BackendFixture.alive(table, nonce)).hasSizeGreaterThan(20);
        node.destroyForcibly().waitFor();
        Leftovers.Report report = Leftovers.sweep(directory, NOPLogger.NOP_LOGGER);
        // The next node has waited for the watchdog, which left nothing to it.
        assertThat(runs(watchdog)).isFalse();
        assertThat(report.unfinished()).hasSize(20).contains("w0", "w19");
        assertThat(report.alive()).isEmpty();
        assertThat(report.clean()).isFalse();
        assertThat(directory).isEmptyDirectory();
        assertThat(BackendFixture.alive(table, nonce)).isEmpty();
    }

    @Test
    void whenTheNodeIsKilledInTheMiddleOfStartingNothingSurvives() throws Exception {
        for (int i = 0; i < 3; i++) {
            Process node = startNode(200, "sleep 300", "started " + (5 + 3 * i));
            long watchdog = watchdog();
            node.destroyForcibly().waitFor();
            await().until(() -> !runs(watchdog));
            assertThat(BackendFixture.alive(table, nonce)).isEmpty();
        }
    }

    @Test
    void aKilledWatchdogIsReplacedAndTheNextOneKnowsAll() throws Exception {
        Process node = startNode(20, STUBBORN, "all");
        for (int i = 0; i < 3; i++) {
            long before = watchdog();
            ProcessHandle.of(before).orElseThrow().destroyForcibly();
            await().until(() -> watchdog() != before);
        }
        long watchdog = watchdog();
        node.destroyForcibly().waitFor();
        awaitNothing();
        await().until(() -> !runs(watchdog));
    }

    @Test
    void aWatchdogIgnoresWhatIsMeantForTheNodeAndEndsWithIt() throws Exception {
        Process node = startNode(2, "sleep 300", "all");
        long watchdog = watchdog();
        for (String signal : List.of("INT", "TERM", "HUP", "QUIT", "USR1")) {
            new ProcessBuilder("/bin/sh", "-c", "kill -s " + signal + " " + watchdog)
                    .start()
                    .waitFor();
        }
        assertThat(Files.readString(Path.of("/proc/" + watchdog + "/environ"))).doesNotContain(nonce);
        assertThat(Path.of("/proc/" + watchdog + "/fd").toFile().list()).containsExactlyInAnyOrder("0", "1", "2");
        assertThat(Files.readString(directory.resolve("watchdog"))).startsWith(watchdog + " ");
        node.getOutputStream().close();
        assertThat(node.waitFor()).isZero();
        assertThat(runs(watchdog)).isFalse();
        assertThat(directory.resolve("watchdog")).doesNotExist();
        assertThat(directory.resolve("workers")).doesNotExist();
        assertThat(Leftovers.sweep(directory, NOPLogger.NOP_LOGGER).clean()).isTrue();
    }

    @Test
    void theNextNodeEndsWhatANodeAndItsWatchdogLeftBehind() throws Exception {
        Process node = startNode(5, STUBBORN, "all");
        // The node must not have the time to start another.
        stop(node.pid());
        ProcessHandle.of(watchdog()).orElseThrow().destroyForcibly();
        node.destroyForcibly().waitFor();
        List<Long> alive = BackendFixture.alive(table, nonce);
        assertThat(alive).hasSizeGreaterThan(5);
        Leftovers.Report report = Leftovers.sweep(directory, NOPLogger.NOP_LOGGER);
        assertThat(report.unfinished()).containsExactly("w0", "w1", "w2", "w3", "w4");
        assertThat(report.alive()).hasSizeGreaterThan(5);
        assertThat(report.survivors()).isEmpty();
    }

    private static void stop(long pid) throws IOException, InterruptedException {
        new ProcessBuilder("/bin/sh", "-c", "kill -s STOP " + pid).start().waitFor();
    }

    @Test
    void signalsWorkWhenTheWatchdogHangsAndItGoesWithItsNode() throws Exception {
        long hanging;
        try (ProcessBackend backend = kind.open(nonce, directory, Duration.ofSeconds(1))) {
            Running running = Running.sh(backend, "w", "exec sleep 300");
            hanging = watchdog();
            stop(hanging);
            assertThat(Running.get(running.process().signalGroup(Signal.TERM))).isTrue();
            assertThat(running.exit().signal()).isEqualTo("TERM");
            Running.get(running.process().groupGone());
        }
        await().until(() -> !runs(hanging));
    }

    @Test
    void closingWithWorkersAliveEndsThemToo() throws Exception {
        ProcessBackend backend = kind.open(nonce, directory, Duration.ofSeconds(1));
        for (int i = 0; i < 3; i++) {
            Running.sh(backend, "w" + i, STUBBORN);
        }
        long watchdog = watchdog();
        backend.close();
        awaitNothing();
        await().until(() -> !runs(watchdog));
    }
}
