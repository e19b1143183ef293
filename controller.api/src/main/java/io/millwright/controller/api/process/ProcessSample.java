package io.millwright.controller.api.process;

import io.millwright.controller.api.Document;
import io.millwright.controller.api.Documents;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a process uses at one moment; sizes in bytes. Immutable.
 *
 * @param time when
 * @param cpu processor time used since it was started, {@code null} if it cannot be told
 * @param cpuLoad processors in use, on average since the sample before; {@code null} without one
 * @param rss resident memory; {@code null} without a system monitor
 * @param fds open descriptors; {@code null} without a system monitor
 * @param threads threads of the virtual machine's programs
 * @param heapUsed heap in use
 * @param heapCommitted heap taken from the operating system
 * @param heapMax heap it may take
 * @param nonHeapUsed memory of classes and compiled code in use
 * @param gcCount garbage collections so far
 * @param gcTime time they took
 */
public record ProcessSample(
        Instant time,
        @Nullable Duration cpu,
        @Nullable Double cpuLoad,
        @Nullable Long rss,
        @Nullable Integer fds,
        int threads,
        long heapUsed,
        long heapCommitted,
        long heapMax,
        long nonHeapUsed,
        long gcCount,
        Duration gcTime)
        implements Document {
    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of(
                "time", time,
                "cpu", cpu,
                "cpu_load", cpuLoad,
                "rss", rss,
                "fds", fds,
                "threads", threads,
                "heap_used", heapUsed,
                "heap_committed", heapCommitted,
                "heap_max", heapMax,
                "non_heap_used", nonHeapUsed,
                "gc_count", gcCount,
                "gc_time", gcTime);
    }
}
