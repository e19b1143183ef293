package io.millwright.controller.internal.process.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.Signal;
import io.millwright.controller.internal.process.Launch.Output;
import io.millwright.controller.internal.process.OutputSink;
import io.millwright.controller.internal.process.ProcessExit;
import io.millwright.controller.internal.process.backend.BackendFixture;
import io.millwright.controller.internal.process.backend.Kind;
import io.millwright.controller.internal.process.backend.NodeMain;
import io.millwright.controller.internal.process.backend.Running;
import io.millwright.controller.internal.process.tree.ProcessEntry;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What only this backend does, or could do wrong. */
class LinuxBackendTest {
    @RegisterExtension
    final BackendFixture fixture = new BackendFixture(Kind.LINUX);

    private final List<Long> before = new ArrayList<>();

    @BeforeEach
    void whatIsThere() throws IOException {
        before.addAll(zombies());
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Running.LIMIT, TimeUnit.SECONDS).pollInterval(5, TimeUnit.MILLISECONDS);
    }

    /** Holds the thread that delivers until it is let go. */
    private static final class BlockingSink implements OutputSink {
        final CompletableFuture<Void> reached = new CompletableFuture<>();
        final CompletableFuture<Void> release = new CompletableFuture<>();
        final Running.Bytes bytes = new Running.Bytes();

        @Override
        public void accept(ByteBuffer more) {
            reached.complete(null);
            release.join();
            bytes.accept(more);
        }

        @Override
        public void end() {
            bytes.end();
        }
    }

    private Running spawn(String id, String script, OutputSink out) throws IOException {
        Running running = fixture.keep(new Running());
        running.spawn(
                fixture.backend(),
                id,
                Running.plan("/bin/sh", "-c", script),
                new Output.Pipe(out),
                new Output.Pipe(running.err));
        return running;
    }

    @Test
    void anExitCodeIsToldFromASignalOfTheSameNumber() throws IOException {
        assertThat(fixture.sh("exit 143").exit()).isEqualTo(new ProcessExit(143, null));
        assertThat(fixture.sh("exit 137").exit()).isEqualTo(new ProcessExit(137, null));
        assertThat(fixture.sh("kill -s TERM $$").exit()).isEqualTo(new ProcessExit(null, "TERM"));
        assertThat(fixture.sh("kill -s 35 $$").exit()).isEqualTo(new ProcessExit(null, "RTMIN+1"));
    }

    @Test
    void whatCannotBeExecutedIsRefusedWithTheReason() throws IOException {
        Path script = Files.writeString(fixture.directory().resolve("bad"), "#!/no/such/interpreter\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        assertThatThrownBy(() -> fixture.start(Running.plan(script.toString())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(script.toString())
                .hasMessageContaining("No such file or directory")
                .hasMessageContaining("interpreter");
        assertThatThrownBy(() -> fixture.start(Running.plan("/etc/passwd"))).hasMessageContaining("Permission denied");
        assertThatThrownBy(() -> fixture.start(Running.plan("/bin/echo", "\ud800")))
                .hasMessageContaining("half a character");
    }

    @Test
    void textArrivesAsUtf8WhateverTheLocale() throws IOException {
        assertThat(fixture.start(Running.plan("/bin/echo", "straße €")).output())
                .isEqualTo("straße €\n");
        // Not sh: it drops variables it has no syntax for.
        assertThat(fixture.start(Running.plan("/usr/bin/env").withVariable("ÜBER", "日本"))
                        .output())
                .contains("ÜBER=日本\n");
    }

    @Test
    void aChildHasThreeDescriptorsHoweverManyTheNodeHas() throws IOException {
        List<RandomAccessFile> open = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                open.add(new RandomAccessFile("/dev/null", "r"));
            }
            for (int i = 0; i < 5; i++) {
                assertThat(fixture.sh("ls /proc/$$/fd; :").output().split("\n")).containsExactly("0", "1", "2");
            }
        } finally {
            for (RandomAccessFile file : open) {
                file.close();
            }
        }
    }

    @Test
    void aClosedOutputRefusesTheFirstByte() throws IOException {
        Running running = fixture.keep(new Running());
        running.spawn(
                fixture.backend(),
                "closed",
                Running.plan("/bin/sh", "-c", "trap '' PIPE; echo x 2>/dev/null && exit 1; exit 9"),
                new Output.Closed(),
                new Output.Closed());
        assertThat(running.exit().code()).isEqualTo(9);
        Running.get(running.drained);
    }

    @Test
    void anOutputFileIsMadeForUserAndGroup() throws IOException {
        Path file = fixture.directory().resolve("out");
        Running running = fixture.keep(new Running());
        running.spawn(fixture.backend(), "f", Running.plan("/bin/true"), new Output.ToFile(file), new Output.Drop());
        running.exit();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void aSinkThatBlocksStopsItsOwnStreamAlone() throws IOException {
        BlockingSink sink = new BlockingSink();
        Running blocked = spawn("blocked", "head -c 1000000 /dev/zero | tr '\\0' x; echo end", sink);
        Running.get(sink.reached);
        for (int i = 0; i < 20; i++) {
            assertThat(fixture.sh("echo hello").output()).isEqualTo("hello\n");
        }
        // It fills its pipe and then waits: nobody reads for it.
        assertThat(blocked.exit).isNotDone();
        assertThat(blocked.drained).isNotDone();
        sink.release.complete(null);
        Running.get(blocked.drained);
        assertThat(sink.bytes.text()).hasSize(1000004).endsWith("xend\n");
        assertThat(blocked.exit().code()).isZero();
    }

    @Test
    void howeverManySinksBlockEndsAreSeenAndSignalsSent() throws IOException {
        List<BlockingSink> sinks = new ArrayList<>();
        List<Running> blocked = new ArrayList<>();
        // More than threads are spent on: some of these will not be read at all.
        for (int i = 0; i < 40; i++) {
            BlockingSink sink = new BlockingSink();
            sinks.add(sink);
            blocked.add(spawn("b" + i, "echo " + i + "; exec sleep 300", sink));
        }
        await().until(() -> sinks.stream().filter(sink -> sink.reached.isDone()).count() >= 16);
        Running ends = fixture.sh("exit 4");
        assertThat(ends.exit().code()).isEqualTo(4);
        for (Running each : blocked) {
            assertThat(Running.get(each.process().signalGroup(Signal.TERM))).isTrue();
        }
        for (Running each : blocked) {
            assertThat(each.exit().signal()).isEqualTo("TERM");
            Running.get(each.process().groupGone());
        }
        assertThat(ioThreads()).isLessThanOrEqualTo(20);
        sinks.forEach(sink -> sink.release.complete(null));
        for (int i = 0; i < 40; i++) {
            Running.get(blocked.get(i).drained);
            assertThat(sinks.get(i).bytes.text()).isEqualTo(i + "\n");
        }
        Running.get(ends.drained);
        await().until(() -> ioThreads() == 2);
    }

    @Test
    void aSinkThatBlocksAtTheEndStopsNobody() throws IOException {
        CompletableFuture<Void> release = new CompletableFuture<>();
        CompletableFuture<Void> reached = new CompletableFuture<>();
        Running slow = spawn("slow", "exit 0", new OutputSink() {
            @Override
            public void accept(ByteBuffer bytes) {}

            @Override
            public void end() {
                reached.complete(null);
                release.join();
            }
        });
        Running.get(reached);
        assertThat(fixture.sh("echo hello").output()).isEqualTo("hello\n");
        assertThat(slow.exit().code()).isZero();
        assertThat(slow.drained).isNotDone();
        release.complete(null);
        Running.get(slow.drained);
    }

    @Test
    void anAbandonedStreamWhoseSinkBlocksEndsOnce() throws IOException {
        BlockingSink sink = new BlockingSink();
        Running running = spawn("w", "while :; do echo x; done", sink);
        Running.get(sink.reached);
        running.process().abandonOutput();
        assertThat(fixture.sh("echo hello").output()).isEqualTo("hello\n");
        assertThat(running.drained).isNotDone();
        sink.release.complete(null);
        Running.get(running.drained);
        assertThat(running.exit().signal()).isEqualTo("PIPE");
    }

    @Test
    void aFloodGetsALargerPipeAndAllOfItArrives() throws IOException {
        AtomicLong most = new AtomicLong();
        AtomicLong zeros = new AtomicLong();
        Running.Bytes rest = new Running.Bytes();
        // A write of a megabyte fills the pipe whatever its size is.
        String script = "dd if=/dev/zero bs=1048576 count=50 2>/dev/null; seq 1 500000; echo end";
        Running running = spawn("w", script, new OutputSink() {
            @Override
            public void accept(ByteBuffer more) {
                most.accumulateAndGet(more.remaining(), Math::max);
                while (more.hasRemaining() && more.get(more.position()) == 0) {
                    more.get();
                    zeros.incrementAndGet();
                }
                rest.accept(more);
            }

            @Override
            public void end() {
                rest.end();
            }
        });
        Running.get(rest.end);
        assertThat(running.exit().code()).isZero();
        assertThat(most.get()).isGreaterThan(PipeSize.USUAL).isLessThanOrEqualTo(PipeSize.LARGE);
        assertThat(zeros).hasValue(50 << 20);
        StringBuilder expected = new StringBuilder();
        for (int i = 1; i <= 500_000; i++) {
            expected.append(i).append('\n');
        }
        assertThat(rest.text().equals(expected.append("end\n").toString())).isTrue();
    }

    @Test
    void whoFloodsStarvesNobody() throws IOException {
        List<AtomicLong> counts = new ArrayList<>();
        List<Running> floods = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            AtomicLong count = new AtomicLong();
            counts.add(count);
            floods.add(spawn("flood" + i, "exec cat /dev/zero", new OutputSink() {
                @Override
                public void accept(ByteBuffer bytes) {
                    count.addAndGet(bytes.remaining());
                }

                @Override
                public void end() {}
            }));
        }
        for (int i = 0; i < 10; i++) {
            assertThat(fixture.sh("echo quiet").output()).isEqualTo("quiet\n");
        }
        await().until(() -> counts.stream().allMatch(count -> count.get() > 1 << 20));
        for (Running flood : floods) {
            assertThat(flood.exit).isNotDone();
            assertThat(Running.get(flood.process().signalGroup(Signal.KILL))).isTrue();
        }
        for (Running flood : floods) {
            assertThat(flood.exit().signal()).isEqualTo("KILL");
        }
    }

    @Test
    void aThousandCostNoThreadAndThreeDescriptorsEach() throws IOException {
        fixture.sh("exit 0").exit();
        Running.get(fixture.sh("exit 0").process().groupGone());
        int threads = Thread.activeCount();
        int descriptors = descriptors();
        List<Running> all = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            all.add(fixture.start(Running.plan("/bin/sleep", "300")));
        }
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads);
        assertThat(descriptors() - descriptors).isLessThanOrEqualTo(3000);
        for (Running running : all) {
            assertThat(Running.get(running.process().signalGroup(Signal.KILL))).isTrue();
        }
        for (Running running : all) {
            assertThat(running.exit().signal()).isEqualTo("KILL");
            Running.get(running.process().groupGone());
            assertThat(Running.get(running.process().endTree())).isZero();
            running.output();
        }
        assertThat(descriptors()).isLessThanOrEqualTo(descriptors);
        assertThat(zombies()).isEmpty();
    }

    @Test
    void orphansAreReapedAndTheChildrenOfTheJdkAreNot() throws Exception {
        List<Process> jdk = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            jdk.add(new ProcessBuilder("/bin/sh", "-c", "sleep 0.0" + i + "; exit 7").start());
            // Orphans that die before and after their worker, in its group and out of it.
            Running running = fixture.sh("(sleep 0 &); (sleep 300 &); (setsid sleep 300 & sleep 0.01); echo main");
            running.awaitOutput("main");
            running.exit();
            // On a machine under load the first may not have come to its end.
            assertThat(Running.get(running.process().endTree())).isBetween(2, 3);
            Running.get(running.process().groupGone());
        }
        for (Process child : jdk) {
            assertThat(child.waitFor()).isEqualTo(7);
        }
        await().until(() -> zombies().isEmpty());
        assertThat(fixture.alive()).isEmpty();
    }

    @Test
    void theOrphanOfALateParentIsReapedToo() throws IOException {
        // The parent has left for a session of its own and never waits for the child it left in the group.
        Running running = fixture.sh("(sleep 0.01 & exec setsid sleep 300) & exec sleep 300");
        await().until(() -> fixture.table.list().stream()
                .anyMatch(entry -> entry.group() == running.process().pid() && entry.zombie()));
        Running.get(running.process().signalMain(Signal.KILL));
        running.exit();
        Running.get(running.process().groupGone());
        assertThat(Running.get(running.process().endTree())).isEqualTo(1);
        await().until(() -> zombies().isEmpty());
    }

    @Test
    void aDaemonLivesAsLongAsItsWorker() throws IOException {
        Running worker = fixture.sh("(setsid sh -c 'echo daemon=$$; exec sleep 300' &); exec sleep 300");
        worker.awaitOutput("daemon=");
        long daemon = Long.parseLong(worker.out.text().trim().substring("daemon=".length()));
        long self = ProcessHandle.current().pid();
        await().until(() -> entry(daemon) != null && entry(daemon).parent() == self);
        // Each end of another looks at all orphans.
        for (int i = 0; i < 5; i++) {
            Running other = fixture.sh("exit 0");
            other.exit();
            assertThat(Running.get(other.process().endTree())).isZero();
        }
        assertThat(entry(daemon).zombie()).isFalse();
        Running.get(worker.process().signalMain(Signal.TERM));
        worker.exit();
        Running.get(worker.process().groupGone());
        assertThat(Running.get(worker.process().endTree())).isEqualTo(1);
        await().until(() -> entry(daemon) == null);
    }

    private ProcessEntry entry(long pid) throws IOException {
        return fixture.table.find(pid);
    }

    /** Zombies that were not there before. */
    private List<Long> zombies() throws IOException {
        long self = ProcessHandle.current().pid();
        return fixture.table.list().stream()
                .filter(entry -> entry.parent() == self && entry.zombie() && !before.contains(entry.pid()))
                .map(ProcessEntry::pid)
                .toList();
    }

    private static long ioThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("millwright-io"))
                .count();
    }

    /**
     * What is open, without what the JVM opens by itself at a moment of its own: jars and modules when the first class of them
     * is loaded, random devices, and JNA's deleted file of call-backs.
     */
    private static List<String> ownDescriptors() {
        List<String> names = new ArrayList<>();
        for (File descriptor : new File("/proc/self/fd").listFiles()) {
            try {
                String name = Files.readSymbolicLink(descriptor.toPath()).toString();
                if (!name.matches(".*\\.jar|.*/lib/modules|/dev/u?random|.*/ffi\\w+ \\(deleted\\)")) {
                    names.add(name);
                }
            } catch (IOException closedMeanwhile) {
                continue;
            }
        }
        return names;
    }

    private static int descriptors() {
        String[] names = new File("/proc/self/fd").list();
        return names == null ? 0 : names.length;
    }

    @Test
    void atTheLimitOfOpenFilesASpawnIsRefusedAndNothingBreaks() throws Exception {
        Path directory = Files.createTempDirectory("run");
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -n 150; exec \"$@\"", "sh"));
        command.addAll(NodeMain.command(Kind.LINUX, directory, fixture.nonce, 100, "exec sleep 300"));
        Process node = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String printed;
        try (var out = node.getInputStream()) {
            node.getOutputStream().close();
            printed = new String(out.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(node.waitFor()).isZero();
        assertThat(printed)
                .contains("started 20\n")
                .contains("refused")
                .contains("limit of open files")
                .endsWith("closed\n");
        for (File file : directory.toFile().listFiles()) {
            assertThat(file.delete()).isTrue();
        }
        Files.delete(directory);
    }

    @Test
    void closingGivesEverythingBack() throws IOException {
        // The watchdog of the fixture's backend is started by a thread of its own, and has its pipes with a worker's
        // start at the latest.
        Running first = fixture.sh("exit 0");
        first.output();
        Running.get(first.process().groupGone());
        int descriptors = ownDescriptors().size();
        for (int i = 0; i < 5; i++) {
            Path directory = Files.createTempDirectory("run");
            LinuxBackend backend =
                    LinuxBackend.open(BackendFixture.nonce(), directory, java.time.Duration.ofSeconds(1));
            Running running = Running.sh(backend, "w", "exit 0");
            running.output();
            Running.get(running.process().groupGone());
            backend.close();
            for (File file : directory.toFile().listFiles()) {
                assertThat(file.delete()).isTrue();
            }
            Files.delete(directory);
        }
        await().until(() -> ioThreads() == 2);
        await().untilAsserted(() -> assertThat(ownDescriptors()).hasSizeLessThanOrEqualTo(descriptors));
    }

    @Test
    void otherMachinesAreRefusedByName() {
        assertThatThrownBy(() -> LibC.checkMachine("Mac OS X", "aarch64")).hasMessageContaining("Mac OS X");
        assertThatThrownBy(() -> LibC.checkMachine("Linux", "riscv64")).hasMessageContaining("riscv64");
    }
}
