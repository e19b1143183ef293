package io.millwright.controller.internal.watch;

import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.watch.FileWatcher;
import io.millwright.controller.api.watch.WatchSpec;
import io.millwright.controller.internal.node.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    @Test
    void aRestartThatIsRefusedClosesIt() throws IOException {
        Path program = Files.writeString(temp.resolve("program"), "#!/bin/sh\nexec sleep 60\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        node.start(
                "w",
                Map.of(
                        "executable",
                        program.toString(),
                        "watch.directories",
                        List.of(temp.resolve("watched").toString())));
        await().until(() -> watcher.opened.get() == 1);
        Files.delete(program);
        change();
        node.awaitState("w", WorkerState.FAILED);
        await().until(() -> watcher.closed.get() == 1);
        assertThat(watcher.opened).hasValue(1);
    }
}
