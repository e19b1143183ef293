package io.millwright.shell.gogo.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.WorkerState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.felix.service.command.Job;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class FollowTest {
    private static LogEntry line(String text) {
        return LogEntry.of(FakeNode.NOW, LogEntry.Stream.STDOUT, null, text);
    }

    private static NodeEvent event(int pid) {
        return NodeEvent.of(
                "io/millwright/worker/STARTED", FakeNode.NOW, Map.of("worker.id", "w", "worker.pid", (long) pid));
    }

    private static Shell shell() {
        Shell shell = new Shell();
        shell.node.with(FakeNode.worker("w", WorkerState.STARTED));
        return shell;
    }

    private static CompletableFuture<String> inBackground(Shell shell, String line) {
        CompletableFuture<String> done = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        shell.session.execute(line);
                        done.complete("");
                    } catch (Exception e) {
                        done.complete(String.valueOf(e.getMessage()));
                    }
                },
                "test-shell");
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    private static void interrupt(Shell shell) {
        await().until(() -> shell.session.foregroundJob() != null);
        Job job = shell.session.foregroundJob();
        if (job != null) {
            job.interrupt();
        }
    }

    private static LogEntry at(int second, String text) {
        return LogEntry.of(FakeNode.NOW.plusSeconds(second), LogEntry.Stream.STDOUT, null, text);
    }

    private static Shell two() {
        Shell shell = new Shell();
        shell.node.with(FakeNode.worker("w", WorkerState.STARTED), FakeNode.worker("other", WorkerState.STARTED));
        shell.node.logs.put("w", List.of(at(1, "one"), at(4, "four")));
        shell.node.logs.put("other", List.of(at(2, "two"), at(3, "three")));
        return shell;
    }

    @ParameterizedTest
    @CsvSource({
        "worker:log w other, one two three four",
        "worker:log '*', one two three four",
        "worker:log -n 3 w other, two three four",
        "worker:log -n 2 'o*' w, three four",
        "worker:log 'o*', two three",
        "worker:log w w, one four",
    })
    void logsOfSeveralAreOneInTheOrderOfTime(String line, String texts) throws Exception {
        try (Shell shell = two()) {
            List<String> lines = shell.run(line).lines().toList();
            assertThat(lines)
                    .extracting(shown -> shown.substring(shown.lastIndexOf(' ') + 1))
                    .containsExactly(texts.split(" "));
            assertThat(lines).allMatch(shown -> shown.matches("(w|other) +\\S+ out  \\w+"));
            assertThat(shell.run(line.replace("worker:log", "worker:log --json")))
                    .contains("[");
        }
    }

    @Test
    void aWorkerThatIsNotThereIsNamedAmongSeveral() throws Exception {
        try (Shell shell = two()) {
            assertThat(shell.run("worker:log 'none*'")).isEqualToIgnoringNewLines("no worker matches");
            assertThatThrownBy(() -> shell.run("worker:log w nobody")).hasMessageContaining("nobody");
            assertThatThrownBy(() -> shell.run("worker:log w other --grep x --context 2"))
                    .hasMessageContaining("--context is for one worker");
            assertThatThrownBy(() -> shell.run("worker:log -f w nobody")).hasMessageContaining("nobody");
            assertThat(shell.node.logListeners).isEmpty();
        }
    }

    @Test
    void severalAreFollowedUntilTheLastHasEnded() throws Exception {
        try (Shell shell = two()) {
            CompletableFuture<String> done = inBackground(shell, "worker:log -f w other");
            await().until(() -> shell.printed().contains("four"));
            assertThat(shell.printed()).containsSubsequence("one\n", "two\n", "three\n", "four\n");
            shell.node.logListeners.get(1).onLog(List.of(at(5, "five")), 7);
            await().until(() -> shell.printed().contains("five"));
            assertThat(shell.printed()).contains("... 7 lines lost ...\nother  ");
            shell.node.logListeners.get(1).onEnd();
            shell.node.logListeners.get(0).onLog(List.of(at(6, "six")), 0);
            await().until(() -> shell.printed().contains("six"));
            assertThat(done).isNotDone();
            shell.node.logListeners.get(0).onEnd();
            assertThat(done.get(30, TimeUnit.SECONDS)).isEmpty();
            assertThat(shell.node.logListeners).isEmpty();
        }
    }

    @Test
    void logIsFollowedToItsEnd() throws Exception {
        try (Shell shell = shell()) {
            shell.node.log.add(line("before"));
            CompletableFuture<String> done = inBackground(shell, "worker:log -f w");
            await().until(() -> !shell.node.logListeners.isEmpty());
            shell.node.logListeners.get(0).onLog(List.of(line("one"), line("two")), 0);
            shell.node.logListeners.get(0).onLog(List.of(line("three")), 12);
            await().until(() -> shell.printed().contains("three"));
            assertThat(done).isNotDone();
            shell.node.logListeners.get(0).onEnd();
            assertThat(done.get(30, TimeUnit.SECONDS)).isEmpty();
            assertThat(shell.printed())
                    .containsSubsequence(
                            "out  before\n", "out  one\n", "out  two\n", "... 12 lines lost ...\n", "out  three\n");
            assertThat(shell.node.logListeners).isEmpty();
            assertThat(shell.exitCode()).isEqualTo(0);
        }
    }

    @Test
    void followedJsonIsOneDocumentALine() throws Exception {
        try (Shell shell = shell()) {
            CompletableFuture<String> done = inBackground(shell, "worker:log -f w --json");
            await().until(() -> !shell.node.logListeners.isEmpty());
            shell.node.logListeners.get(0).onLog(List.of(line("one"), line("two\tü")), 3);
            shell.node.logListeners.get(0).onEnd();
            done.get(30, TimeUnit.SECONDS);
            assertThat(shell.printed().lines()).hasSize(3).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
            assertThat(shell.printed()).contains("{\"lost\":3}");
        }
    }

    @Test
    void anInterruptEndsFollowingAndUnsubscribes() throws Exception {
        try (Shell shell = shell()) {
            for (String line : List.of("worker:log -f w", "node:events -f")) {
                CompletableFuture<String> done = inBackground(shell, line);
                await().until(() -> shell.node.logListeners.size() + shell.node.eventListeners.size() == 1);
                long from = System.nanoTime();
                interrupt(shell);
                done.get(30, TimeUnit.SECONDS);
                await().until(() -> shell.node.logListeners.isEmpty() && shell.node.eventListeners.isEmpty());
                assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(10));
            }
            // the session still works
            assertThat(shell.run("worker:list")).contains("w   guest");
        }
    }

    @Test
    void anInterruptEndsAWait() throws Exception {
        try (Shell shell = shell()) {
            shell.node.gate = new CompletableFuture<>();
            CompletableFuture<String> done = inBackground(shell, "worker:stop w");
            await().until(() -> !shell.node.calls.isEmpty());
            interrupt(shell);
            done.get(30, TimeUnit.SECONDS);
            await().until(() -> Integer.valueOf(130).equals(shell.exitCode()));
        }
    }

    @Test
    void closingTheSessionEndsFollowing() throws Exception {
        Shell shell = shell();
        CompletableFuture<String> done = inBackground(shell, "worker:log -f w");
        await().until(() -> !shell.node.logListeners.isEmpty());
        shell.close();
        done.get(30, TimeUnit.SECONDS);
        await().until(() -> shell.node.logListeners.isEmpty());
    }

    @Test
    void aFailingOutputEndsFollowingAndFreesTheListener() throws Exception {
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("nobody reads");
            }
        };
        try (Shell shell = new Shell(new ByteArrayInputStream(new byte[0]), gone)) {
            shell.node.with(FakeNode.worker("w", WorkerState.STARTED));
            CompletableFuture<String> done = inBackground(shell, "worker:log -f w");
            await().until(() -> !shell.node.logListeners.isEmpty());
            var listener = shell.node.logListeners.get(0);
            for (int i = 0; i < 1000; i++) {
                listener.onLog(List.of(line("x" + i)), 0);
            }
            done.get(30, TimeUnit.SECONDS);
            await().until(() -> shell.node.logListeners.isEmpty());
        }
    }

    @Test
    void aSlowOutputBlocksTheListenerAndNothingElse() throws Exception {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        OutputStream slow = new OutputStream() {
            @Override
            public void write(int b) {
                gate.join();
                synchronized (seen) {
                    seen.write(b);
                }
            }
        };
        try (Shell shell = new Shell(new ByteArrayInputStream(new byte[0]), slow)) {
            shell.node.with(FakeNode.worker("w", WorkerState.STARTED));
            CompletableFuture<String> done = inBackground(shell, "worker:log -f w");
            await().until(() -> !shell.node.logListeners.isEmpty());
            var listener = shell.node.logListeners.get(0);
            Thread writer = new Thread(() -> {
                for (int i = 0; i < 500; i++) {
                    listener.onLog(List.of(line("x" + i)), 0);
                }
                listener.onEnd();
            });
            writer.start();
            await().until(() -> writer.getState() == Thread.State.WAITING);
            gate.complete(null);
            done.get(30, TimeUnit.SECONDS);
            writer.join();
            synchronized (seen) {
                assertThat(seen.toString().lines()).hasSize(500);
            }
        }
    }

    @Test
    void eventsAreFollowedWithoutGapAndWithoutRepeating() throws Exception {
        try (Shell shell = shell()) {
            shell.node.events.add(event(1));
            shell.node.events.add(event(2));
            CompletableFuture<String> done = inBackground(shell, "node:events -f");
            await().until(() -> shell.printed().contains("worker.pid=2"));
            shell.node.eventListeners.get(0).onEvent(event(2), 0);
            shell.node.eventListeners.get(0).onEvent(event(3), 0);
            shell.node.eventListeners.get(0).onEvent(event(3), 2);
            await().until(() -> shell.printed().lines().count() == 5);
            assertThat(shell.printed().lines().filter(line -> line.contains("pid=2")))
                    .hasSize(1);
            assertThat(shell.printed().lines().filter(line -> line.contains("pid=3")))
                    .hasSize(2);
            assertThat(shell.printed()).contains("... 2 events lost ...");
            interrupt(shell);
            done.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void eventsAreFollowedFromANumberOn() throws Exception {
        try (Shell shell = shell()) {
            for (long number = 1; number <= 3; number++) {
                shell.node.events.add(NodeEvent.of(
                        "io/millwright/worker/STARTED", FakeNode.NOW, Map.of("worker.id", "w", "seq", number)));
            }
            CompletableFuture<String> done = inBackground(shell, "node:events -f --after 2");
            await().until(() -> shell.printed().contains("  3  w  "));
            assertThat(shell.printed().lines()).hasSize(1);
            assertThat(shell.node.calls).containsExactly("follow events after 2");
            shell.node.eventListeners.get(0).onEvent(event(7), 0);
            await().until(() -> shell.printed().contains("worker.pid=7"));
            interrupt(shell);
            done.get(30, TimeUnit.SECONDS);
            await().until(() -> shell.node.eventListeners.isEmpty());
        }
    }

    @Test
    void followingAPipeEndsWithThePipe() throws Exception {
        try (Shell shell = shell()) {
            shell.node.log.add(line("needle"));
            CompletableFuture<Object> found = new CompletableFuture<>();
            new Thread(() -> {
                        try {
                            found.complete(shell.session.execute("worker:log -f w | test:lines needle"));
                        } catch (Exception e) {
                            found.completeExceptionally(e);
                        }
                    })
                    .start();
            await().until(() -> !shell.node.logListeners.isEmpty());
            shell.node.logListeners.get(0).onEnd();
            assertThat(found.get(30, TimeUnit.SECONDS)).asString().contains("out  needle>");
        }
    }
}
