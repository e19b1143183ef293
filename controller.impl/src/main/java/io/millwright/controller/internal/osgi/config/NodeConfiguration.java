package io.millwright.controller.internal.osgi.config;

import io.millwright.controller.internal.options.NodeOptions;
import io.millwright.options.OptionChecker;
import java.io.IOException;
import java.util.Collections;
import java.util.Dictionary;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's own options, as Config Admin has them when it is asked. Not as DS hands them over: Felix SCR reads the values before
 * their change count, so it never hands over an update made in between. Thread-safe.
 */
public final class NodeConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(NodeConfiguration.class);

    private final Supplier<@Nullable ConfigurationAdmin> admin;
    private final ServiceReference<?> reader;
    private final Consumer<Map<String, @Nullable Object>> taker;
    private final AtomicLong readings = new AtomicLong();
    private long lastTaken;
    private Map<String, @Nullable Object> taken = Map.of();

    /**
     * Makes a reader.
     *
     * @param admin finds Config Admin, {@code null} if there is none
     * @param reader in whose name plug-ins of Config Admin are asked
     * @param taker told the options, one call at a time; calls nothing foreign
     */
    public NodeConfiguration(
            Supplier<@Nullable ConfigurationAdmin> admin,
            ServiceReference<?> reader,
            Consumer<Map<String, @Nullable Object>> taker) {
        this.admin = admin;
        this.reader = reader;
        this.taker = taker;
    }

    /**
     * Reads the options and hands them over if they are others than before; none if there is no configuration. If there is no
     * Config Admin, or it cannot be read, what is in force stays. Of several readings at once the one that began last counts. Blocks
     * for the store.
     */
    public void read() {
        ConfigurationAdmin present = admin.get();
        if (present == null) {
            return;
        }
        long reading = readings.incrementAndGet();
        Map<String, @Nullable Object> options;
        try {
            options = options(present);
        } catch (IOException | InvalidSyntaxException | IllegalStateException e) {
            LOG.error("configuration {} could not be read, what was in force stays", NodeOptions.PID, e);
            return;
        }
        synchronized (readings) {
            if (reading < lastTaken) {
                return;
            }
            lastTaken = reading;
            if (!same(options, taken)) {
                taken = options;
                taker.accept(options);
            }
        }
    }

    private Map<String, @Nullable Object> options(ConfigurationAdmin present)
            throws IOException, InvalidSyntaxException {
        Dictionary<String, Object> properties = properties(present);
        if (properties == null) {
            return Map.of();
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        Collections.list(properties.keys()).forEach(key -> values.put(key, properties.get(key)));
        return OptionChecker.stripReserved(values);
    }

    private @Nullable Dictionary<String, Object> properties(ConfigurationAdmin present)
            throws IOException, InvalidSyntaxException {
        Configuration[] found = find(present);
        try {
            return found == null ? null : found[0].getProcessedProperties(reader);
        } catch (IllegalStateException e) {
            // Deleted meanwhile, or Config Admin is stopping.
            if (find(present) == null) {
                return null;
            }
            throw e;
        }
    }

    private static Configuration @Nullable [] find(ConfigurationAdmin present)
            throws IOException, InvalidSyntaxException {
        return present.listConfigurations("(service.pid=" + NodeOptions.PID + ")");
    }

    /** Whether two are equal; arrays by what is in them. */
    private static boolean same(Map<String, @Nullable Object> one, Map<String, @Nullable Object> other) {
        return one.keySet().equals(other.keySet())
                && one.keySet().stream().allMatch(key -> Objects.deepEquals(one.get(key), other.get(key)));
    }
}
