package io.millwright.controller.internal.process.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millwright.controller.api.Signal;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.orphan.Leftovers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.helpers.NOPLogger;

/**
 * Descendants that have shaken off what a supervisor knows its processes by. The kind: a process of a worker that is in another
 * session and group and has none of the environment it was born with, or has overwritten it; its parent alive or gone, its
 * output kept or closed, its user the same or another. However a worker ends, and whatever ends the node, nothing of it
 * survives, beside no other worker and beside fifty.
 */
@EnabledOnOs(OS.LINUX)
@Tag("long")
class EscapeTest {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** How a process gets away; {@code TOKEN} is in its command line. */
    enum Escape {
        EMPTY_ENVIRONMENT("env -i /bin/sh -c 'setsid sleep TOKEN & wait' & wait"),
        RESET_ENVIRONMENT("setpriv --reset-env /bin/sh -c 'setsid sleep TOKEN & wait' & wait"),
        IN_PLACE("exec env -i /bin/sh -c 'setsid sleep TOKEN & wait'"),
        SILENT("env -i setsid /bin/sh -c 'sleep TOKEN & wait' </dev/null >/dev/null 2>&1 & wait"),
        DOUBLE_FORK("(env -i setsid sleep TOKEN </dev/null >/dev/null 2>&1 &); sleep TOKEN"),
        ANOTHER_USER("exec su - nobody -s /bin/sh -c 'sleep TOKEN & wait'"),
        DAEMON("perl -MPOSIX -e 'fork && exit; POSIX::setsid(); fork && exit; $0 = \"TOKEN\" . \" x\" x 2000;"
                + " close STDIN; close STDOUT; close STDERR; sleep 300'; sleep TOKEN");

        /**
         * The second mark is set when the program has begun already. What forks before that, as can be on a machine at its limit,
         * and does all of the above, is not told from what another worker may have left.
         */
        private static final String MARKED =
                "until grep -q '^Max file locks *1[0-9]' /proc/self/limits; do i=$((i + 1)); [ $i = 999 ] && break; done; ";

        private final String script;

        Escape(String script) {
            this.script = script;
        }

        String script(String token) {
            return MARKED + plain(token);
        }

        /** The same at once, marked or not. */
        String plain(String token) {
            return script.replace("TOKEN", token);
        }

        /** Whether this machine and user can do it. */
        boolean isPossible() {
            return switch (this) {
                case ANOTHER_USER -> System.getProperty("user.name").equals("root") && Files.exists(Path.of("/bin/su"));
                case RESET_ENVIRONMENT -> Files.exists(Path.of("/usr/bin/setpriv"));
                case DAEMON -> Files.exists(Path.of("/usr/bin/perl"));
                default -> true;
            };
        }
    }

    /** How a worker ends. */
    enum End {
        /** As {@code kill -9} of the main process by somebody else. */
        KILL_OF_MAIN,
        STOP,
        KILL
    }

    private final String nonce = BackendFixture.nonce();
    /** A length of sleep that nobody else has. */
    private final String token = "30" + ProcessHandle.current().pid() + "." + NUMBER.incrementAndGet() + "5";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @AfterEach
    void endStrangers() throws IOException {
        for (long pid : escaped()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Running.LIMIT, TimeUnit.SECONDS).pollInterval(10, TimeUnit.MILLISECONDS);
    }

    /** Processes with the token, those that only pass it on left out. */
    private List<Long> escaped() throws IOException {
        List<Long> found = new ArrayList<>();
        String[] names = Path.of("/proc").toFile().list();
        for (String name : names == null ? new String[0] : names) {
            if (name.matches("\\d+")) {
                String line = "";
                try {
                    line = Files.readString(Path.of("/proc", name, "cmdline"), StandardCharsets.ISO_8859_1);
                } catch (IOException e) {
                    // It has ended.
                }
                if (line.startsWith("sleep\0" + token) || line.startsWith(token)) {
                    found.add(Long.parseLong(name));
                }
            }
        }
        return found;
    }

    /** Whether the process that got away is there, and the worker has come to rest. */
    private boolean isOut(Escape escape) throws IOException {
        return escaped().size() == (escape == Escape.DOUBLE_FORK || escape == Escape.DAEMON ? 2 : 1);
    }

