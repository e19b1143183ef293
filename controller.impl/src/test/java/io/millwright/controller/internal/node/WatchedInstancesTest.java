package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.ScaleOptions;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.event.NodeTopics;
import io.millwright.controller.api.watch.FileWatcher;
import io.millwright.controller.internal.configured.Configured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Instances whose watched files change: they restart some at a time, as for a changed configuration. */
class WatchedInstancesTest {
    @TempDir
    Path temp;

    private TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("node"));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void awaitStarted(int count) {
        for (int i = 1; i <= count; i++) {
            node.awaitState("web-" + i, WorkerState.STARTED);
        }
    }

    private long pid(String worker) {
        Long pid = node.info(worker).pid();
        return pid == null ? 0 : pid;
    }

    private List<Long> pids(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> pid("web-" + i)).toList();
    }

    /** The order of the ends and starts of the instances. */
    private List<String> steps(int from) {
        return node.controller.getEvents().stream()
                .skip(from)
                .map(event -> event.properties().get("worker.id") + " " + TestNode.step(event))
                .filter(step -> step.endsWith("EXITED") || step.endsWith("STARTED") || step.endsWith("FAILED"))
                .toList();
    }

    /** A group whose files are watched, started; each listener is told of a change. */
    private List<FileWatcher.Listener> watchedGroup(int count, Map<String, Object> options) throws IOException {
        List<FileWatcher.Listener> told = new CopyOnWriteArrayList<>();
        Files.createDirectories(temp.resolve("watched"));
        node.node.setWatcher((spec, listener) -> {
            told.add(listener);
            return () -> told.remove(listener);
        });
        configure(watching(options, count));
        awaitStarted(count);
        await().until(() -> told.size() == count);
        return told;
    }

    private Map<String, Object> watching(Map<String, Object> options, int count) {
        options.put("instances", count);
        options.put("watch.directories", List.of(temp.resolve("watched").toString()));
        return options;
    }

    private void configure(Map<String, Object> options) {
        node.node.configure(new Configured(
                "io.millwright.worker.guest~web", "node.json", WorkerSpec.of(id("web"), "guest", options)));
    }

    private void change(List<FileWatcher.Listener> told) {
        FileWatcher.Change change = FileWatcher.Change.of(List.of(temp.resolve("watched/file")), false);
        told.forEach(one -> one.onChange(change));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void changedFilesRestartSomeAtATime(int atOnce) throws IOException {
        var told = watchedGroup(4, script("exec sleep 60", "reload.at_once", atOnce));
        for (int i = 0; i < 2; i++) {
            List<Long> before = pids(4);
            int from = node.controller.getEvents().size();
            change(told);
            await().until(() -> pids(4).stream().noneMatch(before::contains));
            awaitStarted(4);
            int away = 0;
            for (String step : steps(from)) {
                away += step.endsWith("EXITED") ? 1 : -1;
                assertThat(away).as("%s", step).isBetween(0, atOnce);
            }
            assertThat(node.info("web-4").reason()).startsWith("restarted because files changed: ");
        }
    }

    /** Kind: two reasons to restart are two turns; that the one is refused does not undo the other. */
    @Test
    void changedFilesAreReadThoughAChangedConfigurationIsRefusedMeanwhile() throws IOException {
        Map<String, Object> options = script("exec sleep 60", "reload.at_once", 1);
        var told = watchedGroup(3, options);
        List<Long> before = pids(3);
        options.put("executable", "/no/such/program");
        node.node.configure(new Configured(
                "io.millwright.worker.guest~web", "node.json", WorkerSpec.of(id("web"), "guest", options)));
        change(told);
        await().until(() -> pids(3).stream().noneMatch(before::contains));
        awaitStarted(3);
        for (int i = 1; i <= 3; i++) {
            assertThat(node.info("web-" + i).options()).containsEntry("executable", "/bin/sh");
        }
        assertThat(String.valueOf(node.controller.doctor())).contains("/no/such/program");
    }

    @Test
    void theFirstFailureWithChangedFilesLeavesTheOthersAsTheyAre() throws IOException {
        Path program = temp.resolve("watched/file");
        Files.createDirectories(program.getParent());
        Files.writeString(program, "echo ready; exec sleep 60");
        var told = watchedGroup(3, script("exec /bin/sh " + program, "ready.log", "ready"));
        List<Long> before = pids(3);
        Files.writeString(program, "exit 3");
        change(told);
        await().until(() -> String.valueOf(node.controller.doctor()).contains("half changed"));
        WorkerId bad = Stream.of("web-1", "web-2", "web-3")
                .map(TestNode::id)
                .filter(one -> node.info(one.value()).status() == WorkerState.FAILED)
                .findFirst()
                .orElseThrow();
        List<String> others = Stream.of("web-1", "web-2", "web-3")
                .filter(one -> !one.equals(bad.value()))
                .toList();
        for (String other : others) {
            await().until(() -> String.valueOf(node.info(other).reason())
                    .equals("its restart for changed files is held back, because " + bad
                            + " could not be restarted with them"));
            assertThat(before).contains(pid(other));
        }
        assertThat(node.controller.getEvents())
                .filteredOn(event -> event.topic().equals(NodeTopics.WORKER_ROLLOUT_STOPPED))
                .singleElement()
                .satisfies(event -> assertThat(event.properties().get("reason"))
                        .isEqualTo(bad + " could not be restarted; left as before: " + String.join(", ", others)));
        // A change in place is no restart for the files.
        configure(watching(script("exec /bin/sh " + program, "ready.log", "ready", "stop.timeout", "7s"), 3));
        for (String other : others) {
            await().until(() ->
                    "7s".equals(String.valueOf(node.info(other).options().get("stop.timeout"))));
            assertThat(before).contains(pid(other));
            assertThat(node.info(other).reason()).startsWith("its restart for changed files is held back");
        }
        assertThat(node.controller.doctor().toString()).contains("half changed");
        // The corrected file restarts all of them, the failed one too.
        Files.writeString(program, "echo ready; exec sleep 61");
        change(told);
        await().until(() -> pids(3).stream().noneMatch(before::contains));
        awaitStarted(3);
        assertThat(node.controller.doctor().toString()).doesNotContain("half changed");
    }

    /** Kind: an instance that has ended by itself before its turn, and is not to run any more when that comes. */
    @ParameterizedTest
    @ValueSource(strings = {"disabled", "too many", "deleted"})
    void whatIsNotToRunWhenItsTurnComesRests(String why) throws IOException {
        Path gate = temp.resolve("gate");
        Files.writeString(gate, "");
        Map<String, Object> options = script(
                "while [ ! -e " + gate + " ]; do sleep 0.05; done; echo ready; exec sleep 60",
                "ready.log",
                "ready",
                "restart.policy",
                "never");
        var told = watchedGroup(3, options);
        TestNode.get(node.controller.signalWorker(TestNode.id("web-3"), Signal.KILL, TestNode.ME));
        node.awaitState("web-3", WorkerState.EXITED);
        Files.delete(gate);
        change(told);
        await().until(() ->
                Stream.of("web-1", "web-2").anyMatch(one -> node.info(one).status() == WorkerState.STARTING));
        switch (why) {
            case "disabled" -> {
                options.put("disabled", true);
                configure(options);
                await().until(() -> node.info("web-3").status() == WorkerState.INACTIVE);
            }
            case "too many" ->
                TestNode.get(node.controller.scaleWorker(TestNode.id("web"), ScaleOptions.of(2), TestNode.ME));
            default -> node.node.unconfigure("io.millwright.worker.guest~web");
        }
        Files.writeString(gate, "");
        if (why.equals("too many")) {
            awaitStarted(2);
        } else {
            await().until(() -> Stream.of("web-1", "web-2")
                    .noneMatch(one -> node.info(one).status().isLive()));
        }
        assertThat(node.controller.getEvents())
                .filteredOn(event -> "web-3".equals(event.properties().get("worker.id")))
                .filteredOn(event -> TestNode.step(event).equals("STARTING"))
                .as("the first start is its only one")
                .hasSize(1);
    }

    @Test
    void whatIsStoppedOrRestartedByHandBeforeItsTurnIsLeftSo() throws IOException {
        Path gate = temp.resolve("gate");
        Files.writeString(gate, "");
        var told = watchedGroup(
                3,
                script(
                        "while [ ! -e " + gate + " ]; do sleep 0.05; done; echo ready; exec sleep 60",
                        "ready.log",
                        "ready"));
        Files.delete(gate);
        change(told);
        await().until(() -> Stream.of("web-1", "web-2", "web-3")
                        .filter(one -> String.valueOf(node.info(one).reason()).contains("waits for its turn"))
                        .count()
                == 2);
        List<String> waiting = Stream.of("web-1", "web-2", "web-3")
                .filter(one -> node.info(one).status() == WorkerState.STARTED)
                .toList();
        get(node.controller.stopWorker(id(waiting.get(0)), StopOptions.GRACEFUL, ME));
        var byHand = node.controller.restartWorker(id(waiting.get(1)), ME);
        node.awaitState(waiting.get(1), WorkerState.STARTING);
        Files.writeString(gate, "");
        long pid = get(byHand).pid();
        Stream.of("web-1", "web-2", "web-3")
                .filter(one -> !one.equals(waiting.get(0)))
                .forEach(one -> node.awaitState(one, WorkerState.STARTED));
        // Another change takes its turn after those, so that they are over.
        change(told);
        await().until(() -> pid(waiting.get(1)) != pid);
        node.awaitState(waiting.get(1), WorkerState.STARTED);
        // The restart by hand counts for none, and it has the files of the first change.
        assertThat(node.info(waiting.get(1)).restarts()).isEqualTo(1);
        assertThat(node.info(waiting.get(0)).status()).isEqualTo(WorkerState.INACTIVE);
    }
}
