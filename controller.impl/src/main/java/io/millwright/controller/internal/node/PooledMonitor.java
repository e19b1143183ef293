package io.millwright.controller.internal.node;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.monitor.ProcessStats;
import io.millwright.controller.api.monitor.SystemMonitor;
import io.millwright.controller.api.monitor.SystemSampler;
import io.millwright.controller.api.monitor.SystemStats;
import io.millwright.controller.internal.launch.PluginPool;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A system monitor, called through the plug-in pool: a call blocks for no longer than its limit. Thread-safe; a sampler is for one
 * thread at a time, and while one of its polls is stuck the next is refused.
 */
final class PooledMonitor implements SystemMonitor {
    private static final Logger LOG = LoggerFactory.getLogger(PooledMonitor.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final SystemMonitor monitor;
    private final PluginPool plugins;
    private final AtomicBoolean complained = new AtomicBoolean();

    PooledMonitor(SystemMonitor monitor, PluginPool plugins) {
        this.monitor = monitor;
        this.plugins = plugins;
    }

    private <T> T call(Callable<T> what) {
        try {
            T value = plugins.alone("the system monitor", LIMIT, what).join();
            complained.set(false);
            return value;
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw cause instanceof NodeException known
                    ? known
                    : new NodeException(ErrorCode.FEATURE_UNAVAILABLE, "the system monitor gives no figures: " + cause);
        }
    }

    @Override
    public SystemSampler newSampler() {
        SystemSampler sampler = call(monitor::newSampler);
        AtomicBoolean polling = new AtomicBoolean();
        return () -> poll(sampler, polling);
    }

    private SystemStats poll(SystemSampler sampler, AtomicBoolean polling) {
        return call(() -> {
            if (!polling.compareAndSet(false, true)) {
                throw new NodeException(
                        ErrorCode.FEATURE_UNAVAILABLE, "the system monitor has not come back from the poll before");
            }
            try {
                return sampler.sample();
            } finally {
                polling.set(false);
            }
        });
    }

    /** Figures of processes; none while the monitor fails, which is logged once. */
    @Override
    public Map<Long, ProcessStats> processes(Collection<Long> pids) {
        try {
            return call(() -> monitor.processes(pids));
        } catch (NodeException fault) {
            if (complained.compareAndSet(false, true)) {
                LOG.warn("no figures of processes: {}", fault.getMessage());
            }
            return Map.of();
        }
    }
}
