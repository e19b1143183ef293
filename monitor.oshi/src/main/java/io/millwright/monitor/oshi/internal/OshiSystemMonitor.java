package io.millwright.monitor.oshi.internal;

import io.millwright.controller.api.monitor.ProcessStats;
import io.millwright.controller.api.monitor.SystemMonitor;
import io.millwright.controller.api.monitor.SystemSampler;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import oshi.SystemInfo;

/**
 * Measures the machine with OSHI and single processes with what is cheapest on this platform. Called by the controller.
 * Thread-safe. OSHI is loaded at the first poll that needs it, because loading it costs more than all of our own start.
 */
@Component(configurationPolicy = ConfigurationPolicy.IGNORE)
public final class OshiSystemMonitor implements SystemMonitor {
    private final ProcessReader processes;
    private @Nullable SystemInfo system;

    /** Chooses how to read processes; loads nothing yet. */
    @Activate
    public OshiSystemMonitor() {
        processes = ProcfsReader.isUsable() ? new ProcfsReader() : new OshiProcessReader(this::system);
    }

    @Override
    public SystemSampler newSampler() {
        return new OshiSampler(this::system);
    }

    @Override
    public Map<Long, ProcessStats> processes(Collection<Long> pids) {
        return processes.read(pids);
    }

    private synchronized SystemInfo system() {
        SystemInfo loaded = system;
        if (loaded == null) {
            loaded = new SystemInfo();
            system = loaded;
        }
        return loaded;
    }
}
