package io.millwright.monitor.oshi.internal;

import io.millwright.controller.api.monitor.ProcessStats;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import oshi.SystemInfo;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;

/** Reads processes with OSHI, for platforms without {@code /proc}. Thread-safe. */
final class OshiProcessReader implements ProcessReader {
    private final Supplier<SystemInfo> system;

    OshiProcessReader(Supplier<SystemInfo> system) {
        this.system = system;
    }

    @Override
    public Map<Long, ProcessStats> read(Collection<Long> pids) {
        Map<Long, ProcessStats> result = new LinkedHashMap<>();
        OperatingSystem os = system.get().getOperatingSystem();
        for (Long pid : pids) {
            // OSHI's pids are ints, and so are those of every platform it knows.
            OSProcess process = pid > 0 && pid <= Integer.MAX_VALUE ? os.getProcess(pid.intValue()) : null;
            if (process != null) {
                result.put(pid, stats(pid, process));
            }
        }
        return result;
    }

    private static ProcessStats stats(long pid, OSProcess process) {
        long fds = process.getOpenFiles();
        return ProcessStats.of(
                pid,
                Duration.ofMillis(process.getUserTime() + process.getKernelTime()),
                process.getResidentSetSize(),
                process.getThreadCount(),
                fds < 0 ? null : Math.toIntExact(fds));
    }
}
