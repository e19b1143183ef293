package io.millwright.itest;

import static io.millwright.itest.Fixture.ME;
import static io.millwright.itest.Fixture.await;
import static io.millwright.itest.Fixture.configure;
import static io.millwright.itest.Fixture.get;
import static io.millwright.itest.Fixture.guest;
import static io.millwright.itest.Fixture.script;
import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeController.InputEnd;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.event.NodeTopics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.junit5.context.BundleContextExtension;
import org.osgi.test.junit5.service.ServiceExtension;

/**
 * Stops, starts, updates and refreshes every bundle of ours but the API and the controller, at random, under 30 workers, and
 * then proves that nothing was lost and nothing left. The seed is printed; {@code MILLWRIGHT_STRESS_SEEDS=7,8} in the
 * environment, or {@code 1-20}, names others.
 */
@ExtendWith({BundleContextExtension.class, ServiceExtension.class})
public class StressTest {
    private static final int ACTIONS = 60;

    @InjectBundleContext
    BundleContext context;

    @InjectService(timeout = 20_000)
    NodeController controller;

    @InjectService
    ConfigurationAdmin admin;

    @InjectService
    LogReaderService log;

    @TempDir
    Path scratch;

    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final LogListener listener = this::hear;

    private final List<Bundle> bundles = new ArrayList<>();
    private final Map<Bundle, Path> jars = new TreeMap<>();
    private Fixture node;
    private Configuration options;

    @BeforeEach
    void begin() throws IOException {
        node = new Fixture(context, controller);
        for (String name : Plugins.OURS) {
            Bundle bundle = node.bundle(name);
            bundles.add(bundle);
            jars.put(bundle, Plugins.jar(bundle));
        }
        log.addLogListener(listener);
        options = admin.getConfiguration("io.millwright.controller", "?");
        options.update(new Hashtable<>(Map.of("history.size", 10_000, "shutdown.scope", "workers")));
    }

    @AfterEach
    void end() throws IOException {
        log.removeLogListener(listener);
        Files.deleteIfExists(nodeFile());
        node.clear();
        options.delete();
    }

    private void hear(LogEntry entry) {
        if (entry.getLogLevel() == LogLevel.ERROR && entry.getLoggerName().startsWith("io.millwright")) {
            errors.add(entry.getMessage());
        }
    }

    private Path nodeFile() {
        return Path.of(context.getProperty("millwright.dir"), "node.json");
    }

