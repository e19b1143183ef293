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
    private static final ProcessSample SAMPLE = ProcessSample.builder(FakeNode.NOW)
            .cpu(Duration.ofSeconds(3))
            .cpuLoad(0.25)
            .fds(77)
            .threads(21)
            .heapUsed(5 << 20)
            .heapCommitted(8 << 20)
            .heapMax(64 << 20)
            .nonHeapUsed(1)
            .gcCount(4)
            .build();

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
        return ProcessInfo.builder(4711, FakeNode.NOW)
                .user("ann")
                .executable("/usr/bin/java")
                .directory("/var/node")
                .java("JVM 17")
                .system("Linux 6")
                .build();
    }

    @Override
    public ProcessSample getProcessStats() {
        return SAMPLE;
    }

    @Override
    public ProcessMonitoring getProcessMonitor() {
        return ProcessMonitoring.of(Duration.ZERO, List.of());
    }

    @Override
    public ProcessMonitoring setProcessStatsMonitoring(Duration interval, Caller caller) {
        calls.add("monitor " + interval + " by " + caller);
        return ProcessMonitoring.of(interval, List.of(SAMPLE));
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
