package io.millwright.controller.api.process;

import io.millwright.controller.api.Document;
import io.millwright.controller.api.Documents;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a process uses at one moment; sizes in bytes. Immutable. */
public final class ProcessSample implements Document {
    private final Instant time;
    private final @Nullable Duration cpu;
    private final @Nullable Double cpuLoad;
    private final @Nullable Long rss;
    private final @Nullable Integer fds;
    private final int threads;
    private final long heapUsed;
    private final long heapCommitted;
    private final long heapMax;
    private final long nonHeapUsed;
    private final long gcCount;
    private final Duration gcTime;

    private ProcessSample(Builder builder) {
        this.time = Objects.requireNonNull(builder.time, "time");
        this.cpu = builder.cpu;
        this.cpuLoad = builder.cpuLoad;
        this.rss = builder.rss;
        this.fds = builder.fds;
        this.threads = builder.threads;
        this.heapUsed = builder.heapUsed;
        this.heapCommitted = builder.heapCommitted;
        this.heapMax = builder.heapMax;
        this.nonHeapUsed = builder.nonHeapUsed;
        this.gcCount = builder.gcCount;
        this.gcTime = Objects.requireNonNull(builder.gcTime, "gcTime");
    }

    /**
     * Begins one.
     *
     * @param time when
     * @return a builder whose {@code build()} makes it
     */
    public static Builder builder(Instant time) {
        return new Builder(time);
    }

    /**
     * A builder that holds the same.
     *
     * @return for a changed copy
     */
    public Builder toBuilder() {
        Builder builder = new Builder(time);
        builder.cpu = cpu;
        builder.cpuLoad = cpuLoad;
        builder.rss = rss;
        builder.fds = fds;
        builder.threads = threads;
        builder.heapUsed = heapUsed;
        builder.heapCommitted = heapCommitted;
        builder.heapMax = heapMax;
        builder.nonHeapUsed = nonHeapUsed;
        builder.gcCount = gcCount;
        builder.gcTime = gcTime;
        return builder;
    }

    /** When. */
    public Instant time() {
        return time;
    }

    /** Processor time used since it was started, {@code null} if it cannot be told. */
    public @Nullable Duration cpu() {
        return cpu;
    }

    /** Processors in use, on average since the sample before; {@code null} without one. */
    public @Nullable Double cpuLoad() {
        return cpuLoad;
    }

    /** Resident memory; {@code null} without a system monitor. */
    public @Nullable Long rss() {
        return rss;
    }

    /** Open descriptors; {@code null} without a system monitor. */
    public @Nullable Integer fds() {
        return fds;
    }

    /** Threads of the virtual machine's programs. */
    public int threads() {
        return threads;
    }

    /** Heap in use. */
    public long heapUsed() {
        return heapUsed;
    }

    /** Heap taken from the operating system. */
    public long heapCommitted() {
        return heapCommitted;
    }

    /** Heap it may take. */
    public long heapMax() {
        return heapMax;
    }

    /** Memory of classes and compiled code in use. */
    public long nonHeapUsed() {
        return nonHeapUsed;
    }

    /** Garbage collections so far. */
    public long gcCount() {
        return gcCount;
    }

    /** Time they took. */
    public Duration gcTime() {
        return gcTime;
    }

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

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof ProcessSample that
                        && time.equals(that.time)
                        && Objects.equals(cpu, that.cpu)
                        && Objects.equals(cpuLoad, that.cpuLoad)
                        && Objects.equals(rss, that.rss)
                        && Objects.equals(fds, that.fds)
                        && threads == that.threads
                        && heapUsed == that.heapUsed
                        && heapCommitted == that.heapCommitted
                        && heapMax == that.heapMax
                        && nonHeapUsed == that.nonHeapUsed
                        && gcCount == that.gcCount
                        && gcTime.equals(that.gcTime);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                time, cpu, cpuLoad, rss, fds, threads, heapUsed, heapCommitted, heapMax, nonHeapUsed, gcCount, gcTime);
    }

    @Override
    public String toString() {
        return "ProcessSample" + toMap();
    }

    /** Makes a {@link ProcessSample}; for one thread. Each method returns the builder itself. */
    public static final class Builder {
        private final Instant time;
        private @Nullable Duration cpu;
        private @Nullable Double cpuLoad;
        private @Nullable Long rss;
        private @Nullable Integer fds;
        private int threads;
        private long heapUsed;
        private long heapCommitted;
        private long heapMax;
        private long nonHeapUsed;
        private long gcCount;
        private Duration gcTime = Duration.ZERO;

        private Builder(Instant time) {
            this.time = time;
        }

        /** Processor time used since it was started, {@code null} if it cannot be told. */
        public Builder cpu(@Nullable Duration value) {
            cpu = value;
            return this;
        }

        /** Processors in use, on average since the sample before; {@code null} without one. */
        public Builder cpuLoad(@Nullable Double value) {
            cpuLoad = value;
            return this;
        }

        /** Resident memory; {@code null} without a system monitor. */
        public Builder rss(@Nullable Long value) {
            rss = value;
            return this;
        }

        /** Open descriptors; {@code null} without a system monitor. */
        public Builder fds(@Nullable Integer value) {
            fds = value;
            return this;
        }

        /** Threads of the virtual machine's programs. */
        public Builder threads(int value) {
            threads = value;
            return this;
        }

        /** Heap in use. */
        public Builder heapUsed(long value) {
            heapUsed = value;
            return this;
        }

        /** Heap taken from the operating system. */
        public Builder heapCommitted(long value) {
            heapCommitted = value;
            return this;
        }

        /** Heap it may take. */
        public Builder heapMax(long value) {
            heapMax = value;
            return this;
        }

        /** Memory of classes and compiled code in use. */
        public Builder nonHeapUsed(long value) {
            nonHeapUsed = value;
            return this;
        }

        /** Garbage collections so far. */
        public Builder gcCount(long value) {
            gcCount = value;
            return this;
        }

        /** Time they took. */
        public Builder gcTime(Duration value) {
            gcTime = value;
            return this;
        }

        /** Makes the value; the builder can go on being used. */
        public ProcessSample build() {
            return new ProcessSample(this);
        }
    }
}
