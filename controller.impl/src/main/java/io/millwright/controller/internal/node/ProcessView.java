package io.millwright.controller.internal.node;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.Operation;
import io.millwright.controller.api.process.ProcessInfo;
import io.millwright.controller.api.process.ProcessMonitoring;
import io.millwright.controller.api.process.ProcessOperations;
import io.millwright.controller.api.process.ProcessSample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The controller's own process as one caller sees it; who may ask for the process at all may read everything. Thread-safe. */
final class ProcessView implements ProcessOperations {
    private final ProcessOperations process;
    private final Gate gate;

    ProcessView(ProcessOperations process, Gate gate) {
        this.process = process;
        this.gate = gate;
    }

    @Override
    public int getCpuCount() {
        return process.getCpuCount();
    }

    @Override
    public List<Integer> getCpus() {
        return process.getCpus();
    }

    @Override
    public List<Integer> getCpuAffinity() {
        return process.getCpuAffinity();
    }

    @Override
    public List<Integer> setCpuAffinity(List<Integer> cpus, Numbering numbering, Caller caller) {
        return gate.change(
                Operation.SET_CPU_AFFINITY, caller, List.of(), who -> process.setCpuAffinity(cpus, numbering, who));
    }

    @Override
    public ProcessInfo getProcessInfo() {
        return process.getProcessInfo();
    }

    @Override
    public ProcessSample getProcessStats() {
        return process.getProcessStats();
    }

    @Override
    public ProcessMonitoring getProcessMonitor() {
        return process.getProcessMonitor();
    }

    @Override
    public ProcessMonitoring setProcessStatsMonitoring(Duration interval, Caller caller) {
        return gate.change(
                Operation.SET_PROCESS_STATS_MONITORING,
                caller,
                List.of(),
                who -> process.setProcessStatsMonitoring(interval, who));
    }

    @Override
    public Duration triggerGc(Caller caller) {
        return gate.change(Operation.TRIGGER_GC, caller, List.of(), process::triggerGc);
    }

    @Override
    public Instant utcnow() {
        return process.utcnow();
    }

    @Override
    public Instant started() {
        return process.started();
    }

    @Override
    public Duration uptime() {
        return process.uptime();
    }
}
