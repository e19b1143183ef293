package io.millwright.monitor.oshi.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.monitor.SystemSampler;
import io.millwright.controller.api.monitor.SystemStats;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OshiSystemMonitorTest {
    private static final long SELF = ProcessHandle.current().pid();
    private final OshiSystemMonitor monitor = new OshiSystemMonitor();

    @Test
    void theMachineIsDescribed() {
        Instant before = Instant.now();
        SystemStats stats = monitor.newSampler().sample();
        assertThat(stats.time()).isBetween(before, Instant.now());
        assertThat(stats.pollTime()).isPositive();
        assertThat(stats.uptime()).isPositive();
        assertThat(stats.cpu().count()).isGreaterThanOrEqualTo(1);
        assertThat(stats.memory().total()).isGreaterThan(1L << 26);
        assertThat(stats.memory().available())
                .isPositive()
                .isLessThanOrEqualTo(stats.memory().total());
        assertThat(stats.memory().swapUsed())
                .isNotNegative()
                .isLessThanOrEqualTo(stats.memory().swapTotal());
        assertThat(stats.toMap()).containsKeys("uptime", "cpu", "memory", "disk", "network", "poll_time");
    }

    @Test
    void theFirstPollHasNoRatesAndTheSecondHas() {
        SystemSampler sampler = monitor.newSampler();
        assertNoRates(sampler.sample());
        SystemStats later = await().atMost(Duration.ofMinutes(1))
                .until(sampler::sample, s -> s.cpu().load() != null);
        assertThat(later.cpu().load()).isBetween(0.0, 1.0);
        assertThat(later.cpu().user()).isBetween(0.0, 1.0);
        assertThat(later.cpu().system()).isBetween(0.0, 1.0);
        assertThat(later.cpu().ioWait()).isBetween(0.0, 1.0);
        assertThat(later.disks()).allSatisfy(disk -> {
            assertThat(disk.readPerSec()).isNotNull().isNotNegative();
            assertThat(disk.writtenPerSec()).isNotNull().isNotNegative();
        });
        assertThat(later.networks()).allSatisfy(network -> {
            assertThat(network.receivedPerSec()).isNotNull().isNotNegative();
            assertThat(network.sentPerSec()).isNotNull().isNotNegative();
        });
    }

    @Test
    void anotherClientsSamplerBeginsAnew() {
        SystemSampler one = monitor.newSampler();
        one.sample();
        await().atMost(Duration.ofMinutes(1)).until(() -> one.sample().cpu().load() != null);
        assertNoRates(monitor.newSampler().sample());
        await().atMost(Duration.ofMinutes(1)).until(() -> one.sample().cpu().load() != null);
    }

    @Test
    void processesAreFound() {
        assertThat(monitor.processes(List.of(SELF, 1L << 40))).containsOnlyKeys(SELF);
        assertThat(monitor.processes(List.of())).isEqualTo(Map.of());
        assertThat(monitor.processes(List.of(SELF)).get(SELF))
                .satisfies(stats -> assertThat(stats.cpu()).isGreaterThan(Duration.ZERO));
    }

    private static void assertNoRates(SystemStats stats) {
        assertThat(stats.cpu().load()).isNull();
        assertThat(stats.cpu().user()).isNull();
        assertThat(stats.disks()).allSatisfy(disk -> {
            assertThat(disk.readPerSec()).isNull();
            assertThat(disk.writtenPerSec()).isNull();
        });
        assertThat(stats.networks()).allSatisfy(network -> {
            assertThat(network.receivedPerSec()).isNull();
            assertThat(network.sentPerSec()).isNull();
        });
    }
}
