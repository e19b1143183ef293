package io.millwright.itest;

import static io.millwright.itest.Fixture.ME;
import static io.millwright.itest.Fixture.await;
import static io.millwright.itest.Fixture.get;
import static io.millwright.itest.Fixture.guest;
import static io.millwright.itest.Fixture.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Outcome;
import io.millwright.controller.api.RestartOptions;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.WorkerTypeInfo;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.api.event.NodeTopics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.junit5.context.BundleContextExtension;
import org.osgi.test.junit5.service.ServiceExtension;

/** The bundles of worker types, watchers and monitors come, go and change under 50 workers, each doing its work when it is there. */
@ExtendWith({BundleContextExtension.class, ServiceExtension.class})
public class PluginsTest {
    private static final int WORKERS = 50;
    private static final WorkerSelector GUESTS = WorkerSelector.of("*").withTypes(List.of("guest"));

    @InjectBundleContext
    BundleContext context;

    @InjectService(timeout = 20_000)
    NodeController controller;

    @TempDir
    Path scratch;

    private final Map<String, Long> crowd = new TreeMap<>();
    private Fixture node;
    private EventLedger ledger;

    @BeforeEach
    void begin() {
        node = Fixture.ready(context, controller);
        ledger = new EventLedger(controller);
        for (int i = 0; i < WORKERS; i++) {
            String id = "crowd%02d".formatted(i);
            get(controller.startWorker(guest(id, script("while read line; do echo $line; done", "stdin", "open")), ME));
            crowd.put(id, node.info(id).pid());
        }
    }

    @AfterEach
    void end() {
        crowd.forEach((id, pid) -> assertThat(node.info(id).pid()).as(id).isEqualTo(pid));
        ledger.close();
        node.clear();
    }

    private void say(String id, String text) {
        get(controller.writeInput(new WorkerId(id), (text + "\n").getBytes(), NodeController.InputEnd.KEEP_OPEN, ME));
        await(id + " says " + text, () -> controller.getWorkerLog(new WorkerId(id), 1).stream()
                .anyMatch(entry -> entry.text().equals(text)));
    }

    @Test
    void eachPluginMayGoAndComeInEveryWay() throws Exception {
        for (String name : Plugins.OURS) {
            Bundle bundle = node.bundle(name);
            Path jar = Plugins.jar(bundle);
            bundle.stop();
            say("crowd00", name + " is stopped");
            bundle.start();
            Plugins.update(bundle, jar);
            say("crowd01", name + " is updated");
            Plugins.refresh(context, List.of(bundle));
            say("crowd02", name + " is refreshed");
            String location = bundle.getLocation();
            bundle.uninstall();
            Plugins.refresh(context, List.of(bundle));
            say("crowd03", name + " is gone");
            // Not by the context that is injected: that one takes back what was installed through it.
            FrameworkUtil.getBundle(PluginsTest.class)
                    .getBundleContext()
                    .installBundle(location)
                    .start();
            say("crowd04", name + " is back");
        }
        await(
                "the guest type is back",
                () -> controller.getStatus().workerTypes().contains("guest"));
        get(controller.startWorker(guest("after", script("exec sleep 60")), ME));
        node.awaitStarted("after");
    }

