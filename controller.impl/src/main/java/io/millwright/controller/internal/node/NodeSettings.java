package io.millwright.controller.internal.node;

import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.NodeOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The node's own options, as they are now. Immutable.
 *
 * @param nodeId configured id, {@code null} for the host's name
 * @param title configured title, {@code null} for the product's
 * @param triggers names of the active shutdown triggers
 * @param scope what a shutdown ends; {@code null} leaves it to where the node runs
 * @param countRequested whether requested exits count for the last-worker trigger
 * @param bootStrict whether a worker that fails at boot takes the node down
 * @param bootParallel how many workers start at the same time at boot; 0 for all
 * @param historySize ended runs that are kept
 */
public record NodeSettings(
        @Nullable String nodeId,
        @Nullable String title,
        List<String> triggers,
        @Nullable String scope,
        boolean countRequested,
        boolean bootStrict,
        int bootParallel,
        int historySize) {

    public static final NodeSettings DEFAULT = new NodeSettings(null, null, List.of(), null, false, false, 0, 100);

    static NodeSettings of(OptionValues values) {
        return new NodeSettings(
                values.string(NodeOptions.NODE_ID).orElse(null),
                values.string(NodeOptions.TITLE).orElse(null),
                values.strings(NodeOptions.SHUTDOWN_TRIGGERS),
                values.string(NodeOptions.SHUTDOWN_SCOPE).orElse(null),
                values.flag(NodeOptions.SHUTDOWN_COUNT_REQUESTED),
                values.flag(NodeOptions.BOOT_STRICT),
                values.integer(NodeOptions.BOOT_PARALLEL).orElse(0L).intValue(),
                values.integer(NodeOptions.HISTORY_SIZE).orElse(100L).intValue());
    }
}
