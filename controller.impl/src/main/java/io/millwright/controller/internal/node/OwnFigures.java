package io.millwright.controller.internal.node;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerStats;
import io.millwright.controller.api.channel.ChannelInfo;
import io.millwright.controller.api.channel.ReadyInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks native workers for what they say of themselves in figures. Thread-safe; blocks for a second at most, never the loop. */
final class OwnFigures {
    private static final Logger LOG = LoggerFactory.getLogger(OwnFigures.class);
    private static final String OPERATION = "figures";

    private final WorkerOperations workers;

    OwnFigures(WorkerOperations workers) {
        this.workers = workers;
    }

    /** A worker with its figures, if it has a part for them and the worker offers some and answers. */
    WorkerInfo added(WorkerInfo info) {
        ChannelInfo channel = info.channel();
        ReadyInfo ready = channel == null ? null : channel.ready();
        WorkerStats stats = info.stats();
        if (stats == null || ready == null || !ready.operations().contains(OPERATION)) {
            return info;
        }
        try {
            Object answer = workers.call(info.id(), OPERATION, Map.of(), Caller.FRAMEWORK)
                    .get(1, TimeUnit.SECONDS)
                    .value();
            Map<String, @Nullable Object> figures = new LinkedHashMap<>();
            if (answer instanceof Map<?, ?> map) {
                map.forEach((key, value) -> figures.put(String.valueOf(key), value));
            }
            return info.toBuilder().stats(stats.withFigures(figures)).build();
        } catch (ExecutionException | TimeoutException | NodeException e) {
            LOG.debug("worker {} tells no figures", info.id(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return info;
    }
}