    @Test
    void workersOfATypeThatIsGoneRunLogEndAndWaitForIt() throws Exception {
        Bundle bundle = node.bundle("io.millwright.worker.guest");
        get(controller.startWorker(guest("dies", script("exec sleep 3600", "restart", "always")), ME));
        get(controller.startWorker(guest("stops", script("exec sleep 3600")), ME));
        get(controller.startWorker(guest("restarts", script("exec sleep 3600")), ME));
        long dies = node.awaitStarted("dies");
        long restarts = node.awaitStarted("restarts");
        bundle.stop();
        Plugins.refresh(context, List.of(bundle));
        assertThat(controller.getStatus().workerTypes()).doesNotContain("guest");
        say("crowd07", "logged without the type");
        assertThat(get(controller.stopWorker(new WorkerId("stops"), StopOptions.GRACEFUL, ME))
                        .exit()
                        .exitClass())
                .isEqualTo(ExitClass.REQUESTED);
        ProcessHandle.of(dies).orElseThrow().destroyForcibly();
        await("its end is seen", () -> ledger.count("dies", NodeTopics.WORKER_EXITED) == 1);
        awaitType("dies");
        assertThat(node.info("dies").exit().signal()).isEqualTo("KILL");
        // A restart by hand would end a good process for one that cannot be started.
        assertThatThrownBy(() -> get(controller.restartWorker(new WorkerId("restarts"), ME)))
                .isInstanceOfSatisfying(NodeException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_WORKER_TYPE);
                    assertThat(e).hasMessageContaining("keeps running");
                });
        assertThat(node.info("restarts").pid()).isEqualTo(restarts);
        assertThat(ProcessHandle.of(restarts)).isPresent();
        assertThatThrownBy(() -> get(controller.startWorker(guest("new", script("true")), ME)))
                .isInstanceOfSatisfying(
                        NodeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_WORKER_TYPE));
        bundle.start();
        assertThat(node.awaitStarted("dies")).isNotEqualTo(dies);
        assertThat(get(controller.restartWorker(new WorkerId("restarts"), ME)).pid())
                .isNotEqualTo(restarts);
        get(controller.stopWorkers(WorkerSelector.of("dies", "restarts"), StopOptions.KILL, ME));
        for (String id : List.of("dies", "restarts")) {
            // Who follows events is told by a thread of its own.
            await("both ends of " + id + " are told", () -> ledger.count(id, NodeTopics.WORKER_EXITED) == 2);
        }
        assertThat(ledger.pairedRuns("dies")).hasSize(2);
        assertThat(ledger.pairedRuns("restarts")).hasSize(2);
    }

    private void awaitType(String id) {
        await(id + " waits for its type", () -> {
            WorkerInfo info = node.info(id);
            return info.status() == WorkerState.BACKOFF
                    && String.valueOf(info.reason()).startsWith("type unavailable");
        });
    }

    @Test
    void anUpdatedTypeServesTheNextStartsAndWorkersRollOntoItAFewAtATime() throws Exception {
        Bundle bundle = node.bundle("io.millwright.worker.guest");
        Path jar = Plugins.jar(bundle);
        Plugins.update(bundle, Plugins.newer(jar, scratch));
        Plugins.refresh(context, List.of(bundle));
        await("the new version serves", () -> controller.getWorkerTypes().stream()
                .filter(type -> type.type().equals("guest"))
                .map(WorkerTypeInfo::version)
                .toList()
                .equals(List.of("0.9.0")));
        crowd.forEach((id, pid) -> assertThat(node.info(id).pid()).as(id).isEqualTo(pid));
        List<Outcome<io.millwright.controller.api.StartResult>> outcomes =
                get(controller.restartWorkers(GUESTS, RestartOptions.ALL_AT_ONCE.withAtOnce(3), ME));
        assertThat(outcomes).hasSize(WORKERS).allMatch(outcome -> outcome.error() == null);
        for (String id : List.copyOf(crowd.keySet())) {
            long pid = node.awaitStarted(id);
            assertThat(pid).as(id).isNotEqualTo(crowd.put(id, pid));
        }
        assertThat(mostAtOnce()).as("restarting at the same time").isBetween(1, 3);
        Plugins.update(bundle, jar);
        Plugins.refresh(context, List.of(bundle));
    }

    private int mostAtOnce() {
        Set<String> down = new HashSet<>();
        int most = 0;
        for (NodeEvent event : ledger.all()) {
            String id = (String) event.properties().get(EventProperties.WORKER_ID);
            if (event.topic().equals(NodeTopics.WORKER_STOP_REQUESTED)) {
                down.add(id);
            } else if (event.topic().equals(NodeTopics.WORKER_STARTED)) {
                down.remove(id);
            }
            most = Math.max(most, down.size());
        }
        return most;
    }

    @Test
    void watchingBeginsWithTheWatcherAndOutlivesItsUpdate() throws Exception {
        Bundle bundle = node.bundle("io.millwright.watcher.fs");
        bundle.stop();
        Path directory = Files.createDirectory(scratch.resolve("watched"));
        get(controller.startWorker(
                guest(
                        "watched",
                        script(
                                "exec sleep 3600",
                                "watch.directories",
                                new String[] {directory.toString()},
                                "watch.debounce",
                                "100ms")),
                ME));
        Files.writeString(directory.resolve("early"), "nobody looks");
        List<String> files = new ArrayList<>();
        bundle.start();
        files.add(changeRestartsOnce(directory, "first"));
        Plugins.update(bundle, Plugins.jar(bundle));
        files.add(changeRestartsOnce(directory, "second"));
        Plugins.refresh(context, List.of(bundle));
        files.add(changeRestartsOnce(directory, "third"));
        bundle.stop();
        await("nobody looks", () -> !isWatched(directory));
        Files.writeString(directory.resolve("late"), "nobody looks");
        bundle.start();
        files.add(changeRestartsOnce(directory, "fourth"));
        get(controller.stopWorker(new WorkerId("watched"), StopOptions.KILL, ME));
        await("a worker that is stopped is not watched", () -> !isWatched(directory));
        assertThat(ledger.of("watched").stream()
                        .filter(event -> event.topic().equals(NodeTopics.WORKER_CHANGED_FILES))
                        .map(event -> event.properties().get(EventProperties.FILES)))
                .containsExactlyElementsOf(files.stream().map(List::of).toList());
        await("its last end is told", () -> ledger.count("watched", NodeTopics.WORKER_EXITED) == 5);
        assertThat(ledger.pairedRuns("watched")).hasSize(5);
    }

    private String changeRestartsOnce(Path directory, String name) throws IOException {
        await("it is watched", () -> isWatched(directory) && !isWatchBeginning());
        long before = node.awaitStarted("watched");
        Path file = Files.writeString(directory.resolve(name), name);
        await(
                "it is restarted",
                () -> node.state("watched") == WorkerState.STARTED
                        && node.info("watched").pid() != before);
        assertThat(ProcessHandle.of(before))
                .as("the old process is gone before the new one starts")
                .isEmpty();
        return file.toString();
    }

    /** Whether a watch takes its first look: what changes before its end is not a change to it. */
    private static boolean isWatchBeginning() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Stream::of)
                .anyMatch(frame -> frame.getClassName().startsWith("io.millwright.watcher.fs")
                        && frame.getMethodName().equals("begin"));
    }

    /** Whether this process has an inotify watch on a directory. */
    private static boolean isWatched(Path directory) throws IOException {
        String inode = " ino:" + Long.toHexString((Long) Files.getAttribute(directory, "unix:ino")) + " ";
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fdinfo"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    if (Files.readString(descriptor).contains(inode)) {
                        return true;
                    }
                } catch (IOException closed) {
                    // it was closed since the list was made
                }
            }
        }
        return false;
    }

    @Test
    void figuresComeAndGoWithTheMonitor() throws Exception {
        Bundle bundle = node.bundle("io.millwright.monitor.oshi");
        assertThat(controller.newSystemSampler().sample()).isNotNull();
        assertThat(node.info("crowd00").stats().process()).isNotNull();
        bundle.stop();
        Plugins.refresh(context, List.of(bundle));
        assertThatThrownBy(() -> controller.newSystemSampler())
                .isInstanceOfSatisfying(
                        NodeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FEATURE_UNAVAILABLE));
        assertThat(node.info("crowd00").stats().process()).isNull();
        bundle.start();
        await("the monitor is back", () -> node.info("crowd00").stats().process() != null);
        assertThat(controller.newSystemSampler().sample()).isNotNull();
        Plugins.update(bundle, Plugins.jar(bundle));
        await("the new monitor serves", () -> node.info("crowd00").stats().process() != null);
        assertThat(controller.newSystemSampler().sample()).isNotNull();
    }
}
