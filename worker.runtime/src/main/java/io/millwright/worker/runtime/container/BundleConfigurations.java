package io.millwright.worker.runtime.container;

import java.io.IOException;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * What components have configured their bundles by, in Config Admin. A PID is one component's: it is there as long as that is, and no
 * other component's meanwhile. Thread-safe.
 */
final class BundleConfigurations {
    /** Between the factory PID and the name of a configuration of a factory. */
    private static final char NAME = '~';

    /** The components, by PID. */
    private final Map<String, String> owners = new ConcurrentHashMap<>();

    /**
     * Configures what a component says.
     *
     * @throws IllegalArgumentException if it says it wrongly, or another component has configured the same; what it has configured until
     *     then is to be {@linkplain #take taken}
     * @throws IOException if Config Admin cannot keep it; likewise
     */
    void give(BundleContext context, ComponentSpec spec) throws IOException {
        spec.config().forEach((pid, properties) -> check(spec, pid, properties));
        for (Map.Entry<String, @Nullable Object> one : spec.config().entrySet()) {
            String owner = owners.putIfAbsent(one.getKey(), spec.id());
            if (owner != null && !owner.equals(spec.id())) {
                throw new IllegalArgumentException("config of component '" + spec.id() + "': '" + one.getKey()
                        + "' is configured by component '" + owner + "' already; one of them can have it");
            }
            configuration(context, one.getKey()).update(properties((Map<?, ?>) Objects.requireNonNull(one.getValue())));
        }
    }

    private static void check(ComponentSpec spec, String pid, @Nullable Object properties) {
        if (!(properties instanceof Map<?, ?>)) {
            throw new IllegalArgumentException("config of component '" + spec.id() + "': '" + pid
                    + "' must be an object: a bundle is configured by PIDs, each with its properties");
        }
    }

    /** What a component has configured is there no longer. */
    void take(BundleContext context, ComponentSpec spec) throws IOException {
        for (String pid : spec.config().keySet()) {
            if (owners.remove(pid, spec.id())) {
                configuration(context, pid).delete();
            }
        }
    }

    private static Configuration configuration(BundleContext context, String pid) throws IOException {
        ServiceReference<ConfigurationAdmin> reference = context.getServiceReference(ConfigurationAdmin.class);
        ConfigurationAdmin admin = context.getService(reference);
        int name = pid.indexOf(NAME);
        return name < 0
                ? admin.getConfiguration(pid, "?")
                : admin.getFactoryConfiguration(pid.substring(0, name), pid.substring(name + 1), "?");
    }

    private static Dictionary<String, Object> properties(Map<?, ?> map) {
        Dictionary<String, Object> properties = new Hashtable<>();
        map.forEach((key, value) -> properties.put(String.valueOf(key), property(value)));
        return properties;
    }

    private static Object property(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(String::valueOf).toArray(String[]::new);
        }
        return value instanceof String || value instanceof Boolean || value instanceof Number
                ? value
                : String.valueOf(value);
    }
}
