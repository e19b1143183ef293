package io.millwright.controller.api;

import io.millwright.controller.api.monitor.ProcessStats;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A worker's figures. Immutable. */
public final class WorkerStats implements Document {
    private final Traffic stdout;
    private final Traffic stderr;
    private final long lostLogBytes;
    private final @Nullable ProcessStats process;
    private final Map<String, @Nullable Object> figures;

    private WorkerStats(
            Traffic stdout,
            Traffic stderr,
            long lostLogBytes,
            @Nullable ProcessStats process,
            Map<String, ? extends @Nullable Object> figures) {
        this.stdout = Objects.requireNonNull(stdout, "stdout");
        this.stderr = Objects.requireNonNull(stderr, "stderr");
        this.lostLogBytes = lostLogBytes;
        this.process = process;
        this.figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }

    /**
     * Makes one.
     *
     * @param stdout what came through standard output
     * @param stderr what came through standard error
     * @param lostLogBytes output that could not be kept in the log file, for example on a full disk
     * @param process figures of the main process; {@code null} if it has none or no monitor is installed
     * @return the value
     */
    public static WorkerStats of(Traffic stdout, Traffic stderr, long lostLogBytes, @Nullable ProcessStats process) {
        return new WorkerStats(stdout, stderr, lostLogBytes, process, Map.of());
    }

    /**
     * The same with other {@link #figures()}.
     *
     * @param own values as in JSON
     * @return a changed copy
     */
    public WorkerStats withFigures(Map<String, ? extends @Nullable Object> own) {
        return new WorkerStats(stdout, stderr, lostLogBytes, process, own);
    }

    /** What came through standard output. */
    public Traffic stdout() {
        return stdout;
    }

    /** What came through standard error. */
    public Traffic stderr() {
        return stderr;
    }

    /** Output that could not be kept in the log file, for example on a full disk. */
    public long lostLogBytes() {
        return lostLogBytes;
    }

    /** Figures of the main process; {@code null} if it has none or no monitor is installed. */
    public @Nullable ProcessStats process() {
        return process;
    }

    /** What a native worker that offers {@code figures} says of itself, values as in JSON; empty if it says nothing. */
    public Map<String, @Nullable Object> figures() {
        return figures;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of(
                "traffic",
                Documents.of("stdout", stdout, "stderr", stderr),
                "lost_log_bytes",
                lostLogBytes,
                "process",
                process,
                "figures",
                figures);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof WorkerStats that
                        && stdout.equals(that.stdout)
                        && stderr.equals(that.stderr)
                        && lostLogBytes == that.lostLogBytes
                        && Objects.equals(process, that.process)
                        && figures.equals(that.figures);
    }

    @Override
    public int hashCode() {
        return Objects.hash(stdout, stderr, lostLogBytes, process, figures);
    }

    @Override
    public String toString() {
        return "WorkerStats" + toMap();
    }
}
