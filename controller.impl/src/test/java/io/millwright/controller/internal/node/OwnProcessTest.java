package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.process.ProcessMonitoring;
import io.millwright.controller.api.process.ProcessOperations;
import io.millwright.controller.api.process.ProcessOperations.Numbering;
import io.millwright.controller.api.process.ProcessSample;
import io.millwright.controller.internal.process.linux.LinuxBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The controller's own process: what it says of itself, and its processors. */
class OwnProcessTest {
    @TempDir
    Path directory;

    private TestNode node;
    private ProcessOperations process;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(directory);
        process = node.controller.getProcess();
    }

    @AfterEach
    void close() {
        try {
            process.setCpuAffinity(process.getCpus(), Numbering.ABSOLUTE, ME);
        } catch (NodeException unavailable) {
            assertThat(unavailable.code()).isEqualTo(ErrorCode.FEATURE_UNAVAILABLE);
        }
        node.close();
    }

    private static NodeException failure(Runnable call) {
        return catchThrowableOfType(NodeException.class, call::run);
    }

    @Test
    void itKnowsItself() {
        assertThat(process.getProcessInfo().pid())
                .isEqualTo(ProcessHandle.current().pid());
        assertThat(process.getProcessInfo().java()).contains(System.getProperty("java.runtime.version"));
        assertThat(process.started()).isBefore(process.utcnow());
        assertThat(process.uptime()).isPositive();
        assertThat(process.utcnow()).isBetween(Instant.now().minusSeconds(60), Instant.now());
        ProcessSample stats = process.getProcessStats();
        assertThat(stats.heapUsed()).isPositive();
        assertThat(stats.threads()).isPositive();
        assertThat(stats.cpuLoad()).isNull();
        assertThat(stats.rss()).as("there is no system monitor").isNull();
        long before = stats.gcCount();
        assertThat(process.triggerGc(ME)).isPositive();
        assertThat(process.getProcessStats().gcCount()).isGreaterThan(before);
    }

    @Test
    void samplingBeginsAndEnds() {
        assertThat(process.getProcessMonitor()).isEqualTo(ProcessMonitoring.of(Duration.ZERO, List.of()));
        assertThat(process.setProcessStatsMonitoring(Duration.ofMillis(100), ME).interval())
                .isEqualTo(Duration.ofMillis(100));
        await().until(() -> process.getProcessMonitor().samples().size() >= 3);
        assertThat(process.getProcessMonitor().samples().get(2).cpuLoad()).isNotNegative();
        assertThat(failure(() -> process.setProcessStatsMonitoring(Duration.ofMillis(1), ME))
                        .code())
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
        ProcessMonitoring ended = process.setProcessStatsMonitoring(Duration.ZERO, ME);
        assertThat(ended.samples()).isNotEmpty();
        assertThat(process.getProcessMonitor()).isEqualTo(ended);
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("millwright-process-monitor")));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void allThreadsMoveAndWorkersDoNot() throws IOException {
        List<Integer> given = process.getCpus();
        assertThat(given).isNotEmpty();
        assertThat(process.getCpuCount()).isGreaterThanOrEqualTo(given.size());
        assertThat(process.getCpuAffinity()).isEqualTo(given);
        int last = given.get(given.size() - 1);

        assertThat(process.setCpuAffinity(List.of(given.size() - 1), Numbering.RELATIVE, ME))
                .containsExactly(last);
        assertThat(process.getCpuAffinity()).containsExactly(last);
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            // Those that fork keep what their processes are to have.
            assertThat(threads.filter(thread -> !name(thread).equals(LinuxBackend.FORK_THREAD))
                            .map(OwnProcessTest::allowed)
                            .filter(list -> !list.isEmpty()))
                    .containsOnly(String.valueOf(last));
        }
        node.start("wide", script("grep Cpus_allowed_list /proc/self/status; exec sleep 60"));
        await().until(() -> !node.log("wide").isEmpty());
        String workers = node.log("wide").get(0).replaceAll(".*\\s", "");

        assertThat(process.setCpuAffinity(given, Numbering.ABSOLUTE, ME)).isEqualTo(given);
        assertThat(workers)
                .as("the worker's processors")
                .isEqualTo(allowed(
                        Path.of("/proc/self/task/" + ProcessHandle.current().pid())));
    }

    private static String name(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).trim();
        } catch (IOException gone) {
            return "";
        }
    }

    private static String allowed(Path thread) {
        try (Stream<String> lines = Files.lines(thread.resolve("status"))) {
            return lines.filter(line -> line.startsWith("Cpus_allowed_list"))
                    .map(line -> line.replaceAll(".*\\s", ""))
                    .findFirst()
                    .orElse("");
        } catch (IOException | java.io.UncheckedIOException gone) {
            return "";
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void processorsThatAreNotThereAreRefusedAndNothingChanges() {
        List<Integer> before = process.getCpuAffinity();
        for (Numbering numbering : Numbering.values()) {
            assertThat(failure(() -> process.setCpuAffinity(List.of(5000), numbering, ME))
                            .getMessage())
                    .contains("5000");
            assertThat(failure(() -> process.setCpuAffinity(List.of(-1), numbering, ME)))
                    .isNotNull();
            assertThat(failure(() -> process.setCpuAffinity(List.of(), numbering, ME)))
                    .isNotNull();
        }
        assertThat(process.getCpuAffinity()).isEqualTo(before);
    }
}
