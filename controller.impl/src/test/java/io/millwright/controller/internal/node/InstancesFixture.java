package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;

import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.configured.WorkerStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A real node for each test of workers with {@code instances}. */
abstract class InstancesFixture {
    static final String GUEST = "io.millwright.worker.guest";

    @TempDir
    Path temp;

    TestNode node;

    final Map<String, String> refused = new ConcurrentHashMap<>();

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("node"));
        node.node.onRefusal((configured, why) -> {
            if (why == null) {
                refused.remove(configured.pid());
            } else {
                refused.put(configured.pid(), configured.source() + ": " + why);
            }
        });
    }

    @AfterEach
    void close() {
        node.close();
    }

    static Map<String, Object> sleeps(Object... keysAndValues) {
        return script("echo number %i; exec sleep 60", keysAndValues);
    }

    static Configured configured(String worker, Map<String, Object> options) {
        return new Configured(GUEST + "~" + worker, "node.json", WorkerSpec.of(id(worker), "guest", options));
    }

    void configure(String worker, Map<String, Object> options) {
        node.node.configure(configured(worker, options));
    }

    /** A group of as many, started. */
    void group(int count, Object... keysAndValues) {
        Map<String, Object> options = sleeps(keysAndValues);
        options.put("instances", count);
        configure("web", options);
        awaitStarted(count);
    }

    void awaitStarted(int count) {
        for (int i = 1; i <= count; i++) {
            node.awaitState("web-" + i, WorkerState.STARTED);
        }
    }

    List<String> listed(Scope scope) {
        return node.controller.listWorkers(scope).stream()
                .map(info ->
                        info.id() + " " + info.group() + " " + info.status().text())
                .toList();
    }

    long pid(String worker) {
        Long pid = node.info(worker).pid();
        return pid == null ? 0 : pid;
    }

    List<Long> pids(int count) {
        return Stream.iterate(1, i -> i <= count, i -> i + 1)
                .map(i -> pid("web-" + i))
                .toList();
    }

    void keepStore() {
        node.node.setStore(new WorkerStore() {
            @Override
            public void create(WorkerSpec spec) {
                String pid = GUEST + "~" + spec.id();
                node.node.configure(new Configured(pid, "config:" + pid, spec));
            }

            @Override
            public void delete(String pid) {
                node.node.unconfigure(pid);
            }
        });
    }
}