    static Stream<Arguments> ends() {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind != Kind.LINUX_DIRECT && kind.isExpected())
                .flatMap(kind -> Arrays.stream(Escape.values())
                        .filter(escape -> escape.isPossible())
                        .flatMap(escape -> Arrays.stream(End.values())
                                .filter(end -> isPromised(kind, escape, end))
                                .flatMap(end -> Stream.of(0, 50)
                                        .filter(beside -> kind == Kind.LINUX || beside == 0)
                                        .map(beside -> Arguments.of(kind, escape, end, beside)))));
    }

    /** The portable backend knows an orphan by its mark alone, and a descendant while its parents live. */
    private static boolean isPromised(Kind kind, Escape escape, End end) {
        return kind == Kind.LINUX
                || (end != End.KILL_OF_MAIN && escape != Escape.DOUBLE_FORK && escape != Escape.DAEMON);
    }

    @ParameterizedTest
    @MethodSource("ends")
    void nothingSurvivesItsWorker(Kind kind, Escape escape, End end, int beside) throws Exception {
        try (ProcessBackend backend = kind.open(nonce, directory, Duration.ofSeconds(1))) {
            List<Running> others = new ArrayList<>();
            for (int i = 0; i < beside; i++) {
                others.add(Running.sh(backend, "other" + i, "exec sleep 300"));
            }
            Running running = Running.sh(backend, "w", escape.script(token));
            await().until(() -> isOut(escape));
            switch (end) {
                case KILL_OF_MAIN ->
                    ProcessHandle.of(running.process().pid()).orElseThrow().destroyForcibly();
                case STOP -> {
                    Running.get(running.process().signalGroup(Signal.TERM));
                    // A process of the group is told to end and may be waited for; one that has left the group is not
                    // told.
                    running.exit();
                    Running.get(running.process().groupGone());
                }
                case KILL ->
                    assertThat(Running.get(running.process().endTree())).isPositive();
            }
            running.exit();
            Running.get(running.process().endTree());
            assertThat(escaped()).isEmpty();
            Running.get(running.drained);
            // Nobody else was taken for it.
            assertThat(others).noneMatch(other -> other.exit.isDone());
            others.forEach(other -> Running.get(other.process().endTree()));
        }
    }

    /** All that are possible here, at once; a subshell that is forked before its parent has the second mark never gets it. */
    private String all() {
        StringBuilder script = new StringBuilder(Escape.MARKED);
        for (Escape escape : Escape.values()) {
            if (escape.isPossible()) {
                script.append('(').append(escape.script(token)).append(") & ");
            }
        }
        return script.append("wait").toString();
    }

    private Process node(Kind kind, int count) throws IOException {
        Process node = new ProcessBuilder(NodeMain.command(kind, directory, nonce, count, all()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int all = (int) Arrays.stream(Escape.values())
                .filter(Escape::isPossible)
                .mapToInt(escape -> escape == Escape.DOUBLE_FORK || escape == Escape.DAEMON ? 2 : 1)
                .sum();
        await().until(() -> escaped().size() == count * all);
        return node;
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"LINUX"})
    void nothingSurvivesTheEndOfTheNode(Kind kind) throws Exception {
        assumeTrue(kind.isExpected());
        Process node = node(kind, 3);
        node.getOutputStream().close();
        assertThat(node.waitFor()).isZero();
        assertThat(escaped()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"LINUX"})
    void nothingSurvivesTheDeathOfTheNode(Kind kind) throws Exception {
        assumeTrue(kind.isExpected());
        Process node = node(kind, 3);
        node.destroyForcibly().waitFor();
        await().until(() -> escaped().isEmpty());
    }

    @Test
    void theNextNodeEndsWhatHasSurvivedTheWatchdogToo() throws Exception {
        assumeTrue(Kind.LINUX.isExpected());
        Process node = node(Kind.LINUX, 3);
        new ProcessBuilder("/bin/sh", "-c", "kill -s STOP " + node.pid())
                .start()
                .waitFor();
        ProcessHandle.of(BackendFixture.watchdogPid(directory)).orElseThrow().destroyForcibly();
        node.destroyForcibly().waitFor();
        Leftovers.sweep(directory, NOPLogger.NOP_LOGGER);
        assertThat(escaped()).isEmpty();
    }
}
