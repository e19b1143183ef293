package io.millwright.monitor.oshi.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.monitor.ProcessStats;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import oshi.SystemInfo;

/** Every reader against the process the test runs in and against children. */
class ProcessesTest {
    private static final long SELF = ProcessHandle.current().pid();

    static Stream<ProcessReader> readers() {
        SystemInfo system = new SystemInfo();
        ProcessReader oshi = new OshiProcessReader(() -> system);
        return ProcfsReader.isUsable() ? Stream.of(new ProcfsReader(), oshi) : Stream.of(oshi);
    }

    private static ProcessStats self(ProcessReader reader) {
        return one(reader, SELF);
    }

    private static ProcessStats one(ProcessReader reader, long pid) {
        return Optional.ofNullable(reader.read(List.of(pid)).get(pid)).orElseThrow();
    }

    private static int fds(ProcessReader reader) {
        return Optional.ofNullable(self(reader).fds()).orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("readers")
    void ownFiguresAreSane(ProcessReader reader) {
        int live = ManagementFactory.getThreadMXBean().getThreadCount();
        ProcessStats stats = self(reader);
        assertThat(stats.pid()).isEqualTo(SELF);
        assertThat(stats.rss()).isBetween(10L << 20, 64L << 30);
        assertThat(stats.threads()).isGreaterThanOrEqualTo(live);
        assertThat(stats.fds()).isNotNull().isGreaterThan(3);
        assertThat(stats.cpu()).isPositive().isLessThan(Duration.ofHours(10));
    }

    @ParameterizedTest
    @MethodSource("readers")
    void processorTimeGrowsWithWork(ProcessReader reader) {
        Duration before = self(reader).cpu();
        long[] sink = {1};
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            for (int i = 0; i < 2_000_000; i++) {
                sink[0] = sink[0] * 31 + i;
            }
            return self(reader).cpu().compareTo(before.plusMillis(50)) > 0;
        });
        assertThat(sink[0]).isNotEqualTo(1);
        // The same clock the JDK reads, a tick or two apart.
        Duration jdk = ProcessHandle.current().info().totalCpuDuration().orElseThrow();
        assertThat(self(reader).cpu()).isBetween(jdk.minusSeconds(2), jdk.plusSeconds(20));
    }

    @ParameterizedTest
    @MethodSource("readers")
    void openFilesAreCounted(ProcessReader reader) throws IOException {
        int before = fds(reader);
        List<FileInputStream> open = new ArrayList<>();
        try {
            Path file = Files.createTempFile("millwright", ".fds");
            file.toFile().deleteOnExit();
            for (int i = 0; i < 200; i++) {
                open.add(new FileInputStream(file.toFile()));
            }
            assertThat(fds(reader)).isGreaterThanOrEqualTo(before + 150);
            Files.delete(file);
        } finally {
            for (FileInputStream in : open) {
                in.close();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("readers")
    void theGoneAreLeftOut(ProcessReader reader) throws Exception {
        Process gone = new ProcessBuilder("true").start();
        assertThat(gone.waitFor()).isZero();
        Process child = new ProcessBuilder("sleep", "600").start();
        try {
            Map<Long, ProcessStats> stats = reader.read(List.of(gone.pid(), SELF, child.pid(), -1L, 0L, 1L << 40));
            assertThat(stats).containsOnlyKeys(SELF, child.pid());
            assertThat(one(reader, child.pid()).threads()).isEqualTo(1);
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    void aNameWithParenthesesAndSpacesDoesNotConfuse() throws Exception {
        assumeThat(ProcfsReader.isUsable()).isTrue();
        Path directory = Files.createTempDirectory("millwright");
        Path program = directory.resolve("a) R 1 (b");
        Files.copy(Path.of("/bin/sleep"), program);
        Process child = new ProcessBuilder(program.toString(), "600").start();
        try {
            ProcfsReader reader = new ProcfsReader();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> Files.readString(Path.of("/proc/" + child.pid() + "/stat"))
                            .contains("(a) R 1 (b)"));
            ProcessStats stats = one(reader, child.pid());
            assertThat(stats.threads()).isEqualTo(1);
            assertThat(stats.rss()).isBetween(100_000L, 100_000_000L);
            assertThat(stats.fds()).isEqualTo(3);
        } finally {
            child.destroyForcibly().waitFor();
            Files.delete(program);
            Files.delete(directory);
        }
    }
}
