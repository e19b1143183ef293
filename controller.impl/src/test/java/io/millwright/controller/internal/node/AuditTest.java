package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.NodeController.InputEnd;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.shutdown.ShutdownTrigger;
import io.millwright.controller.api.watch.FileWatcher;
import io.millwright.controller.api.watch.WatchSpec;
import io.millwright.controller.internal.configured.Configured;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever changes something in a node is in its audit log, by whatever front it comes. */
class AuditTest {
    private static final Pattern LINE = Pattern.compile(
            "\\{\"number\":(\\d+),.*\"who\":\"([^\"]*)\",.*\"address\":(null|\"[^\"]*\"),\"operation\":\"(\\w+)\",\"target\":(null|\"[^\"]*\"),"
                    + "\"keys\":(\\[.*\\]),\"result\":\"(\\w+)\",\"done\":(\\w+),\"failed\":(\\w+),.*\\}");
    private static final String GUEST = "io.millwright.worker.guest";

    @TempDir
    Path directory;

    private TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(directory);
    }

    @AfterEach
    void close() {
        node.close();
    }

    /** What the audit log has: caller, operation, target, result. */
    private List<String> lines() {
        Path file = directory.resolve("log").resolve("audit.log");
        try (Stream<String> lines = Files.exists(file) ? Files.lines(file) : Stream.empty()) {
            return lines.map(line -> {
                        Matcher parts = LINE.matcher(line);
                        assertThat(parts.matches()).as(line).isTrue();
                        return parts.group(2) + " " + parts.group(4) + " "
                                + parts.group(5).replace("\"", "") + " " + parts.group(7);
                    })
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitLines(String... wanted) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(lines()).contains(wanted));
    }

    private String whole() throws IOException {
        return Files.readString(directory.resolve("log").resolve("audit.log"));
    }

    @Test
    void callsOfTheService() throws IOException {
        node.start("w", script("exec cat", "stdin", "open", "env.vars.PASSWORD", Map.of("secret", "geheim")));
        get(node.controller.writeInput(id("w"), "words".getBytes(StandardCharsets.UTF_8), InputEnd.KEEP_OPEN, ME));
        get(node.controller.signalWorker(id("w"), Signal.CONT, ME));
        get(node.controller.restartWorker(id("w"), Caller.api("other")));
        get(node.controller.stopWorkers(WorkerSelector.of("w", "nobody"), StopOptions.KILL, ME));
        get(node.controller.rotateLog(id("w"), ME));
        get(node.controller.forgetWorker(id("w"), ME));
        assertThat(catchThrowable(() -> node.start("bad", Map.of("executable", "no-such-program"))))
                .isNotNull();
        node.controller.getProcess().triggerGc(ME);
        get(node.controller.reopenLogs(ME));
        awaitLines("shell:test reopen_logs null ok");
        assertThat(lines())
                .containsExactly(
                        "shell:test start_worker w ok",
                        "shell:test write_worker_input w ok",
                        "shell:test signal_worker w ok",
                        "api:other restart_worker w ok",
                        "shell:test stop_workers w nobody no_such_worker",
                        "shell:test rotate_log w ok",
                        "shell:test forget_worker w ok",
                        "shell:test start_worker bad invalid_configuration",
                        "shell:test trigger_gc null ok",
                        "shell:test reopen_logs null ok");
        assertThat(whole())
                .contains("\"keys\":[\"arguments\",\"env.vars.PASSWORD.secret\",\"executable\",\"stdin\"]")
                .contains("\"keys\":[\"kill\"],\"result\":\"no_such_worker\",\"done\":1,\"failed\":1,")
                .doesNotContain("geheim")
                .doesNotContain("words");
    }

    @Test
    void changesOfConfigurations() throws IOException {
        String pid = GUEST + "~w";
        Configured first = new Configured(
                pid, "config:" + pid, "/etc/w.cfg", WorkerSpec.of(id("w"), "guest", script("exec sleep 60")));
        node.node.configure(first);
        node.awaitState("w", WorkerState.STARTED);
        node.node.configure(first);
        node.node.configure(new Configured(
                pid,
                "config:" + pid,
                "/etc/w.cfg",
                WorkerSpec.of(id("w"), "guest", script("exec sleep 60", "stop.timeout", "1s"))));
        // one that is not through when the next comes would be overtaken by it
        await().until(() -> lines().size() == 2);
        node.node.configure(new Configured(
                pid, "config:" + pid, "/etc/w.cfg", WorkerSpec.of(id("w"), "guest", script("true", "nonsense", 1))));
        awaitLines("config:" + pid + " update_configuration w invalid_configuration");
        node.node.setOptions(Map.of("title", "Changed"));
        node.node.setOptions(Map.of("titel", "Wrong"));
        node.node.unconfigure(pid);
        awaitLines("config:" + pid + " delete_configuration w ok");
        assertThat(lines())
                .as("a configuration that is written again as it was is no change")
                .containsExactlyInAnyOrder(
                        "config:" + pid + " update_configuration w ok",
                        "config:" + pid + " update_configuration w ok",
                        "config:" + pid + " update_configuration w invalid_configuration",
                        "config:io.millwright.controller update_configuration null ok",
                        "config:io.millwright.controller update_configuration null invalid_configuration",
                        "config:" + pid + " delete_configuration w ok");
        assertThat(whole()).contains("\"address\":\"/etc/w.cfg\"").contains("\"keys\":[\"stop.timeout\"]");
    }

    /** The kind: what was asked for and not done, because a later word came first, is not "ok". */
    @Test
    void aConfigurationThatAnotherOvertakesSaysSo() {
        String pid = GUEST + "~w";
        node.node.core.loop.execute(() -> {
            for (int i = 1; i <= 3; i++) {
                Map<String, Object> options = script("exec sleep 60", "stop.timeout", i + "s");
                node.node.configure(
                        new Configured(pid, "config:" + pid, "/etc/w.cfg", WorkerSpec.of(id("w"), "guest", options)));
            }
        });
        awaitLines("config:" + pid + " update_configuration w ok");
        assertThat(lines())
                .containsExactlyInAnyOrder(
                        "config:" + pid + " update_configuration w overtaken",
                        "config:" + pid + " update_configuration w overtaken",
                        "config:" + pid + " update_configuration w ok");
    }

    /** The kind: one operation that comes in pieces. */
    @Test
    void inputInPiecesIsOneOperation() {
        node.start("w", script("exec cat", "stdin", "open"));
        node.start("v", script("exec cat", "stdin", "open"));
        Caller other = Caller.api("other");
        write("w", InputEnd.GOES_ON, ME);
        write("w", InputEnd.GOES_ON, ME);
        write("v", InputEnd.GOES_ON, ME);
        write("w", InputEnd.KEEP_OPEN, ME);
        write("w", InputEnd.KEEP_OPEN, ME);
        write("w", InputEnd.GOES_ON, ME);
        write("w", InputEnd.GOES_ON, other);
        write("w", InputEnd.GOES_ON, ME);
        write("w", InputEnd.CLOSE, ME);
        assertThat(catchThrowable(() -> write("w", InputEnd.GOES_ON, ME))).isNotNull();
        assertThat(catchThrowable(() -> write("w", InputEnd.GOES_ON, ME))).isNotNull();
        get(node.controller.reopenLogs(ME));
        awaitLines("shell:test reopen_logs null ok");
        List<String> input =
                lines().stream().filter(line -> line.contains("input")).toList();
        assertThat(input.subList(0, 6))
                .containsExactly(
                        "shell:test write_worker_input w ok",
                        "shell:test write_worker_input v ok",
                        "shell:test write_worker_input w ok",
                        "shell:test write_worker_input w ok",
                        "api:other write_worker_input w ok",
                        "shell:test write_worker_input w ok");
        assertThat(input.subList(6, input.size()))
                .as("each piece that fails")
                .hasSize(2)
                .noneMatch(line -> line.endsWith("ok"));
    }

    private void write(String worker, InputEnd end, Caller caller) {
        get(node.controller.writeInput(id(worker), new byte[] {'x'}, end, caller));
    }

    @Test
    void aChangedFileRestarts() {
        CompletableFuture<FileWatcher.Listener> listening = new CompletableFuture<>();
        node.node.setWatcher(new FileWatcher() {
            @Override
            public Subscription watch(WatchSpec spec, Listener listener) {
                listening.complete(listener);
                return () -> {};
            }
        });
        node.start("w", script("exec sleep 60", "watch.directories", List.of(".")));
        get(listening).onChange(FileWatcher.Change.of(List.of(directory.resolve("changed")), false));
        awaitLines("watch:w restart_worker w ok");
    }

    @Test
    void triggersAndTheFrameworkShutDown() {
        node.node.setOptions(Map.of("shutdown.triggers", "mine"));
        node.node.core.triggers.set(List.of(new Triggers.Trigger(
                "mine", false, (run, left) -> Optional.of(ShutdownTrigger.Verdict.of("enough", false)))));
        node.start("w", script("exit 0"));
        awaitLines("trigger:mine shutdown null ok");
        node.node.killAll(Caller.FRAMEWORK);
        node.shutdown();
        awaitLines("framework stop_workers * ok");
        assertThat(lines()).filteredOn(line -> line.contains("shutdown")).hasSize(1);
    }
}
