package io.millwright.controller.internal.config;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.internal.life.ConfiguredWorkers.Configured;
import io.millwright.controller.internal.options.OptionChecker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads worker configurations, factory PIDs {@code io.millwright.worker.<type>}, from Config Admin. Thread-safe, keeps nothing but the
 * PIDs it has seen.
 */
public final class WorkerConfigurations {
    /** What the factory PIDs of worker configurations begin with; the worker type follows. */
    public static final String PREFIX = "io.millwright.worker.";

    /** Attribute that names the worker where the PID does not. */
    public static final String WORKER_ID = "worker.id";

    /** Attribute that names the source that wrote the configuration. */
    public static final String ORIGIN = "millwright.origin";

    private static final String FILE = "felix.fileinstall.filename";

    private static final Logger LOG = LoggerFactory.getLogger(WorkerConfigurations.class);

    private final Set<String> seen = Collections.synchronizedSet(new HashSet<>());

    /**
     * Reads all there are. Blocks for the store.
     *
     * @param admin Config Admin
     * @return those that name a worker; others are reported
     */
    public List<Configured> all(ConfigurationAdmin admin) {
        List<Configured> all = new ArrayList<>();
        for (Configuration configuration : find(admin, "(service.factoryPid=" + PREFIX + "*)")) {
            read(configuration).ifPresent(all::add);
        }
        return all;
    }

    /**
     * Reads one.
     *
     * @param admin Config Admin
     * @param pid its PID
     * @return empty if it is gone or names no worker
     */
    public Optional<Configured> one(ConfigurationAdmin admin, String pid) {
        return find(admin, "(service.pid=" + pid + ")").stream().findFirst().flatMap(this::read);
    }

    /**
     * The PIDs read so far that are not among some.
     *
     * @param present those that are there now
     * @return those that are not
     */
    public Set<String> gone(List<Configured> present) {
        Set<String> gone = new HashSet<>(Set.copyOf(seen));
        present.forEach(configured -> gone.remove(configured.pid()));
        seen.removeAll(gone);
        return gone;
    }

    private static List<Configuration> find(ConfigurationAdmin admin, String filter) {
        try {
            Configuration[] found = admin.listConfigurations(filter);
            return found == null ? List.of() : List.of(found);
        } catch (IOException | InvalidSyntaxException | IllegalStateException e) {
            LOG.error("configurations {} could not be read", filter, e);
            return List.of();
        }
    }

    private Optional<Configured> read(Configuration configuration) {
        Dictionary<String, Object> properties;
        try {
            properties = configuration.getProperties();
        } catch (IllegalStateException deleted) {
            return Optional.empty();
        }
        if (properties == null) {
            return Optional.empty();
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        Collections.list(properties.keys()).forEach(key -> values.put(key, properties.get(key)));
        return read(configuration.getPid(), configuration.getFactoryPid(), values);
    }

    private Optional<Configured> read(String pid, String factoryPid, Map<String, @Nullable Object> values) {
        String type = factoryPid.substring(PREFIX.length());
        Object named = values.get(WORKER_ID);
        String id = named instanceof String text && !text.isBlank() ? text : idOf(pid, factoryPid, values.get(FILE));
        if (id == null) {
            LOG.error(
                    "configuration {} names no worker; give it the attribute {}, or a PID of the form {}~ID",
                    pid,
                    WORKER_ID,
                    factoryPid);
            return Optional.empty();
        }
        Object origin = values.get(ORIGIN);
        values.remove(Constants.SERVICE_PID);
        try {
            WorkerSpec spec = new WorkerSpec(new WorkerId(id), type, OptionChecker.stripReserved(values));
            seen.add(pid);
            return Optional.of(new Configured(pid, origin instanceof String text ? text : "config:" + pid, spec));
        } catch (NodeException e) {
            LOG.error("configuration {} is refused: {}", pid, e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * The id a PID gives: what follows the tilde, or, where Karaf's {@code config:edit} numbered the PID, what the user called the
     * file.
     */
    static @Nullable String idOf(String pid, String factoryPid, @Nullable Object file) {
        if (pid.startsWith(factoryPid + "~")) {
            return pid.substring(factoryPid.length() + 1);
        }
        String name = file instanceof String text ? text.substring(text.lastIndexOf('/') + 1) : "";
        int start = factoryPid.length() + 1;
        int end = name.lastIndexOf('.');
        boolean named = name.startsWith(factoryPid + "-") || name.startsWith(factoryPid + "~");
        return named && end > start ? name.substring(start, end) : null;
    }
}
