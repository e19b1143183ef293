package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.RetiringRun;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerExit.ExitClass;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.process.cgroup.RealGroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kind: each of the two runs of a restart by overlap has limits and a group of its own. Real processes. */
@Timeout(180)
@Tag("long")
class OverlapLimitsTest {
    private static final String PID = "io.millwright.worker.guest~web";
    private static final Duration LIMIT = Duration.ofSeconds(90);

    /** Holds 60 MiB and then says what it is given as its argument. */
    private static final String HOLDS = "exec python3 -c 'import sys, time; x = bytearray(60 << 20);"
            + " print(sys.argv[1], flush=True); time.sleep(600)' ";

    /** Goes on after a TERM, until it may end. */
    private static final String STUBBORN = "trap : TERM; echo up; while [ ! -e $1/end.$$ ]; do sleep 0.02; done";

    @TempDir
    Path temp;

    private TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("n"));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private Map<String, Object> overlapping(String script, Object... keysAndValues) {
        Map<String, Object> options = script("", keysAndValues);
        options.put("arguments", List.of("-c", script, "web", temp.toString()));
        options.put("reload.mode", "overlap");
        options.put("reload.shared", true);
        return options;
    }

    private void configure(Map<String, Object> options) {
        node.node.configure(new Configured(PID, "node.json", WorkerSpec.of(id("web"), "guest", options)));
    }

    private List<WorkerRun> ended() {
        return node.controller.getHistory().stream()
                .filter(run -> run.id().equals(id("web")))
                .toList();
    }

    @Test
    void theSecondRunThatGrowsIsRestarted() {
        configure(overlapping(
                "if mkdir $1/first || ! mkdir $1/second; then echo up; exec sleep 600; fi; echo up; " + HOLDS + "big",
                "ready.log",
                "^up$",
                "restart.memory",
                "40MiB"));
        Long first = node.awaitState("web", WorkerState.STARTED).pid();
        Long second = get(node.controller.restartWorker(id("web"), ME)).pid();
        assertThat(second).isNotEqualTo(first);
        await().atMost(LIMIT)
                .until(() ->
                        node.info("web").restarts() == 1 && node.info("web").status() == WorkerState.STARTED);
        assertThat(node.info("web").who()).hasToString("memory:web");
        assertThat(node.info("web").pid()).isNotIn(first, second);
        await().atMost(LIMIT).until(() -> ended().size() == 2);
        WorkerRun grown = ended().stream()
                .filter(run -> second.equals(run.pid()))
                .findFirst()
                .orElseThrow();
        assertThat(grown.exit().exitClass()).isEqualTo(ExitClass.ERROR);
        assertThat(grown.exit().reason()).contains("restart.memory allows 40.0 MiB");
    }

    /** What a retiring run holds is not what its worker holds: that one is not restarted for it. */
    @Test
    void aRetiringRunThatHoldsTooMuchHasNobodyRestarted() throws IOException {
        String both = "if mkdir $1/first; then trap : TERM; python3 -c 'import time; x = bytearray(60 << 20);"
                + " print(\"holds\", flush=True); time.sleep(600)' & while [ ! -e $1/end.$$ ]; do sleep 0.02; done; fi;"
                + " exec sleep 600";
        configure(overlapping(both));
        Long old = Objects.requireNonNull(
                node.awaitState("web", WorkerState.STARTED).pid());
        node.awaitLog("web", "holds");
        configure(overlapping(both, "restart.memory", "40MiB", "env.vars.NEW", "1"));
        await().atMost(LIMIT).until(() -> node.info("web").retiring() != null);
        Long next = node.info("web").pid();
        node.start("hungry", script(HOLDS + "big", "restart.memory", "40MiB"));
        await().atMost(LIMIT).until(() -> node.info("hungry").restarts() > 0);
        assertThat(retiring()).isEqualTo(old);
        assertThat(node.info("web").pid()).isEqualTo(next);
        assertThat(node.info("web").restarts()).isZero();
        Files.createFile(temp.resolve("end." + old));
        get(node.controller.stopWorker(id("hungry"), StopOptions.KILL, ME));
    }

    private Long retiring() {
        RetiringRun retiring = node.info("web").retiring();
        return retiring == null ? -1L : Objects.requireNonNull(retiring.pid());
    }

    private Path group() {
        return Path.of(String.valueOf(node.info("web").inForce().get("cgroup.path")));
    }

    private static boolean holds(Path group, Long pid) throws IOException {
        return Files.readAllLines(group.resolve("cgroup.procs")).contains(String.valueOf(pid));
    }

    @ParameterizedTest
    @CsvSource({"end", "kill", "crash"})
    void eachRunIsInAGroupOfItsOwn(String how) throws IOException {
        RealGroups.require();
        configure(overlapping(STUBBORN, "trees", "cgroup", "stop.timeout", "60s"));
        Long old = Objects.requireNonNull(
                node.awaitState("web", WorkerState.STARTED).pid());
        node.awaitLog("web", "up");
        Path first = group();
        get(node.controller.restartWorker(id("web"), ME));
        WorkerInfo now = node.info("web");
        Path second = group();
        Long next = Objects.requireNonNull(now.pid());
        assertThat(retiring()).isEqualTo(old);
        assertThat(second).isNotEqualTo(first);
        assertThat(holds(first, old) && holds(second, next)).isTrue();
        assertThat(holds(first, next) || holds(second, old)).isFalse();
        switch (how) {
            case "end" -> {
                Files.createFile(temp.resolve("end." + old));
                await().until(() -> node.info("web").retiring() == null);
                assertThat(first).doesNotExist();
                assertThat(holds(second, next)).isTrue();
                assertThat(node.info("web").status()).isEqualTo(WorkerState.STARTED);
            }
            case "kill" -> {
                get(node.controller.stopWorker(id("web"), StopOptions.KILL, ME));
                await().until(() -> !Files.exists(first) && !Files.exists(second));
            }
            default -> {
                ProcessHandle.of(next).orElseThrow().destroyForcibly();
                await().until(() -> !Files.exists(second));
                assertThat(holds(first, old)).isTrue();
                Files.createFile(temp.resolve("end." + old));
                await().until(() -> !Files.exists(first));
            }
        }
        get(node.controller.stopWorkers(io.millwright.controller.api.WorkerSelector.of("web"), StopOptions.KILL, ME));
        assertThat(RealGroups.noted(node.directory.resolve("run"))).isEmpty();
    }
}
