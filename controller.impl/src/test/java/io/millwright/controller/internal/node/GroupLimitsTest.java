package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.event.NodeLog;
import io.millwright.controller.internal.process.Enclosure;
import io.millwright.controller.internal.process.Leftover;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.WorkerProcess;
import io.millwright.controller.internal.process.cgroup.RealGroups;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a group's limits do is told, and their changes reach it, the last one last; with real processes in a group that is none. */
class GroupLimitsTest {
    private static final String PID = "io.millwright.worker.guest~w";

    @TempDir
    Path temp;

    private final Group group = new Group();
    private TestNode node;

    /** Notes what it is told. */
    private static final class Group implements Enclosure {
        private Map<String, List<String>> limits = Map.of();

        @Override
        public String enter() {
            return ":";
        }

        @Override
        public boolean holds(long pid) {
            return false;
        }

        @Override
        public CompletableFuture<Integer> end(ScheduledExecutorService timer, long main, Consumer<Leftover> found) {
            return CompletableFuture.completedFuture(0);
        }

        @Override
        public void discard() {}

        @Override
        public synchronized void limit(Map<String, List<String>> wanted) throws IOException {
            if (wanted.getOrDefault("pids.max", List.of()).contains("13")) {
                throw new IOException("the kernel does not like 13");
            }
            limits = new TreeMap<>(wanted);
        }

        @Override
        public synchronized Map<String, String> inForce() {
            Map<String, String> all = new LinkedHashMap<>();
            all.put("path", "/groups/w.1");
            limits.forEach((file, lines) -> all.put(file, String.join("\n", lines)));
            return all;
        }

        @Override
        public @Nullable String trouble() {
            return "out of memory: the kernel killed a process of it";
        }
    }

    /** The same, with one answer of its own; where processes are made each of them has the group. */
    private <T> T but(Class<T> type, T real, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, called, words) -> {
            if (answers.containsKey(called.getName())) {
                return answers.get(called.getName());
            }
            try {
                Object answer = called.invoke(real, words);
                return answer instanceof WorkerProcess process
                        ? but(WorkerProcess.class, process, Map.of("enclosure", group))
                        : answer;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("n"), new NodeLog(), backend -> but(ProcessBackend.class, backend, Map.of()));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void configure(Object... more) {
        node.node.configure(
                new Configured(PID, "config:" + PID, WorkerSpec.of(id("w"), "guest", script("exec sleep 600", more))));
    }

    @Test
    void whatTheKernelDidIsPartOfTheReason() {
        node.start("w", script("exit 3"));
        assertThat(node.awaitState("w", WorkerState.EXITED).exit().reason())
                .isEqualTo("exit code 3; out of memory: the kernel killed a process of it");
    }

    @Test
    void limitsChangeInPlaceAndWhatIsRefusedIsSaid() {
        RealGroups.require();
        configure("trees", "cgroup");
        Long pid = node.awaitState("w", WorkerState.STARTED).pid();
        configure("trees", "cgroup", "cgroup.pids.max", 5, "cgroup.io.weight", 7);
        await().until(() -> Long.valueOf(5).equals(inForce("cgroup.pids.max")));
        assertThat(node.info("w").inForce())
                .containsEntry("cgroup.path", "/groups/w.1")
                .containsEntry("cgroup.io.weight", 7L);
        configure("trees", "cgroup", "cgroup.pids.max", 13);
        await().until(() -> String.valueOf(node.info("w").reason()).contains("the kernel does not like 13"));
        assertThat(inForce("cgroup.pids.max")).isEqualTo(5L);
        for (int i = 20; i <= 40; i++) {
            configure("trees", "cgroup", "cgroup.pids.max", i);
        }
        await().until(() -> Long.valueOf(40).equals(inForce("cgroup.pids.max")));
        assertThat(node.info("w").reason()).isNull();
        configure("trees", "cgroup");
        await().until(() -> inForce("cgroup.pids.max") == null);
        assertThat(node.info("w").pid()).isEqualTo(pid);
        assertThat(node.info("w").restarts()).isZero();
    }

    private @Nullable Object inForce(String key) {
        return node.info("w").inForce().get(key);
    }
}
