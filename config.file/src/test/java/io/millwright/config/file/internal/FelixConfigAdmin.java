package io.millwright.config.file.internal;

import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** A framework with nothing but Felix's Config Admin in it, whose service tests use from outside. */
final class FelixConfigAdmin implements AutoCloseable {
    private final Framework framework;
    private final ConfigurationAdmin admin;

    FelixConfigAdmin(Path storage, Map<String, String> properties) throws Exception {
        Map<String, String> configuration = new TreeMap<>(properties);
        configuration.put("org.osgi.framework.storage", storage.toString());
        configuration.put("org.osgi.framework.system.packages.extra", "org.osgi.service.cm;version=1.6.1");
        framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(configuration);
        framework.start();
        String jar = Class.forName("org.apache.felix.cm.impl.CaseInsensitiveDictionary")
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString();
        context().installBundle("reference:" + jar).start();
        admin = Objects.requireNonNull(
                context().getService(Objects.requireNonNull(context().getServiceReference(ConfigurationAdmin.class))));
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    ConfigurationAdmin admin() {
        return admin;
    }

    /** Configurations by PID, without what Config Admin itself puts in. */
    Map<String, Map<String, Object>> all() {
        Map<String, Map<String, Object>> all = new TreeMap<>();
        for (Configuration configuration : list()) {
            try {
                Map<String, Object> properties =
                        new TreeMap<>(FrameworkUtil.asMap(Objects.requireNonNull(configuration.getProperties())));
                properties.keySet().removeIf(key -> key.startsWith("service."));
                all.put(configuration.getPid(), properties);
            } catch (IllegalStateException e) {
                // deleted meanwhile
                continue;
            }
        }
        return all;
    }

    /** How often each configuration was changed, by PID. */
    Map<String, Long> changeCounts() {
        Map<String, Long> counts = new TreeMap<>();
        list().forEach(c -> counts.put(c.getPid(), c.getChangeCount()));
        return counts;
    }

    private List<Configuration> list() {
        try {
            Configuration[] found = admin.listConfigurations(null);
            return found == null ? List.of() : List.of(found);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    void byHand(String factoryPid, String name, Object... keysAndValues) throws Exception {
        admin.getFactoryConfiguration(factoryPid, name, "?").update(properties(keysAndValues));
    }

    static Dictionary<String, Object> properties(Object... keysAndValues) {
        Dictionary<String, Object> properties = new Hashtable<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            properties.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return properties;
    }

    @Override
    public void close() throws Exception {
        framework.stop();
        framework.waitForStop(10_000);
    }
}
