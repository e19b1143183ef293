package io.millwright.controller.internal.osgi.config;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.internal.configured.ConfiguredWorkers.Configured;
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
    public static final String PREFIX = Configured.PREFIX;

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
        try {
            Configured configured = Configured.of(pid, factoryPid, values);
            seen.add(pid);
            return Optional.of(configured);
        } catch (NodeException e) {
            LOG.error("configuration {} is refused: {}", pid, e.getMessage());
            return Optional.empty();
        }
    }
}
