package io.millwright.controller.api.monitor;

import java.util.Collection;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A service that measures the machine and single processes. Thread-safe. Called by threads of the controller's, with a time limit
 * of thirty seconds; while it fails, answers come without its figures.
 */
@ConsumerType
public interface SystemMonitor {
    /**
     * A sampler for one client. Each keeps its own previous poll, so rates are its client's.
     *
     * @return a new sampler without a previous poll
     */
    SystemSampler newSampler();

    /**
     * Figures of some processes in one pass. Blocks, some 20 µs a process.
     *
     * @param pids the processes
     * @return the figures by pid; processes that are not there are left out
     */
    Map<Long, ProcessStats> processes(Collection<Long> pids);
}
