package io.millwright.controller.api.monitor;

import io.millwright.controller.api.Document;
import io.millwright.controller.api.Documents;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One process at one moment. Immutable. */
public final class ProcessStats implements Document {
    private final long pid;
    private final Duration cpu;
    private final long rss;
    private final int threads;
    private final @Nullable Integer fds;

    private ProcessStats(long pid, Duration cpu, long rss, int threads, @Nullable Integer fds) {
        this.pid = pid;
        this.cpu = Objects.requireNonNull(cpu, "cpu");
        this.rss = rss;
        this.threads = threads;
        this.fds = fds;
    }

    /**
     * Makes one.
     *
     * @param pid the process
     * @param cpu processor time used since it was started
     * @param rss resident memory in bytes
     * @param threads its threads
     * @param fds its open descriptors; {@code null} if the node may not see them
     * @return the value
     */
    public static ProcessStats of(long pid, Duration cpu, long rss, int threads, @Nullable Integer fds) {
        return new ProcessStats(pid, cpu, rss, threads, fds);
    }

    /** The process. */
    public long pid() {
        return pid;
    }

    /** Processor time used since it was started. */
    public Duration cpu() {
        return cpu;
    }

    /** Resident memory in bytes. */
    public long rss() {
        return rss;
    }

    /** Its threads. */
    public int threads() {
        return threads;
    }

    /** Its open descriptors; {@code null} if the node may not see them. */
    public @Nullable Integer fds() {
        return fds;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of("pid", pid, "cpu", cpu, "rss", rss, "threads", threads, "fds", fds);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof ProcessStats that
                        && pid == that.pid
                        && cpu.equals(that.cpu)
                        && rss == that.rss
                        && threads == that.threads
                        && Objects.equals(fds, that.fds);
    }

    @Override
    public int hashCode() {
        return Objects.hash(pid, cpu, rss, threads, fds);
    }

    @Override
    public String toString() {
        return "ProcessStats" + toMap();
    }
}
