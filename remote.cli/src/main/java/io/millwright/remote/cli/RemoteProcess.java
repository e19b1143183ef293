package io.millwright.remote.cli;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Operation;
import io.millwright.controller.api.process.ProcessInfo;
import io.millwright.controller.api.process.ProcessMonitoring;
import io.millwright.controller.api.process.ProcessOperations;
import io.millwright.controller.api.process.ProcessSample;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The node's own process, by calls: what reads is one document, of which each method takes its part. Thread-safe; each method blocks for a call. */
final class RemoteProcess implements ProcessOperations {
    private final Calls calls;

    RemoteProcess(Calls calls) {
        this.calls = calls;
    }

    private <T> T read(Function<Values, T> part) {
        return calls.get(Operation.GET_PROCESS, Map.of(), answer -> part.apply(Values.of(answer)));
    }

    private <T> T change(Operation operation, Map<String, ?> arguments, Function<@Nullable Object, T> result) {
        return calls.get(operation, arguments, result);
    }

    @Override
    public int getCpuCount() {
        return read(process -> (int) process.number("cpu_count"));
    }

    @Override
    public List<Integer> getCpus() {
        return read(process -> process.numbers("cpus"));
    }

    @Override
    public List<Integer> getCpuAffinity() {
        return read(process -> {
            if (process.all().get("affinity") == null) {
                throw new NodeException(
                        ErrorCode.FEATURE_UNAVAILABLE, "the node cannot tell on which processors its process runs");
            }
            return process.numbers("affinity");
        });
    }

    @Override
    public List<Integer> setCpuAffinity(List<Integer> cpus, Numbering numbering, Caller caller) {
        Map<String, ?> arguments = Map.of("cpus", cpus, "relative", numbering == Numbering.RELATIVE);
        return change(Operation.SET_CPU_AFFINITY, arguments, answer -> Values.numbers(answer));
    }

    @Override
    public ProcessInfo getProcessInfo() {
        return read(ProcessDocuments::info);
    }

    @Override
    public ProcessSample getProcessStats() {
        return read(process -> ProcessDocuments.sample(Values.of(process.all().get("stats"))));
    }

    @Override
    public ProcessMonitoring getProcessMonitor() {
        return read(
                process -> ProcessDocuments.monitoring(Values.of(process.all().get("monitor"))));
    }

    @Override
    public ProcessMonitoring setProcessStatsMonitoring(Duration interval, Caller caller) {
        return change(
                Operation.SET_PROCESS_STATS_MONITORING,
                Map.of("interval", interval.toMillis() / 1000.0),
                answer -> ProcessDocuments.monitoring(Values.of(answer)));
    }

    @Override
    public Duration triggerGc(Caller caller) {
        return change(Operation.TRIGGER_GC, Map.of(), answer -> Values.of(Collections.singletonMap("took", answer))
                .duration("took"));
    }

    @Override
    public Instant utcnow() {
        return read(process -> process.time("utcnow"));
    }

    @Override
    public Instant started() {
        return read(process -> process.time("started"));
    }

    @Override
    public Duration uptime() {
        return read(process -> process.duration("uptime"));
    }
}
