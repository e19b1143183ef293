package io.millwright.controller.internal.watch;

import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.watch.FileWatcher;
import io.millwright.controller.api.watch.WatchSpec;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.log.LogBuffers;
import io.millwright.controller.internal.log.LogOptions;
import io.millwright.controller.internal.log.WorkerLog;
import io.millwright.controller.internal.node.TestNode;
import io.millwright.controller.internal.options.CommonOptions;
import io.millwright.controller.internal.worker.LoopThread;
import io.millwright.controller.internal.worker.Worker;
import io.millwright.controller.internal.worker.WorkerEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the watch of a worker's files is opened and closed. */
class WatchingTest {
    @TempDir
    Path temp;

    private final Recorder watcher = new Recorder();
    private TestNode node;

    private static final class Recorder implements FileWatcher {
        final AtomicInteger opened = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();
        volatile Listener listener;
        volatile String trouble;

        @Override
        public Subscription watch(WatchSpec spec, Listener told) throws IOException {
            if (trouble != null) {
                throw new IOException(trouble);
            }
            listener = told;
            opened.incrementAndGet();
            return closed::incrementAndGet;
        }
    }

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("node"));
        node.node.setWatcher(watcher);
        Files.createDirectory(temp.resolve("watched"));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void change() {
        watcher.listener.onChange(FileWatcher.Change.of(List.of(temp.resolve("watched/file")), false));
    }

    /** The kind: a worker whose own writes restart it. */
    @Test
    void aWorkerThatRestartsItselfIsToldSoAfterTheThirdTime() {
        node.start(
                "w",
                script(
                        "exec sleep 60",
                        "watch.directories",
                        List.of(temp.resolve("watched").toString())));
        await().until(() -> watcher.opened.get() == 1);
        for (int i = 1; i <= 5; i++) {
            Long before = node.info("w").pid();
            change();
            await().until(() -> node.info("w").status() == WorkerState.STARTED
                    && !before.equals(node.info("w").pid()));
            if (i <= 3) {
                assertThat(node.info("w").reason()).doesNotContain("watch.exclude");
            } else {
                assertThat(node.info("w").reason()).contains(i + " times in a row", "watched/file", "watch.exclude");
            }
        }
    }

    @Test
    void aRestartKeepsItSoThatNoChangeIsMissed() {
        node.start(
                "w",
                script(
                        "exec sleep 60",
                        "watch.directories",
                        List.of(temp.resolve("watched").toString())));
        await().until(() -> watcher.opened.get() == 1);
        for (int i = 0; i < 3; i++) {
            Long before = node.info("w").pid();
            change();
            await().until(() -> node.info("w").status() == WorkerState.STARTED
                    && !before.equals(node.info("w").pid()));
        }
        assertThat(node.info("w").restarts()).as("each of them counts").isEqualTo(3);
        assertThat(node.info("w").reason())
                .as("the file that caused the last one is told")
                .isEqualTo("restarted because files changed: [" + temp.resolve("watched/file") + "]");
        node.stop("w");
        await().until(() -> watcher.closed.get() == 1);
        assertThat(watcher.opened).hasValue(1);
        node.start("w", script("exec sleep 60"));
        assertThat(node.info("w").restarts()).isZero();
        assertThat(node.info("w").reason()).isNull();
    }

    /** The kind: a watch that its options ask for and that is not there, whatever hinders it. */
    @Test
    void aWatchThatCannotBeginIsTheReasonUntilItDoes() {
        watcher.trouble = "the system's limit of watches is reached";
        node.start(
                "w",
                script(
                        "exec sleep 60",
                        "watch.directories",
                        List.of(temp.resolve("watched").toString())));
        await().until(() -> ("its files are not watched: " + watcher.trouble)
                .equals(node.info("w").reason()));
        node.node.setWatcher(null);
        await().until(() -> "its files are not watched: no file watcher is installed"
                .equals(node.info("w").reason()));
        watcher.trouble = null;
        node.node.setWatcher(watcher);
        await().until(() -> node.info("w").reason() == null);
        assertThat(watcher.opened).hasValue(1);
    }

    /** The kind: a wait that nobody can see is over. What has ended by itself is started by the files that mend it. */
    @Test
    void whatHasCrashedIsStartedWhenItsFilesAreMended() throws IOException {
        String watched = temp.resolve("watched").toString();
        node.start("w", script("test -e good && exec sleep 60; exit 3", "watch.directories", List.of(watched)));
        node.awaitState("w", WorkerState.EXITED);
        await().until(() -> String.valueOf(node.info("w").reason()).contains("a change starts it again"));
        Files.createFile(node.directory.resolve("good"));
        change();
        node.awaitState("w", WorkerState.STARTED);
        assertThat(node.info("w").reason()).startsWith("restarted because files changed");
        node.stop("w");
        await().until(() -> watcher.closed.get() == 1);
        assertThat(watcher.opened).hasValue(1);
    }

    /** What somebody has ended, what only wants to be told, and what is forgotten or given up is watched no longer. */
    @Test
    void whatIsNotToStartAgainIsNotWatched() {
        List<String> watched = List.of(temp.resolve("watched").toString());
        node.start("told", script("exit 3", "watch.directories", watched, "watch.action", "none"));
        node.awaitState("told", WorkerState.EXITED);
        await().until(() -> watcher.closed.get() == watcher.opened.get());
        node.start("gone", script("exit 3", "watch.directories", watched));
        node.awaitState("gone", WorkerState.EXITED);
        await().until(() -> watcher.opened.get() > 0 && watcher.closed.get() == watcher.opened.get() - 1);
        TestNode.get(node.controller.forgetWorker(TestNode.id("gone"), TestNode.ME));
        await().until(() -> watcher.closed.get() == watcher.opened.get());
        String pid = "io.millwright.worker.guest~kept";
        node.node.configure(new Configured(
                pid,
                "config:" + pid,
                WorkerSpec.of(TestNode.id("kept"), "guest", script("exit 3", "watch.directories", watched))));
        node.awaitState("kept", WorkerState.EXITED);
        await().until(() -> watcher.closed.get() == watcher.opened.get() - 1);
        node.node.unconfigure(pid);
        await().until(() -> watcher.closed.get() == watcher.opened.get());
        node.start("last", script("exit 3", "watch.directories", watched));
        node.awaitState("last", WorkerState.EXITED);
        await().until(() -> watcher.closed.get() == watcher.opened.get() - 1);
        node.shutdown();
        await().until(() -> watcher.closed.get() == watcher.opened.get());
    }

    /** A watcher that hangs is the worker's reason, as one that fails is; what it gives at last is closed. */
    @Test
    void aWatcherThatDoesNotAnswerIsTheReason() {
        LoopThread loop = new LoopThread(Runnable::run);
        List<Runnable> hanging = new CopyOnWriteArrayList<>();
        Worker worker = new Worker(
                WorkerSpec.of(TestNode.id("w"), "guest", Map.of()),
                "call",
                new WorkerLog(temp.resolve("log"), LogOptions.DEFAULT, new LogBuffers(), problem -> {}));
        worker.options = CommonOptions.checker(List.of(), name -> null)
                .check(Map.of("watch.directories", List.of(temp.toString())))
                .values();
        worker.state = WorkerState.STARTED;
        Watching watching = new Watching(
                loop,
                (task, onFault) -> {
                    hanging.add(task);
                    onFault.accept(new TimeoutException("the file watcher did not answer within 60000 ms"));
                },
                new WorkerEvents(loop, event -> {}, task -> {}, (level, text) -> {}),
                null,
                temp,
                Set.of(),
                starting -> false,
                () -> false);
        try {
            loop.execute(() -> watching.setWatcher(watcher, List.of(worker)));
            await().until(() -> ("its files are not watched: the file watcher did not answer within 60000 ms")
                    .equals(worker.view.reason()));
            hanging.get(0).run();
            await().until(() -> hanging.size() == 2);
            hanging.get(1).run();
            assertThat(watcher.closed).hasValue(1);
        } finally {
            loop.close();
        }
    }

    @Test
    void aRestartThatIsRefusedIsTriedAgainWhenTheFilesChangeAgain() throws IOException {
        Path program = Files.writeString(temp.resolve("program"), "#!/bin/sh\necho up\nexec sleep 60\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        node.start(
                "w",
                Map.of(
                        "executable",
                        program.toString(),
                        "watch.directories",
                        List.of(temp.resolve("watched").toString())));
        await().until(() -> watcher.opened.get() == 1);
        Long pid = node.info("w").pid();
        // The shell has opened the file.
        node.awaitLog("w", "up");
        Files.delete(program);
        change();
        await().until(() -> node.info("w").why().toString().contains(program + "' does not exist"));
        assertThat(node.info("w").pid()).as("no other could follow").isEqualTo(pid);
        Files.writeString(program, "#!/bin/sh\nexec sleep 60\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        change();
        await().until(() -> node.info("w").status() == WorkerState.STARTED
                && !pid.equals(node.info("w").pid()));
        assertThat(node.info("w").why().toString()).doesNotContain("does not exist");
        node.stop("w");
        await().until(() -> watcher.closed.get() == 1);
        assertThat(watcher.opened).hasValue(1);
    }
}
