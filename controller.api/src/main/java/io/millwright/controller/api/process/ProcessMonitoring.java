package io.millwright.controller.api.process;

import io.millwright.controller.api.Document;
import io.millwright.controller.api.Documents;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The regular sampling of a process. Immutable.
 *
 * @param interval between samples; zero if there is no sampling
 * @param samples the last 60, oldest first; those of the sampling before stay until there is a new one
 */
public record ProcessMonitoring(Duration interval, List<ProcessSample> samples) implements Document {
    /** Keeps an unmodifiable list. */
    public ProcessMonitoring {
        samples = List.copyOf(samples);
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of("interval", interval, "samples", samples);
    }
}
