package io.millwright.controller.internal.process.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.Signal;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.internal.process.Enclosure;
import io.millwright.controller.internal.process.Launch;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.cgroup.LeftGroups;
import io.millwright.controller.internal.process.cgroup.RealGroups;
import io.millwright.controller.internal.process.cgroup.WorkerGroups;
import io.millwright.controller.internal.process.orphan.Leftovers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.helpers.NOPLogger;

/**
 * The kind: whatever a process of a worker with a group does to be forgotten, by both backends, and however the worker or the node
 * ends, nothing of it survives, no other worker is taken for it, and no group stays. In the kernel's own groups.
 */
@EnabledOnOs(OS.LINUX)
@Tag("long")
class EnclosureTest {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String nonce = BackendFixture.nonce();
    /** A length of sleep that nobody else has. */
    private final String token = "31" + ProcessHandle.current().pid() + "." + NUMBER.incrementAndGet() + "5";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @BeforeEach
    void groups() {
        RealGroups.require();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        LeftGroups.end(directory, NOPLogger.NOP_LOGGER);
        assertThat(sleeping()).isZero();
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Running.LIMIT, TimeUnit.SECONDS).pollInterval(10, TimeUnit.MILLISECONDS);
    }

    /** How many processes have the token in what they were called by. */
    private long sleeping() throws IOException {
        String[] names = Path.of("/proc").toFile().list();
        return Arrays.stream(names == null ? new String[0] : names)
                .filter(name -> name.matches("\\d+"))
                .filter(name -> {
                    try {
                        String line = Files.readString(Path.of("/proc", name, "cmdline"), StandardCharsets.ISO_8859_1);
                        return line.startsWith("sleep\0" + token) || line.startsWith(token);
                    } catch (IOException e) {
                        return false;
                    }
                })
                .count();
    }

    static Running start(ProcessBackend backend, WorkerGroups groups, String id, String script) throws IOException {
        Enclosure group = groups.make(id, Map.of());
        Running running = new Running();
        running.spawn(
                backend,
                new Launch(
                        new WorkerId(id),
                        Running.plan("/bin/sh", "-c", group.enter() + " && { " + script + "; }"),
                        Path.of("/bin/sh"),
                        new Launch.Output.Pipe(running.out),
                        new Launch.Output.Pipe(running.err),
                        false,
                        group));
        return running;
    }

    static Stream<Arguments> ends() {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind != Kind.LINUX_DIRECT && kind.isExpected())
                .flatMap(kind -> Arrays.stream(EscapeTest.Escape.values())
                        .filter(escape -> escape.isPossible())
                        .flatMap(escape ->
                                Arrays.stream(EscapeTest.End.values()).map(end -> Arguments.of(kind, escape, end))));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void nothingSurvivesItsWorker(Kind kind, EscapeTest.Escape escape, EscapeTest.End end) throws Exception {
        boolean two = escape == EscapeTest.Escape.DOUBLE_FORK || escape == EscapeTest.Escape.DAEMON;
        WorkerGroups groups = new WorkerGroups(directory);
        try (ProcessBackend backend = kind.open(nonce, directory, Duration.ofSeconds(1))) {
            Running bare = Running.sh(backend, "bare", "exec sleep 300");
            Running beside = start(backend, groups, "beside", "exec sleep 300");
            Running running = start(backend, groups, "w", escape.plain(token));
            await().until(() -> sleeping() == (two ? 2 : 1));
            switch (end) {
                case KILL_OF_MAIN ->
                    ProcessHandle.of(running.process().pid()).orElseThrow().destroyForcibly();
                case STOP -> {
                    Running.get(running.process().signalGroup(Signal.TERM));
                    running.exit();
                    Running.get(running.process().groupGone());
                }
                case KILL ->
                    assertThat(Running.get(running.process().endTree())).isPositive();
            }
            running.exit();
            Running.get(running.process().endTree());
            assertThat(sleeping()).isZero();
            Running.get(running.drained);
            Running.get(running.process().groupGone());
            assertThat(bare.exit.isDone() || beside.exit.isDone()).isFalse();
            for (Running other : List.of(bare, beside)) {
                Running.get(other.process().endTree());
                other.exit();
            }
            assertThat(groups.left()).isEmpty();
            assertThat(directory.resolve(LeftGroups.FILE)).doesNotExist();
        }
    }

    /** In a JVM of its own, which is killed: first its watchdog, too, so that it is the next life's to do. */
    private Process node(Kind kind, int count) throws IOException {
        List<String> words = new ArrayList<>(NodeMain.command(kind, directory, nonce, count, all()));
        words.add("groups");
        Process node = new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long each = Arrays.stream(EscapeTest.Escape.values())
                .filter(EscapeTest.Escape::isPossible)
                .mapToLong(
                        escape -> escape == EscapeTest.Escape.DOUBLE_FORK || escape == EscapeTest.Escape.DAEMON ? 2 : 1)
                .sum();
        await().until(() -> sleeping() == count * each);
        return node;
    }

    private String all() {
        StringBuilder script = new StringBuilder();
        for (EscapeTest.Escape escape : EscapeTest.Escape.values()) {
            if (escape.isPossible()) {
                script.append('(').append(escape.plain(token)).append(") & ");
            }
        }
        return script.append("wait").toString();
    }

    static Stream<Kind> kinds() {
        return Arrays.stream(Kind.values()).filter(kind -> kind != Kind.LINUX_DIRECT && kind.isExpected());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theWatchdogEndsTheGroupsOfANodeThatIsKilled(Kind kind) throws Exception {
        Process node = node(kind, 2);
        List<Path> made = RealGroups.noted(directory);
        assertThat(made).hasSize(1);
        node.destroyForcibly().waitFor();
        await().until(() -> sleeping() == 0 && !Files.exists(made.get(0)));
        Leftovers.sweep(directory, NOPLogger.NOP_LOGGER);
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theNextLifeEndsThemIfTheWatchdogWasKilledToo(Kind kind) throws Exception {
        Process node = node(kind, 2);
        List<Path> made = RealGroups.noted(directory);
        node.toHandle().children().forEach(child -> {
            if (child.pid() == watchdog()) {
                // Stopped first, the node cannot make another.
                stop(node.pid());
                child.destroyForcibly();
            }
        });
        node.destroyForcibly().waitFor();
        assertThat(sleeping()).isPositive();
        Leftovers.sweep(directory, NOPLogger.NOP_LOGGER);
        assertThat(sleeping()).isZero();
        assertThat(made).hasSize(1).noneMatch(Files::exists);
        assertThat(directory).isEmptyDirectory();
    }

    private long watchdog() {
        try {
            return BackendFixture.watchdogPid(directory);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void stop(long pid) {
        try {
            assertThat(new ProcessBuilder("/bin/kill", "-STOP", Long.toString(pid))
                            .start()
                            .waitFor())
                    .isZero();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aProcessThatNeverEnteredIsEndedWithItsGroup() throws Exception {
        WorkerGroups groups = new WorkerGroups(directory);
        try (ProcessBackend backend = Kind.PORTABLE.open(nonce, directory, Duration.ofSeconds(1))) {
            Enclosure group = groups.make("w", Map.of());
            Running running = new Running();
            running.spawn(
                    backend,
                    new Launch(
                            new WorkerId("w"),
                            Running.plan("/bin/sh", "-c", "exec sleep " + token),
                            Path.of("/bin/sh"),
                            new Launch.Output.Pipe(running.out),
                            new Launch.Output.Pipe(running.err),
                            false,
                            group));
            await().until(() -> sleeping() == 1);
            assertThat(group.holds(running.process().pid())).isFalse();
            Running.get(running.process().endTree());
            assertThat(running.exit().signal()).isEqualTo("KILL");
            Running.get(running.process().groupGone());
            assertThat(directory.resolve(LeftGroups.FILE)).doesNotExist();
        }
    }
}
