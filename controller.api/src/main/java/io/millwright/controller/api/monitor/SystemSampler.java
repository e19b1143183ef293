package io.millwright.controller.api.monitor;

import org.osgi.annotation.versioning.ConsumerType;

/** Polls the machine for one client; for one thread at a time. */
@ConsumerType
public interface SystemSampler {
    /**
     * One poll. Blocks for as long as the operating system takes.
     *
     * @return the figures; rates are {@code null} at the first poll
     */
    SystemStats sample();
}
