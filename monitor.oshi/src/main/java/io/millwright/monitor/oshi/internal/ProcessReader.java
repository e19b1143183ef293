package io.millwright.monitor.oshi.internal;

import io.millwright.controller.api.monitor.ProcessStats;
import java.util.Collection;
import java.util.Map;

/** Reads the figures of single processes in one pass; one implementation a platform. Thread-safe. */
interface ProcessReader {
    /**
     * Reads them. Blocks.
     *
     * @param pids the processes, each perhaps gone
     * @return the figures by pid, in the order asked; those that are gone are left out
     */
    Map<Long, ProcessStats> read(Collection<Long> pids);
}
