package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.process.cgroup.RealGroups;
import io.millwright.controller.internal.process.tree.ProcessEntry;
import io.millwright.controller.internal.process.tree.ProcessTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kind: a worker that asks for a group is in one from its first instruction, is ended by it, and leaves none. */
class GroupTest {
    /** Its main process, and one in a session of its own that has no mark in its environment. */
    private static final String FLEE = "cat /proc/self/cgroup; env -i setsid sleep 3456 & echo $!; exec sleep 3456";

    @TempDir
    Path temp;

    @BeforeEach
    void groups() {
        RealGroups.require();
    }

    private static long fled(TestNode node, String id) {
        await().until(() -> node.log(id).stream().anyMatch(line -> line.matches("\\d+")));
        String pid = node.log(id).stream()
                .filter(line -> line.matches("\\d+"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(pid);
    }

    /** A zombie, which the node has yet to reap, is not. */
    private static boolean isAlive(long pid) throws IOException {
        ProcessEntry entry = ProcessTable.ofThisSystem().find(pid);
        return entry != null && !entry.zombie();
    }

    private static Path group(TestNode node, String id) {
        return Path.of(String.valueOf(node.info(id).inForce().get("cgroup.path")));
    }

    @Test
    void itIsStoppedAndKilledWithAllThatIsInItsGroupAndNothingElse() throws IOException {
        try (TestNode node = new TestNode(temp.resolve("n"))) {
            node.start("bare", script(FLEE));
            node.start("beside", script(FLEE, "trees", "cgroup"));
            node.start("stopped", script(FLEE, "trees", "cgroup"));
            node.start("killed", script(FLEE, "trees", "cgroup", "nice", 3));
            Path stopped = group(node, "stopped");
            assertThat(node.info("killed").inForce())
                    .containsEntry("trees", "cgroup")
                    .containsEntry("nice", 3);
            assertThat(node.info("stopped").inForce()).doesNotContainKey("nice");
            assertThat(node.info("bare").inForce()).isEmpty();
            Path killed = group(node, "killed");
            long first = fled(node, "stopped");
            long second = fled(node, "killed");
            assertThat(node.log("stopped").toString()).contains("/stopped.");
            node.stop("stopped");
            TestNode.get(node.controller.stopWorker(TestNode.id("killed"), StopOptions.KILL, TestNode.ME));
            assertThat(isAlive(first) || isAlive(second)).isFalse();
            assertThat(stopped).doesNotExist();
            assertThat(killed).doesNotExist();
            assertThat(isAlive(fled(node, "bare")) && isAlive(fled(node, "beside")))
                    .isTrue();
            assertThat(group(node, "beside")).exists();
            node.stop("beside");
            node.stop("bare");
            assertThat(node.directory.resolve("run/cgroups")).doesNotExist();
            assertThat(node.controller.doctor().toString()).doesNotContain("group ");
        }
    }

    @Test
    void whatItLeavesBehindIsEndedAndNamedWhenItEndsByItself() throws IOException {
        try (TestNode node = new TestNode(temp.resolve("n"))) {
            node.start("w", script("env -i setsid sleep 3456 & echo $!; sleep 0.2; exit 3", "trees", "cgroup"));
            var info = node.awaitState("w", WorkerState.EXITED);
            assertThat(info.exit().exitClass()).isEqualTo(ExitClass.ERROR);
            assertThat(info.exit().reason())
                    .contains("what it left behind was ended")
                    .contains("(sleep)");
            assertThat(isAlive(fled(node, "w"))).isFalse();
            assertThat(RealGroups.noted(node.directory.resolve("run"))).isEmpty();
        }
    }

    @Test
    void itsCommandsHaveGroupsOfTheirOwnAndLeaveNothingEither() throws IOException {
        try (TestNode node = new TestNode(temp.resolve("n"))) {
            node.start(
                    "w",
                    script(
                            "grep 0:: /proc/self/cgroup; exec sleep 3456",
                            "trees",
                            "cgroup",
                            "exec.before.command",
                            List.of(
                                    "/bin/sh",
                                    "-c",
                                    "grep 0:: /proc/self/cgroup; env -i setsid sleep 3456 & echo $!")));
            await().until(() -> node.log("w").size() == 3);
            List<String> log = node.log("w").stream().sorted().toList();
            assertThat(log.get(0)).startsWith("0::/").endsWith("/w.2");
            assertThat(log.subList(1, 3)).allMatch(line -> line.startsWith("exec.before: "));
            assertThat(log).anyMatch(line -> line.startsWith("exec.before: 0::/") && line.endsWith("/w.1"));
            String pid = log.stream()
                    .filter(line -> line.matches("exec.before: \\d+"))
                    .findFirst()
                    .orElseThrow();
            assertThat(isAlive(Long.parseLong(pid.substring("exec.before: ".length()))))
                    .isFalse();
            assertThat(group(node, "w").resolveSibling("w.1")).doesNotExist();
            node.stop("w");
            assertThat(RealGroups.noted(node.directory.resolve("run"))).isEmpty();
        }
    }

    @Test
    void whatAsksHowItIsIsInItsGroup() throws IOException {
        Path ready = temp.resolve("ready");
        Path health = temp.resolve("health");
        try (TestNode node = new TestNode(temp.resolve("n"))) {
            node.start(
                    "w",
                    script(
                            "exec sleep 3456",
                            "trees",
                            "cgroup",
                            "ready.exec",
                            List.of("/bin/sh", "-c", "grep 0:: /proc/self/cgroup >" + ready),
                            "health.exec",
                            List.of("/bin/sh", "-c", "grep 0:: /proc/self/cgroup >" + health),
                            "health.interval",
                            "50ms"));
            String group = group(node, "w").getFileName().toString();
            assertThat(Files.readString(ready).strip()).startsWith("0::/").endsWith("/" + group);
            // Written anew by each question, empty in between.
            await().untilAsserted(() -> assertThat(health).hasSameTextualContentAs(ready));
            node.stop("w");
            assertThat(RealGroups.noted(node.directory.resolve("run"))).isEmpty();
        }
    }

    @Test
    void aStepThatFailsLeavesNoGroup() throws IOException {
        try (TestNode node = new TestNode(temp.resolve("n"))) {
            assertThatThrownBy(() -> node.start("far", script("echo never", "trees", "cgroup", "cpu_affinity", "4095")))
                    .hasMessageContaining("its cpu_affinity 4095 could not be set");
            await().until(() -> RealGroups.noted(node.directory.resolve("run")).isEmpty());
            assertThat(node.log("far").toString()).doesNotContain("never");
        }
    }

    @Test
    void aControllerThatIsNotThereIsRefusedInASentence() throws IOException {
        Path own = Path.of("/sys/fs/cgroup/unified");
        org.junit.jupiter.api.Assumptions.assumeTrue(
                Files.isDirectory(own)
                        && !Files.readString(own.resolve("cgroup.controllers")).contains("memory"),
                "this machine has the controller");
        try (TestNode node = new TestNode(temp.resolve("n"))) {
            assertThatThrownBy(() -> node.start("w", script("true", "cgroup.memory.max", "64MiB")))
                    .hasMessageContaining("cgroup.memory.max")
                    .hasMessageContaining("controller memory cannot be had in the node's group " + own)
                    .hasMessageContaining("this machine gives it to cgroup v1")
                    .hasMessageContaining("systemd.unified_cgroup_hierarchy=1");
            assertThatThrownBy(() -> node.start("w", script("true", "trees", "cgroup", "env.vars", Map.of("a-b", "1"))))
                    .hasMessageContaining("'a-b' is lost: with trees a shell starts the program");
            assertThatThrownBy(() -> node.start("w", script("true", "cgroup.io.max", List.of("/dev/null0 rbps=1MiB"))))
                    .hasMessageContaining("there is no device /dev/null0");
        }
    }
}
