package io.millwright.controller.internal.process.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.BackendKind;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.internal.process.Launch.Output;
import io.millwright.controller.internal.process.OutputSink;
import io.millwright.controller.internal.process.ProcessExit;
import io.millwright.controller.internal.process.RawText;
import io.millwright.controller.internal.process.SystemPath;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(Kind.class)
class BackendTest {
    @RegisterExtension
    final BackendFixture fixture;

    BackendTest(Kind kind) {
        fixture = new BackendFixture(kind);
    }

    @ParameterizedTest
    @CsvSource({
        "exit 0, 0,",
        "exit 3, 3,",
        "exit 126, 126,",
        "exit 127, 127,",
        "exit 255, 255,",
        "kill -s SEGV $$, , SEGV",
        "kill -s KILL $$, , KILL",
        "kill -s TERM $$, , TERM",
        "kill -s USR1 $$, , USR1"
    })
    void tellsHowAProcessEnded(String script, Integer code, String signal) throws IOException {
        assertThat(fixture.sh("ulimit -c 0; " + script).exit()).isEqualTo(new ProcessExit(code, signal));
    }

    @Test
    void aScriptWithoutAnInterpreterLineIsRunByTheShell() throws IOException {
        Path script = Files.writeString(fixture.directory().resolve("bare"), "echo \"$0 $1\"\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        assertThat(fixture.start(Running.plan(script.toString(), "a b")).output())
                .isEqualTo(script + " a b\n");
    }

    /** The kind: names and arguments are bytes; the JDK, and so the portable backend, refuses by name what it would change. */
    @ParameterizedTest
    @ValueSource(strings = {"größe", "日本", "gr\udcf6\udcdfe"})
    @EnabledOnOs(OS.LINUX)
    void namesAndArgumentsAreTheBytesTheyWere(String name) throws IOException {
        Path folder = Files.createDirectory(fixture.directory().resolve(SystemPath.of(name)));
        Path script = folder.resolve(SystemPath.of(name + "!"));
        Files.writeString(script, "#!/bin/sh\nprintf '%s|' \"$0\" \"$1\" \"$(pwd)\" | od -An -v -tx1 | tr -d ' \\n'\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        LaunchPlan plan = LaunchPlan.builder("executable", List.of(SystemPath.text(script), name), folder)
                .environment(Map.of("PATH", "/usr/bin:/bin"))
                .build();
        boolean text = RawText.withoutRaw(name).equals(name);
        if (fixture.backend().kind() == BackendKind.PORTABLE && !text) {
            assertThatThrownBy(() -> fixture.start(plan))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the program's path")
                    .hasMessageContaining("no UTF-8");
            return;
        }
        String all = SystemPath.text(script) + "|" + name + "|" + SystemPath.text(folder) + "|";
        assertThat(fixture.start(plan).output()).isEqualTo(HexFormat.of().formatHex(RawText.encode(all)));
    }

    @Test
    void refusesWhatCannotBeStartedAndLeavesNothing() throws IOException {
        LaunchPlan plan = LaunchPlan.builder("executable", List.of("/bin/true"), Path.of("/no/such/dir"))
                .build();
        assertThatThrownBy(() -> Running.start(fixture.backend(), "w", plan))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/no/such/dir");
        assertThatThrownBy(() -> Running.start(fixture.backend(), "w", Running.plan("/bin/echo", "a\0b")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("NUL");
        assertThatThrownBy(() -> Running.start(
                        fixture.backend(), "w", Running.plan("/bin/true").withVariable("A=B", "secret")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'A=B'")
                .hasMessageNotContaining("secret");
        assertThat(fixture.alive()).isEmpty();
    }

    /** The kind: a limit that is passed is said with the thing that passes it, its size, and the limit. */
    @Test
    void whatIsTooLongIsNamedWithItsSize() {
        String long1 = "x".repeat(1 << 18);
        assertThatThrownBy(() -> fixture.start(Running.plan("/bin/echo", "short", long1)))
                .hasMessageContaining("/bin/echo")
                .hasMessageContaining("argument 2 has 262144 bytes, and the system takes at most 131071 for one");
        LaunchPlan plan = Running.plan("/bin/echo");
        LaunchPlan big = plan.withVariable("BIG", "\u00e9".repeat(1 << 17));
        assertThatThrownBy(() -> fixture.start(big))
                .hasMessageContaining("environment variable 'BIG' has 262148 bytes");
        String[] many = new String[101];
        Arrays.fill(many, "y".repeat(100_000));
        many[0] = "/bin/echo";
        many[7] = "y".repeat(100_001);
        assertThatThrownBy(() -> fixture.start(Running.plan(many)))
                .hasMessageContaining("its 100 arguments and ")
                .hasMessageContaining("bytes together, the most of them argument 7 (100001)");
    }

    @Test
    void deliversOutputToTheLastByteAndWithoutALineEnd() throws IOException {
        for (int i = 0; i < 20; i++) {
            Running running = fixture.sh("printf 'one\\ntwo'; printf 'err' >&2; exit 0");
            assertThat(running.output()).isEqualTo("one\ntwo");
            assertThat(running.err.text()).isEqualTo("err");
            assertThat(running.out.end).isCompleted();
            assertThat(running.err.end).isCompleted();
        }
    }

    @Test
    void fiftyMegabytesArriveExactly() throws IOException {
        AtomicLong count = new AtomicLong();
        Running running = fixture.keep(new Running());
        OutputSink counting = new OutputSink() {
            @Override
            public void accept(ByteBuffer bytes) {
                count.addAndGet(bytes.remaining());
            }

            @Override
            public void end() {}
        };
        running.spawn(
                fixture.backend(),
                "big",
                Running.plan("/bin/sh", "-c", "exec head -c 52428800 /dev/zero"),
                new Output.Pipe(counting),
                new Output.Drop());
        Running.get(running.drained);
        assertThat(count).hasValue(52428800);
    }

    @Test
    void whoWritesAfterTheMainProcessEndedIsHeardToo() throws IOException {
        // The JDK would close its pipes at the main process's exit, and the other would die of SIGPIPE.
        Path go = fixture.directory().resolve("go");
        Running running = fixture.sh("(while [ ! -e " + go + " ]; do sleep 0.05; done; echo last words) & echo main");
        running.exit();
        running.awaitOutput("main");
        assertThat(running.drained).isNotDone();
        Files.createFile(go);
        assertThat(running.output()).isEqualTo("main\nlast words\n");
        Running.get(running.process().groupGone());
        assertThat(Running.get(running.process().endTree())).isZero();
    }

    @Test
    void aProcessThatClosesItsOutputLivesOn() throws IOException {
        Running running = fixture.sh("echo hello; exec >&- 2>&-; exec sleep 300");
        assertThat(running.output()).isEqualTo("hello\n");
        assertThat(running.exit).isNotDone();
        assertThat(Running.get(running.process().signalGroup(Signal.TERM))).isTrue();
        assertThat(running.exit().signal()).isEqualTo("TERM");
    }

    @Test
    void aSinkThatThrowsDoesNotStopTheProcess() throws IOException {
        Running running = fixture.keep(new Running());
        OutputSink bad = new OutputSink() {
            @Override
            public void accept(ByteBuffer bytes) {
                throw new IllegalStateException("on purpose");
            }

            @Override
            public void end() {
                throw new IllegalStateException("on purpose");
            }
        };
        running.spawn(
                fixture.backend(),
                "bad",
                Running.plan("/bin/sh", "-c", "head -c 1000000 /dev/zero; exit 5"),
                new Output.Pipe(bad),
                new Output.Pipe(running.err));
        assertThat(running.exit().code()).isEqualTo(5);
        Running.get(running.drained);
    }

    @Test
    void writesToFilesDropsAndCloses() throws IOException {
        Path file = Files.writeString(fixture.directory().resolve("log"), "before\n");
        Running running = fixture.keep(new Running());
        String script = "echo out; echo err >&2";
        running.spawn(
                fixture.backend(),
                "file",
                Running.plan("/bin/sh", "-c", script),
                new Output.ToFile(file),
                new Output.ToFile(file));
        assertThat(running.exit().code()).isZero();
        Running.get(running.drained);
        assertThat(file).hasContent("before\nout\nerr\n");

        Running dropped = fixture.keep(new Running());
        dropped.spawn(
                fixture.backend(), "drop", Running.plan("/bin/sh", "-c", script), new Output.Drop(), new Output.Drop());
        assertThat(dropped.exit().code()).isZero();
        Running.get(dropped.drained);

        Running closed = fixture.keep(new Running());
        closed.spawn(
                fixture.backend(),
                "closed",
                Running.plan("/bin/sh", "-c", "trap '' PIPE; while echo x 2>/dev/null; do :; done; exit 9"),
                new Output.Closed(),
                new Output.Drop());
        assertThat(closed.exit().code()).isEqualTo(9);
    }

    /** The kind: what stands where output goes holds up nothing, and output leaves the folder through no link. */
    @ParameterizedTest
    @ValueSource(strings = {"mkfifo log", "mkdir log", "ln -s elsewhere log", "ln -s none/log log"})
    void onlyARegularFileIsOpenedForOutput(String making) throws Exception {
        Path directory = fixture.directory();
        Path elsewhere = Files.createFile(directory.resolve("elsewhere"));
        assertThat(new ProcessBuilder("/bin/sh", "-c", making)
                        .directory(directory.toFile())
                        .start()
                        .waitFor())
                .isZero();
        Output log = new Output.ToFile(directory.resolve("log"));
        Running running = new Running();
        assertThatThrownBy(() ->
                        running.spawn(fixture.backend(), "w", Running.plan("/bin/echo", "x"), log, new Output.Drop()))
                .hasMessageContaining("log for output: it is a")
                .hasMessageContaining("not a regular file");
        assertThat(elsewhere).isEmptyFile();
    }

    @Test
    void standardInputIsGivenInOrder() throws IOException {
        Running running = fixture.start(
                Running.plan("/bin/cat").withInput(LaunchPlan.Input.of("one ".getBytes(StandardCharsets.UTF_8), true)));
        Running.get(running.process().write("two ".getBytes(StandardCharsets.UTF_8)));
        Running.get(running.process().write("three".getBytes(StandardCharsets.UTF_8)));
        running.process().closeInput();
        assertThat(running.output()).isEqualTo("one two three");
        assertThat(running.exit().code()).isZero();
        assertThat(running.process().write(new byte[1]))
                .failsWithin(Running.LIMIT, TimeUnit.SECONDS)
                .withThrowableThat()
                .withMessageContaining("closed");

        Running fixed = fixture.start(
                Running.plan("/bin/cat").withInput(LaunchPlan.Input.of("x".getBytes(StandardCharsets.UTF_8), false)));
        assertThat(fixed.output()).isEqualTo("x");
        Running none = fixture.start(Running.plan("/bin/cat"));
        assertThat(none.output()).isEmpty();
        assertThat(none.process().write(new byte[1])).failsWithin(Running.LIMIT, TimeUnit.SECONDS);
    }

    @Test
    void whoDoesNotReadItsInputBlocksNobody() throws IOException {
        Running running = fixture.start(
                Running.plan("/bin/sleep", "300").withInput(LaunchPlan.Input.of(new byte[4 << 20], true)));
        assertThat(running.process().write(new byte[100]))
                .failsWithin(Running.LIMIT, TimeUnit.SECONDS)
                .withThrowableThat()
                .withMessageContaining("does not read");
        assertThat(fixture.sh("echo other").output()).isEqualTo("other\n");
        Running.get(running.process().signalGroup(Signal.KILL));
        assertThat(running.exit().signal()).isEqualTo("KILL");
    }

    @Test
    void signalsRightAfterTheStartArrive() throws IOException {
        // Before setsid has run there is no group yet.
        for (int i = 0; i < 20; i++) {
            Running running = fixture.start(Running.plan("/bin/sleep", "300"));
            assertThat(Running.get(running.process().signalGroup(Signal.TERM))).isTrue();
            assertThat(running.exit().signal()).isEqualTo("TERM");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Signal.class,
            names = {"TTIN", "TTOU", "PWR", "WINCH"})
    void signalsThatServersGiveAMeaningArrive(Signal signal) throws IOException {
        Running running = fixture.sh("trap 'echo got' " + signal + "; echo ready; while :; do sleep 0.05; done");
        running.awaitOutput("ready");
        assertThat(Running.get(running.process().signalMain(signal))).isTrue();
        running.awaitOutput("got");
        Running.get(running.process().endTree());
        running.exit();
    }

    @Test
    void signalsReachTheGroupOrTheMainProcessAlone() throws IOException {
        Running running = fixture.sh("trap 'echo main' USR1; (trap 'echo child' USR1; echo ready1;"
                + " while :; do sleep 0.05; done) & echo ready2; while :; do sleep 0.05; done");
        running.awaitOutput("ready1").awaitOutput("ready2");
        assertThat(Running.get(running.process().signalMain(Signal.USR1))).isTrue();
        running.awaitOutput("main");
        assertThat(running.out.text()).doesNotContain("child");
        assertThat(Running.get(running.process().signalGroup(Signal.USR1))).isTrue();
        running.awaitOutput("child");
        Running.get(running.process().endTree());
        running.exit();
        assertThat(Running.get(running.process().signalMain(Signal.TERM))).isFalse();
        assertThat(Running.get(running.process().signalGroup(Signal.TERM))).isFalse();
    }

    @Test
    void nothingIsToldOfASpawnThatFailed() {
        Running running = new Running();
        assertThatThrownBy(() -> running.spawn(
                        fixture.backend(),
                        "w",
                        Running.plan("/bin/true"),
                        new Output.ToFile(Path.of("/no/such/dir/log")),
                        new Output.Drop()))
                .hasMessageContaining("/no/such/dir/log");
        assertThat(running.exit).isNotDone();
    }

    @Test
    void abandonedOutputEnds() throws Exception {
        Running running = fixture.sh("echo main; exec sleep 300");
        running.awaitOutput("main");
        // This process is no descendant, and has the pipe.
        try (FileOutputStream holder =
                new FileOutputStream("/proc/" + running.process().pid() + "/fd/1")) {
            Running.get(running.process().endTree());
            running.exit();
            assertThat(running.drained).isNotDone();
            running.process().abandonOutput();
            running.process().abandonOutput();
            Running.get(running.drained);
            assertThat(holder.getFD().valid()).isTrue();
        }
        assertThat(running.out.end).isCompleted();
    }

    @Test
    void aHundredProcessesLeaveNoThreadAndNoDescriptor() throws Exception {
        fixture.sh("exit 0").output();

        Set<String> threads = threads();
        int descriptors = descriptors();
        for (int i = 0; i < 100; i++) {
            Running running = i % 2 == 0
                    ? fixture.sh("echo hello")
                    : fixture.start(Running.plan("/bin/cat")
                            .withInput(LaunchPlan.Input.of("x".getBytes(StandardCharsets.UTF_8), false)));
            running.exit();
            running.output();
            Running.get(running.process().groupGone());
        }
        Awaitility.await().atMost(Running.LIMIT, TimeUnit.SECONDS).untilAsserted(() -> {
            Set<String> more = new HashSet<>(threads());
            more.removeAll(threads);
            assertThat(more).isEmpty();
            assertThat(descriptors()).isLessThanOrEqualTo(descriptors);
        });
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("millwright-io"))
                .collect(Collectors.toSet());
    }

    private static int descriptors() {
        String[] names = new java.io.File("/proc/self/fd").list();
        return names == null ? 0 : names.length;
    }

    @Test
    void afterCloseNothingStarts() throws IOException {
        fixture.backend().close();
        assertThatThrownBy(() -> fixture.sh("exit 0")).hasMessageContaining("the node is ending");
    }
}
