package io.millwright.shell.gogo.internal;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.process.ProcessInfo;
import io.millwright.controller.api.process.ProcessMonitoring;
import io.millwright.controller.api.process.ProcessOperations;
import io.millwright.controller.api.process.ProcessSample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A process with fixed answers, that remembers what it was asked. */
record FakeProcess(List<String> calls) implements ProcessOperations {
    private static final ProcessSample SAMPLE = new ProcessSample(
            FakeNode.NOW, Duration.ofSeconds(3), 0.25, null, 77, 21, 5 << 20, 8 << 20, 64 << 20, 1, 4, Duration.ZERO);

    @Override
    public int getCpuCount() {
        return 4;
    }

    @Override
    public List<Integer> getCpus() {
        return List.of(2, 3);
    }

    @Override
    public List<Integer> getCpuAffinity() {
        return List.of(3);
    }

    @Override
    public List<Integer> setCpuAffinity(List<Integer> cpus, Numbering numbering, Caller caller) {
        calls.add("affinity " + cpus + " " + numbering + " by " + caller);
        return cpus;
    }

    @Override
    public ProcessInfo getProcessInfo() {
        return new ProcessInfo(4711, null, "ann", "/usr/bin/java", "/var/node", FakeNode.NOW, "JVM 17", "Linux 6");
    }

    @Override
    public ProcessSample getProcessStats() {
        return SAMPLE;
    }

    @Override
    public ProcessMonitoring getProcessMonitor() {
        return new ProcessMonitoring(Duration.ZERO, List.of());
    }

    @Override
    public ProcessMonitoring setProcessStatsMonitoring(Duration interval, Caller caller) {
        calls.add("monitor " + interval + " by " + caller);
        return new ProcessMonitoring(interval, List.of(SAMPLE));
    }

    @Override
    public Duration triggerGc(Caller caller) {
        calls.add("gc by " + caller);
        return Duration.ofMillis(12);
    }

    @Override
    public Instant utcnow() {
        return FakeNode.NOW.plusSeconds(60);
    }

    @Override
    public Instant started() {
        return FakeNode.NOW;
    }

    @Override
    public Duration uptime() {
        return Duration.ofSeconds(60);
    }
}
