package io.millwright.controller.internal.process.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.WorkerId;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.backend.BackendFixture;
import io.millwright.controller.internal.process.backend.Kind;
import io.millwright.controller.internal.process.backend.Running;
import io.millwright.controller.internal.process.tree.ProcessEntry;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Orphans that bear no mark at all, not even in their limits, and were never seen with a parent. The kind: what the node adopts
 * and nothing shows whose it is. One worker that can be its origin is certain; of several it is named with all, and ended with
 * the last; with no worker it is none of the node's, and left alone.
 */
class StrayTest {
    @RegisterExtension
    final BackendFixture fixture = new BackendFixture(Kind.LINUX);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    File directory;

    /** Makes a stray that writes its pid to a file, and goes on. */
    private String stray() {
        return "(prlimit --locks=unlimited env -i /bin/sh -c 'setsid /bin/sh -c \"echo \\$\\$ > " + directory
                + "/new; mv " + directory + "/new " + directory + "/pid; exec sleep 300\" </dev/null >/dev/null 2>&1 &'"
                + " </dev/null >/dev/null 2>&1); exec sleep 300";
    }

    private long pid() throws IOException {
        File file = new File(directory, "pid");
        await(file::exists);
        long pid = Long.parseLong(Files.readString(file.toPath()).strip());
        long self = ProcessHandle.current().pid();
        await(() -> fixture.table.find(pid).parent() == self
                && fixture.table.program(pid).equals("sleep"));
        return pid;
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Running.LIMIT, TimeUnit.SECONDS)
                .pollInterval(10, TimeUnit.MILLISECONDS)
                .until(condition);
    }

    private void end(Running running) {
        Running.get(running.process().endTree());
        running.exit();
    }

    private boolean isAlive(long pid) throws IOException {
        return fixture.table.find(pid) != null && !fixture.table.find(pid).zombie();
    }

    /** Each end of a worker looks at all orphans. */
    private void look() throws IOException {
        Running brief = fixture.sh("exit 0");
        brief.exit();
        Running.get(brief.process().endTree());
    }

    @Test
    void ofOneWorkerThatCanBeItsOriginItIsCertain() throws Exception {
        Running worker = fixture.sh(stray());
        long pid = pid();
        Running younger = fixture.sh("exec sleep 300");
        ProcessHandle.of(worker.process().pid()).orElseThrow().destroyForcibly();
        worker.exit();
        assertThat(Running.get(worker.process().endTree())).isEqualTo(1);
        assertThat(isAlive(pid)).isFalse();
        assertThat(worker.process().leftBehind()).singleElement().satisfies(left -> {
            assertThat(left.program()).isEqualTo("sleep");
            assertThat(left.background()).isTrue();
        });
        assertThat(younger.exit).isNotDone();
    }

    @Test
    void ofSeveralItIsNamedWithAllAndEndedWithTheLast() throws Exception {
        Running older = fixture.sh("exec sleep 300");
        Running worker = fixture.sh(stray());
        long pid = pid();
        look();
        List<String> said = fixture.backend().strays(new WorkerId("w0"));
        assertThat(said).singleElement().asString().contains(pid + " (sleep)", "w0, w1", "ended with the last");
        assertThat(fixture.backend().strays(new WorkerId("w1"))).isEqualTo(said);
        end(worker);
        assertThat(isAlive(pid)).isTrue();
        ProcessHandle.of(older.process().pid()).orElseThrow().destroyForcibly();
        older.exit();
        assertThat(Running.get(older.process().endTree())).isEqualTo(1);
        assertThat(isAlive(pid)).isFalse();
        assertThat(fixture.backend().strays(new WorkerId("w0"))).isEmpty();
    }

    @Test
    void withTheNodeItIsEndedAtTheLatest() throws Exception {
        ProcessBackend backend = LinuxBackend.open(BackendFixture.nonce(), directory.toPath(), Duration.ofSeconds(1));
        Running older = Running.sh(backend, "older", "exec sleep 300");
        Running worker = Running.sh(backend, "worker", stray());
        long pid = pid();
        end(worker);
        end(older);
        backend.close();
        assertThat(isAlive(pid)).isFalse();
    }

    @Test
    void whatTheNodeItselfStartedIsLeftAlone() throws Exception {
        Running worker = fixture.sh("exec sleep 300");
        // It puts itself into the background, and the thread that started it ends, so that it looks like an orphan.
        Thread starter = new Thread(() -> {
            try {
                new ProcessBuilder(
                                "/bin/sh",
                                "-c",
                                "setsid /bin/sh -c 'echo $$ > " + directory + "/new; mv " + directory + "/new "
                                        + directory + "/pid; exec sleep 300' </dev/null >/dev/null 2>&1 & exit 0")
                        .start()
                        .waitFor();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        starter.start();
        starter.join();
        long pid = pid();
        try {
            look();
            ProcessHandle.of(worker.process().pid()).orElseThrow().destroyForcibly();
            worker.exit();
            assertThat(Running.get(worker.process().endTree())).isZero();
            look();
            assertThat(isAlive(pid)).isTrue();
        } finally {
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        }
    }

    private Set<Long> children(Predicate<ProcessEntry> wanted) throws IOException {
        long self = ProcessHandle.current().pid();
        return fixture.table.list().stream()
                .filter(entry -> entry.parent() == self && wanted.test(entry))
                .map(entry -> entry.pid())
                .collect(Collectors.toSet());
    }

    /** Whether all that has died is reaped, but what other tests have left. A look at all orphans comes every thirty seconds. */
    private void awaitNoneDeadBut(Set<Long> before) {
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> before.containsAll(children(ProcessEntry::zombie)));
    }

    /** The kind: a worker that lives and loses children all the time; in a container the node is PID 1 and has them all. */
    @Test
    void deadOrphansOfALiveWorkerAreReapedWithoutWaitingForTheNextLook() throws IOException {
        Set<Long> before = children(child -> true);
        Running worker = fixture.sh("until [ -e " + directory
                + "/go ]; do sleep 0.01; done; i=0; while [ $i -lt 100 ]; do (sleep 0.05 & setsid sleep 0.05 &); i=$((i+1)); done;"
                + " echo made; exec sleep 300");
        // A child that is made before the spawn is over may lack the worker's mark, and is nobody's until the next
        // look.
        Files.createFile(directory.toPath().resolve("go"));
        worker.awaitOutput("made");
        awaitNoneDeadBut(before);
        assertThat(worker.exit).isNotDone();
    }

    /** The thread that waits for a child gets its exit, whatever else dies. */
    @Test
    void noExitIsTakenFromWorkersOrFromTheJdk() throws Exception {
        Set<Long> before = children(child -> true);
        Running mother = fixture.sh("while :; do (sleep 0.01 &); sleep 0.005; done");
        for (int i = 0; i < 100; i++) {
            Process own = new ProcessBuilder("/bin/sh", "-c", "exit " + (i + 1)).start();
            Running brief = fixture.sh("exit " + (i + 2));
            assertThat(brief.exit().code()).isEqualTo(i + 2);
            assertThat(own.waitFor()).isEqualTo(i + 1);
        }
        assertThat(mother.exit).isNotDone();
        end(mother);
        awaitNoneDeadBut(before);
    }

    /** A process that is none of the worker's holds its output open; what was written is read, the rest is not waited for. */
    @Test
    void outputHeldOpenByAnotherIsLetGoWhenItIsRead() throws Exception {
        Running worker = fixture.sh("echo first; exec sleep 300");
        worker.awaitOutput("first");
        try (FileOutputStream holder =
                new FileOutputStream("/proc/" + worker.process().pid() + "/fd/1")) {
            end(worker);
            holder.write("last\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(worker.drained).isNotDone();
            worker.process().abandonOutput();
            assertThat(worker.output()).isEqualTo("first\nlast\n");
        }
    }
}
