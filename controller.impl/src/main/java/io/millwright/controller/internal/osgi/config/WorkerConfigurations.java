package io.millwright.controller.internal.osgi.config;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.internal.configured.Configured;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Dictionary;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
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

    private static final Comparator<Configured> FIRST_COME = Comparator.comparing(
                    (Configured configured) -> configured.origin().startsWith("config:"))
            .thenComparing(configured ->
                    !configured.pid().endsWith("~" + configured.spec().id()))
            .thenComparing(Configured::pid);

    private static final Logger LOG = LoggerFactory.getLogger(WorkerConfigurations.class);

    private final Set<String> seen = Collections.synchronizedSet(new HashSet<>());
    private final Refusals refusals;
    private final UnaryOperator<@Nullable String> authors;

    /**
     * Makes a reader.
     *
     * @param refusals told of configurations that name no worker
     * @param authors knows by its PID which other bundle has made or changed a configuration; {@code null} for none
     */
    public WorkerConfigurations(Refusals refusals, UnaryOperator<@Nullable String> authors) {
        this.refusals = refusals;
        this.authors = authors;
    }

    /**
     * Reads all there are. Blocks for the store.
     *
     * @param admin Config Admin
     * @return those that name a worker, in the order in which they have their ids: those of a source first, then those named
     *     by their PIDs; others are reported
     */
    public List<Configured> all(ConfigurationAdmin admin) {
        List<Configured> all = new ArrayList<>();
        for (Configuration configuration : find(admin, "(service.factoryPid=" + PREFIX + "*)")) {
            read(configuration).ifPresent(all::add);
        }
        all.sort(FIRST_COME);
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
        return find(admin, "(service.pid=" + escape(pid) + ")").stream()
                .findFirst()
                .flatMap(this::read);
    }

    /** A filter's value: a PID may hold any character. */
    static String escape(String value) {
        return value.replaceAll("[\\\\()*]", "\\\\$0");
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
            Configured configured = Configured.of(pid, factoryPid, values).changedBy(authors.apply(pid));
            seen.add(pid);
            refusals.note(pid, configured.source(), null);
            return Optional.of(configured);
        } catch (NodeException e) {
            String source = Configured.source(pid, values);
            if (refusals.note(pid, source, e.getMessage())) {
                LOG.error("{} is refused: {}", source, e.getMessage());
            }
            return Optional.empty();
        }
    }
}
