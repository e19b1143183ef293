package io.millwright.controller.api.process;

import io.millwright.controller.api.Document;
import io.millwright.controller.api.Documents;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The regular sampling of a process. Immutable. */
public final class ProcessMonitoring implements Document {
    private final Duration interval;
    private final List<ProcessSample> samples;

    private ProcessMonitoring(Duration interval, List<ProcessSample> samples) {
        this.interval = Objects.requireNonNull(interval, "interval");
        this.samples = List.copyOf(samples);
    }

    /**
     * Makes one.
     *
     * @param interval between samples; zero if there is no sampling
     * @param samples the last 60, oldest first; those of the sampling before stay until there is a new one
     * @return the value
     */
    public static ProcessMonitoring of(Duration interval, List<ProcessSample> samples) {
        return new ProcessMonitoring(interval, samples);
    }

    /** Between samples; zero if there is no sampling. */
    public Duration interval() {
        return interval;
    }

    /** The last 60, oldest first; those of the sampling before stay until there is a new one. */
    public List<ProcessSample> samples() {
        return samples;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of("interval", interval, "samples", samples);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof ProcessMonitoring that
                        && interval.equals(that.interval)
                        && samples.equals(that.samples);
    }

    @Override
    public int hashCode() {
        return Objects.hash(interval, samples);
    }

    @Override
    public String toString() {
        return "ProcessMonitoring" + toMap();
    }
}
