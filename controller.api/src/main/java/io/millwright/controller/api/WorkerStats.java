package io.millwright.controller.api;

import io.millwright.controller.api.monitor.ProcessStats;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A worker's figures. Immutable.
 *
 * @param stdout what came through standard output
 * @param stderr what came through standard error
 * @param lostLogBytes output that could not be kept in the log file, for example on a full disk
 * @param process figures of the main process; {@code null} if it has none or no monitor is installed
 */
public record WorkerStats(Traffic stdout, Traffic stderr, long lostLogBytes, @Nullable ProcessStats process)
        implements Document {
    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of(
                "traffic",
                Documents.of("stdout", stdout, "stderr", stderr),
                "lost_log_bytes",
                lostLogBytes,
                "process",
                process);
    }
}
