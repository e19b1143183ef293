package io.millwright.controller.api.monitor;

import io.millwright.controller.api.Document;
import io.millwright.controller.api.Documents;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One process at one moment. Immutable.
 *
 * @param pid the process
 * @param cpu processor time used since it was started
 * @param rss resident memory in bytes
 * @param threads its threads
 * @param fds its open descriptors; {@code null} if the node may not see them
 */
public record ProcessStats(long pid, Duration cpu, long rss, int threads, @Nullable Integer fds) implements Document {
    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of("pid", pid, "cpu", cpu, "rss", rss, "threads", threads, "fds", fds);
    }
}