    @TestFactory
    Stream<DynamicTest> bundlesComeAndGoUnderThirtyWorkers() throws Exception {
        // Once before, for what is made at the first use and kept.
        round(new Random(0), Plugins.OURS.size() * 4);
        return seeds().mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> {
            Snapshot before = Snapshot.of(context);
            System.out.println("stress: seed " + seed);
            round(new Random(seed), ACTIONS);
            Snapshot.awaitAsBefore(context, before);
        }));
    }

    private static LongStream seeds() {
        String named = System.getenv("MILLWRIGHT_STRESS_SEEDS");
        if (named == null || named.isBlank()) {
            return LongStream.of(new Random().nextInt(1_000_000));
        }
        return Arrays.stream(named.split(",")).flatMapToLong(part -> {
            String[] ends = part.split("-");
            return LongStream.rangeClosed(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1]));
        });
    }

    private void round(Random random, int actions) throws Exception {
        Path pids = Files.createDirectories(scratch.resolve("pids"));
        try (EventLedger ledger = new EventLedger(controller)) {
            List<String> steady = startSteady();
            List<String> short_ = startShort(pids);
            Map<String, Long> before = new TreeMap<>();
            for (String id : steady) {
                before.put(id, node.awaitStarted(id));
            }
            List<String> done = new ArrayList<>();
            for (int i = 0; i < actions; i++) {
                done.add(act(random));
            }
            for (Bundle bundle : bundles) {
                bundle.start();
            }
            proveSteady(before, done);
            proveShortGoOn(short_, ledger);
            Files.writeString(nodeFile(), "{\"version\": 2, \"workers\": []}");
            await("node.json's worker is stopped", () -> node.state("file") == WorkerState.EXITED);
            admin.getFactoryConfiguration("io.millwright.worker.guest", "pid", "?")
                    .delete();
            await("the configured worker is stopped", () -> node.state("pid") == WorkerState.EXITED);
            get(controller.stopWorkers(WorkerSelector.ALL, StopOptions.KILL, ME));
            proveNoLostExit(ledger, steady, short_, pids);
        }
        assertThat(errors).as("errors in the node's log").isEmpty();
        forget(pids);
    }

    /** What an operator might do to one bundle; returns what it was. */
    private String act(Random random) throws Exception {
        Bundle bundle = bundles.get(random.nextInt(bundles.size()));
        String action = List.of("stop", "start", "update", "refresh", "update and refresh")
                .get(random.nextInt(5));
        switch (action) {
            case "stop" -> bundle.stop();
            case "start" -> bundle.start();
            case "update" -> Plugins.update(bundle, jars.get(bundle));
            case "refresh" -> Plugins.refresh(context, List.of(bundle));
            default -> {
                Plugins.update(bundle, jars.get(bundle));
                Plugins.refresh(context, List.of(bundle));
            }
        }
        return action + " " + bundle.getSymbolicName();
    }

    /** Workers that must not notice: by a call, by a configuration, by the node file; two of them watched. */
    private List<String> startSteady() throws IOException {
        List<String> ids = new ArrayList<>();
        Path watched = Files.createDirectories(scratch.resolve("watched"));
        for (int i = 0; i < 11; i++) {
            String id = "sleeper" + i;
            Map<String, Object> options = script("exec sleep 3600");
            if (i < 2) {
                options.put("watch.directories", new String[] {watched.toString()});
                options.put("watch.action", "none");
            }
            ids.add(start(id, options));
        }
        for (int i = 0; i < 8; i++) {
            ids.add(start("ticker" + i, script("while :; do echo tick; sleep 1; done")));
        }
        ids.add(start("cat", Map.of("executable", "/bin/cat", "stdin", "open")));
        configure(admin, "pid", script("exec sleep 3600"));
        ids.add("pid");
        Files.writeString(
                nodeFile(),
                """
                {"version": 2, "workers": [
                  {"type": "guest", "id": "file", "executable": "/bin/sleep", "arguments": ["3600"]}]}""");
        ids.add("file");
        return ids;
    }

    /** Workers that end all the time, in three ways, and are started again. */
    private List<String> startShort(Path pids) {
        List<String> ids = new ArrayList<>();
        List<String> ends = List.of("exit 0", "exit 3", "kill -9 $$");
        for (int i = 0; i < 8; i++) {
            String id = "short" + i;
            ids.add(start(
                    id,
                    script(
                            "echo $$ >> " + pids.resolve(id) + "; " + ends.get(i % ends.size()),
                            "restart.policy",
                            "always",
                            "restart.delay",
                            "400ms",
                            "restart.factor",
                            "1")));
        }
        return ids;
    }

    private String start(String id, Map<String, Object> options) {
        get(controller.startWorker(guest(id, options), ME));
        return id;
    }

    private void proveSteady(Map<String, Long> before, List<String> done) {
        before.forEach((id, pid) -> assertThat(node.info(id).pid())
                .as("%s is the process it was, after %s", id, done)
                .isEqualTo(pid));
        long ticks = node.info("ticker0").stats().stdout().lines();
        await("tickers' lines come", () -> node.info("ticker0").stats().stdout().lines() > ticks);
        get(controller.writeInput(
                new WorkerId("cat"), "meow\n".getBytes(StandardCharsets.UTF_8), InputEnd.KEEP_OPEN, ME));
        await("cat answers", () -> controller.getWorkerLog(new WorkerId("cat"), 1).stream()
                .anyMatch(entry -> entry.text().equals("meow")));
    }

    private void proveShortGoOn(List<String> ids, EventLedger ledger) {
        for (String id : ids) {
            long runs = ledger.count(id, NodeTopics.WORKER_EXITED);
            await(id + " is started again", () -> ledger.count(id, NodeTopics.WORKER_EXITED) > runs + 1);
        }
    }

    private void proveNoLostExit(EventLedger ledger, List<String> steady, List<String> short_, Path pids)
            throws IOException {
        List<WorkerRun> history = controller.getHistory();
        for (String id : Stream.concat(steady.stream(), short_.stream()).toList()) {
            // The events are told by another thread; the last of a worker is the exit of its last process.
            await(
                    id + "'s last exit is told",
                    () -> ledger.count(id, NodeTopics.WORKER_EXITED) >= ledger.count(id, NodeTopics.WORKER_STARTED));
            List<Long> runs = ledger.pairedRuns(id);
            assertThat(history.stream()
                            .filter(run -> run.id().value().equals(id))
                            .map(WorkerRun::pid)
                            .filter(pid -> pid != null)
                            .toList())
                    .as("the history of %s against its events", id)
                    .isEqualTo(runs);
            if (short_.contains(id)) {
                List<Long> real = Files.readAllLines(pids.resolve(id)).stream()
                        .map(Long::valueOf)
                        .toList();
                // One that was killed at the end may have had no time to write.
                assertThat(runs).as("processes of %s", id).containsAll(real);
                assertThat(real).containsAll(runs.subList(0, runs.size() - 1));
            }
        }
    }

    /** The next round begins with an empty history. */
    private void forget(Path pids) throws IOException {
        for (var info : controller.listWorkers(NodeController.Scope.ALL)) {
            get(controller.forgetWorker(info.id(), ME));
        }
        try (Stream<Path> files = Files.list(pids)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }
}
