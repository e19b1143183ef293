package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.event.NodeLog;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.WorkerProcess;
import io.millwright.controller.internal.process.cgroup.NotedGroup;
import io.millwright.controller.internal.process.cgroup.RealGroups;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
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

    /** That of each process, in the order in which they were made. */
    private final List<NotedGroup> groups = new CopyOnWriteArrayList<>();

    private TestNode node;

    /** The same, with one answer of its own; where processes are made each of them has the group. */
    private <T> T but(Class<T> type, T real, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, called, words) -> {
            if (answers.containsKey(called.getName())) {
                return answers.get(called.getName());
            }
            try {
                Object answer = called.invoke(real, words);
                return answer instanceof WorkerProcess process
                        ? but(WorkerProcess.class, process, Map.of("enclosure", group()))
                        : answer;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    private NotedGroup group() {
        NotedGroup made = new NotedGroup(groups.size() + 1);
        groups.add(made);
        return made;
    }

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("n"), new NodeLog(), backend -> but(ProcessBackend.class, backend, Map.of()));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private void configure(String script, Object... more) {
        node.node.configure(
                new Configured(PID, "config:" + PID, WorkerSpec.of(id("w"), "guest", script(script, more))));
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
        configure("exec sleep 600", "trees", "cgroup");
        Long pid = node.awaitState("w", WorkerState.STARTED).pid();
        configure("exec sleep 600", "trees", "cgroup", "cgroup.pids.max", 5, "cgroup.io.weight", 7);
        await().until(() -> Long.valueOf(5).equals(inForce("cgroup.pids.max")));
        assertThat(node.info("w").inForce())
                .containsEntry("cgroup.path", "/groups/w.1")
                .containsEntry("cgroup.io.weight", 7L);
        configure("exec sleep 600", "trees", "cgroup", "cgroup.pids.max", 13);
        await().until(() -> String.valueOf(node.info("w").reason()).contains("the kernel does not like 13"));
        assertThat(inForce("cgroup.pids.max")).isEqualTo(5L);
        assertThat(node.controller.doctor().toString())
                .contains(
                        "is not as its configuration asks: its changed limits were refused: the kernel does not like 13");
        for (int i = 20; i <= 40; i++) {
            configure("exec sleep 600", "trees", "cgroup", "cgroup.pids.max", i);
        }
        await().until(() -> Long.valueOf(40).equals(inForce("cgroup.pids.max")));
        assertThat(node.info("w").reason()).isNull();
        assertThat(node.controller.doctor().toString()).doesNotContain("is not as its configuration asks");
        configure("exec sleep 600", "trees", "cgroup");
        await().until(() -> inForce("cgroup.pids.max") == null);
        assertThat(node.info("w").pid()).isEqualTo(pid);
        assertThat(node.info("w").restarts()).isZero();
    }

    /** Limits that change in place while a run retires are those of the run that stays. */
    @Test
    void aRetiringRunKeepsItsLimits() throws IOException {
        RealGroups.require();
        Path end = temp.resolve("end");
        String stubborn = "trap : TERM; echo up; while [ ! -e " + end + " ]; do sleep 0.02; done";
        Object[] overlap = {"trees", "cgroup", "reload.mode", "overlap", "reload.shared", true};
        configure(stubborn, overlap);
        node.awaitState("w", WorkerState.STARTED);
        node.awaitLog("w", "up");
        configure(stubborn, with(overlap, "cgroup.pids.max", 5));
        await().until(() -> Long.valueOf(5).equals(inForce("cgroup.pids.max")));
        configure("exec sleep 600", overlap);
        await().until(() -> node.info("w").retiring() != null);
        assertThat(node.info("w").inForce())
                .containsEntry("cgroup.path", "/groups/w.2")
                .doesNotContainKey("cgroup.pids.max");
        configure("exec sleep 600", with(overlap, "cgroup.pids.max", 9));
        await().until(() -> Long.valueOf(9).equals(inForce("cgroup.pids.max")));
        assertThat(node.info("w").retiring()).isNotNull();
        assertThat(groups).hasSize(2);
        assertThat(groups.get(0).inForce()).containsEntry("pids.max", "5");
        assertThat(groups.get(1).inForce()).containsEntry("pids.max", "9");
        Files.createFile(end);
        await().until(() -> node.info("w").retiring() == null);
        assertThat(inForce("cgroup.pids.max")).isEqualTo(9L);
    }

    private static Object[] with(Object[] options, Object... more) {
        return Stream.of(options, more).flatMap(Stream::of).toArray();
    }

    private @Nullable Object inForce(String key) {
        return node.info("w").inForce().get(key);
    }
}
