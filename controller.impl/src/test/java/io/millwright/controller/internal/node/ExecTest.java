package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.CommandExit;
import io.millwright.controller.api.CommandListener;
import io.millwright.controller.api.CommandSpec;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Role;
import io.millwright.controller.api.RunningCommand;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kind: a command of a caller runs as the worker's program does, says what it says as bytes, and is ended with all it began. */
class ExecTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path temp;

    private TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("n"));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private static CommandSpec shell(String text, String... arguments) {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", text, "sh"));
        words.addAll(List.of(arguments));
        return CommandSpec.of(words);
    }

    /** What one command said, and the hand on it. */
    private static class Said implements CommandListener {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        volatile RunningCommand command;

        @Override
        public void onBegin(RunningCommand begun) {
            command = begun;
        }

        @Override
        public void onOutput(LogEntry.Stream stream, byte[] data) {
            (stream == LogEntry.Stream.STDOUT ? out : err).writeBytes(data);
        }

        String text() {
            return out.toString(StandardCharsets.UTF_8);
        }

        void awaitText(String text) {
            await().atMost(LIMIT).until(() -> text().contains(text));
        }
    }

    private CompletableFuture<CommandExit> exec(String worker, CommandSpec command, CommandListener said) {
        return node.controller
                .execWorker(id(worker), command, said, TestNode.ME)
                .toCompletableFuture();
    }

    private String output(String worker, CommandSpec command) {
        Said said = new Said();
        assertThat(get(exec(worker, command, said)).code()).isZero();
        return said.text();
    }

    /** Zombies are gone; where the node is not their parent, it depends on the machine how long they stay. */
    private static boolean isAlive(long pid) {
        try {
            return !Files.readString(Path.of("/proc/" + pid + "/stat")).matches("(?s).*\\) [ZX] .*");
        } catch (IOException gone) {
            return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        }
    }

    /** A worker that runs, one that was stopped, one that has failed, and one instance of a group. */
    @Test
    void itRunsInTheWorkersPlaceWhetherThatRunsOrNot() throws IOException {
        Path place = Files.createDirectory(temp.resolve("place")).toRealPath();
        Map<String, Object> options = script(
                "exec sleep 600",
                "workdir",
                place.toString(),
                "env",
                Map.of("inherit", List.of("PATH"), "vars", Map.of("A", "b")),
                "umask",
                "027");
        node.start("runs", options);
        node.start("stopped", options);
        node.stop("stopped");
        node.start("fails", options);
        get(node.controller.stopWorker(id("fails"), StopOptions.KILL, TestNode.ME));
        Map<String, Object> several = new java.util.HashMap<>(options);
        several.put("instances", 2L);
        several.put("env", Map.of("inherit", List.of("PATH"), "vars", Map.of("A", "b", "I", "%i")));
        node.start("group", several);
        for (String worker : List.of("runs", "stopped", "fails", "group-2")) {
            assertThat(output(worker, shell("pwd; echo $A$1$NODE_ONLY; umask", "x y")))
                    .as(worker)
                    .isEqualTo(place + "\nbx y\n0027\n");
        }
        assertThat(output("group-2", shell("echo $I"))).isEqualTo("2\n");
        assertThat(node.log("runs")).as("its log").isEmpty();
        assertThat(node.events("runs")).containsExactly("STARTING", "STARTED");
    }

    @Test
    void theExitIsTheCommandsAndTheStreamsAreApart() {
        node.start("w", script("exec sleep 600"));
        Said said = new Said();
        CommandExit exit = get(exec("w", shell("echo out; echo err >&2; exit 3"), said));
        assertThat(exit.code()).isEqualTo(3);
        assertThat(exit.reason()).endsWith("ended with 3");
        assertThat(said.text()).isEqualTo("out\n");
        assertThat(said.err.toString(StandardCharsets.UTF_8)).isEqualTo("err\n");
        assertThat(get(exec("w", shell("kill -SEGV $$"), new Said())).signal()).isEqualTo("SEGV");
        assertThat(get(exec("w", shell("cat; echo end"), said)).code())
                .as("its input is at its end")
                .isZero();
        assertThat(node.info("w").status()).isEqualTo(WorkerState.STARTED);
    }

    @Test
    void bytesStayBytesInBothDirections() {
        node.start("w", script("exec sleep 600"));
        byte[] data = new byte[3_000_000];
        ThreadLocalRandom.current().nextBytes(data);
        Said said = new Said();
        CompletableFuture<CommandExit> exit =
                exec("w", CommandSpec.of(List.of("cat")).withOpenInput(true), said);
        for (int at = 0; at < data.length; at += 100_000) {
            get(said.command.write(Arrays.copyOfRange(data, at, at + 100_000)));
        }
        said.command.closeInput();
        assertThat(get(exit).code()).isZero();
        assertThat(said.out.toByteArray()).isEqualTo(data);
    }

    /** More of them than the threads that may be held by slow sinks; what they have not said waits in them. */
    @Test
    void commandsThatNobodyReadsHoldUpNothingAndLoseNothing() {
        node.start("w", script("exec sleep 600"));
        int commands = 20;
        long size = 3_000_000;
        CountDownLatch mayRead = new CountDownLatch(1);
        AtomicLong read = new AtomicLong();
        List<CompletableFuture<CommandExit>> exits = new ArrayList<>();
        for (int i = 0; i < commands; i++) {
            String text = "head -c " + size + " /dev/zero & head -c " + size + " /dev/zero >&2; wait; touch done" + i;
            exits.add(exec("w", shell(text), (stream, data) -> {
                try {
                    mayRead.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                read.addAndGet(data.length);
            }));
        }
        node.start("other", script("i=0; while :; do i=$((i + 1)); echo line $i; sleep 0.01; done"));
        node.awaitLog("other", "line 50");
        assertThat(exits).noneMatch(CompletableFuture::isDone);
        assertThat(temp.resolve("n").toFile().list()).doesNotContain("done0");
        mayRead.countDown();
        exits.forEach(exit -> assertThat(get(exit).code()).isZero());
        assertThat(read.get()).isEqualTo(2 * size * commands);
    }

    /** What a command says last is not lost because it is read late. */
    @Test
    void whatIsReadAfterTheEndIsAllThere() {
        node.start("w", script("exec sleep 600"));
        CountDownLatch ended = new CountDownLatch(1);
        AtomicLong read = new AtomicLong();
        CompletableFuture<CommandExit> exit =
                exec("w", shell("head -c 310000 /dev/zero; touch over"), (stream, data) -> {
                    try {
                        ended.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    read.addAndGet(data.length);
                });
        await().atMost(LIMIT).until(() -> Files.exists(temp.resolve("n/over")));
        ended.countDown();
        assertThat(get(exit).code()).isZero();
        assertThat(read).hasValue(310_000);
    }

    @Test
    void whenItsTimeIsOverItIsKilledWithAllItBegan() {
        node.start("w", script("exec sleep 600"));
        Said said = new Said();
        CommandSpec command = shell("trap '' TERM; sleep 600 & echo $!; sleep 600 & echo $!; wait")
                .withTimeout(Duration.ofMillis(300));
        CommandExit exit = get(exec("w", command, said));
        assertThat(exit.signal()).isEqualTo("KILL");
        assertThat(exit.reason()).contains("has not ended within 300 ms");
        assertThat(said.text().lines()).hasSize(2).noneMatch(pid -> isAlive(Long.parseLong(pid)));
    }

    /** Also one whose reader has left without taking what it said. */
    @Test
    void theCallerEndsIt() {
        node.start("w", script("exec sleep 600"));
        Said asked = new Said();
        CompletableFuture<CommandExit> first =
                exec("w", shell("trap 'exit 7' TERM; echo up; while :; do sleep 0.05; done"), asked);
        asked.awaitText("up");
        asked.command.cancel();
        assertThat(get(first).code()).isEqualTo(7);
        Said deaf = new Said();
        CompletableFuture<CommandExit> second =
                exec("w", shell("trap '' TERM; echo $$; while :; do sleep 0.05; done"), deaf);
        deaf.awaitText("\n");
        deaf.command.cancel();
        assertThat(get(second).signal()).isEqualTo("KILL");
        CountDownLatch never = new CountDownLatch(1);
        RunningCommand[] held = new RunningCommand[1];
        CompletableFuture<CommandExit> third = exec("w", CommandSpec.of(List.of("yes")), new CommandListener() {
            @Override
            public void onBegin(RunningCommand command) {
                held[0] = command;
            }

            @Override
            public void onOutput(LogEntry.Stream stream, byte[] data) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        });
        held[0].cancel();
        get(third.handle((exit, fault) -> "answered"));
        never.countDown();
    }

    @Test
    void theWorkersEndIsNotItsAndTheNodesIs() throws IOException {
        node.start("w", script("exec sleep 600"));
        Said said = new Said();
        CompletableFuture<CommandExit> exit =
                exec("w", shell("sleep 600 & echo $! $$; trap 'echo told; exit 0' TERM; wait"), said);
        said.awaitText("\n");
        node.stop("w");
        assertThat(exit).isNotDone();
        CountDownLatch never = new CountDownLatch(1);
        CompletableFuture<CommandExit> unread = exec("w", CommandSpec.of(List.of("yes")), (stream, data) -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(node.shutdown()).isZero();
        never.countDown();
        assertThat(get(exit).code()).isZero();
        assertThat(said.text()).endsWith("told\n");
        assertThat(Arrays.stream(said.text().lines().findFirst().orElseThrow().split(" ")))
                .noneMatch(pid -> isAlive(Long.parseLong(pid)));
        get(unread.handle((ended, fault) -> "answered"));
        assertThatThrownBy(() -> get(exec("w", shell("true"), new Said())))
                .satisfies(code(ErrorCode.NODE_SHUTTING_DOWN));
    }

    private static java.util.function.Consumer<Throwable> code(ErrorCode code) {
        return fault -> assertThat(((NodeException) fault).code()).isEqualTo(code);
    }

    @Test
    void whatCannotBeIsSaid() {
        node.start("w", script("exec sleep 600"));
        node.start("group", script("exec sleep 600", "instances", 2L));
        assertThatThrownBy(() -> get(exec("nobody", shell("true"), new Said())))
                .satisfies(code(ErrorCode.NO_SUCH_WORKER));
        assertThatThrownBy(() -> get(exec("group", shell("true"), new Said())))
                .satisfies(code(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining("name one of them, as group-1");
        assertThatThrownBy(() -> get(exec("w", CommandSpec.of(List.of("no-such-program")), new Said())))
                .satisfies(code(ErrorCode.CANNOT_START))
                .hasMessageContaining("no-such-program");
        assertThatThrownBy(() -> CommandSpec.of(List.of())).satisfies(code(ErrorCode.INVALID_ARGUMENT));
        assertThatThrownBy(() -> get(node.controller
                        .as(TestNode.ME, Role.LOG_OBSERVER)
                        .execWorker(id("w"), shell("true"), new Said(), TestNode.ME)))
                .satisfies(code(ErrorCode.NOT_AUTHORIZED));
        CompletableFuture<?> refused = node.controller
                .startWorker(
                        WorkerSpec.of(id("bad"), "guest", script("true", "workdir", "/no/such/place")), TestNode.ME)
                .toCompletableFuture();
        get(refused.handle((started, fault) -> "refused"));
    }

    @Test
    void theAuditLogHasItWithoutWhatItRan() throws IOException {
        node.start("w", script("exec sleep 600"));
        get(exec("w", shell("exit 3", "s3cret").withTimeout(Duration.ofMinutes(1)), new Said()));
        await().atMost(LIMIT)
                .until(() -> Files.readString(temp.resolve("n/log/audit.log")).contains("exec_worker"));
        assertThat(Files.readString(temp.resolve("n/log/audit.log")).lines())
                .filteredOn(line -> line.contains("exec_worker"))
                .singleElement()
                .asString()
                .contains("\"target\":\"w\"", "command", "timeout", TestNode.ME.who())
                .doesNotContain("s3cret");
    }
}
