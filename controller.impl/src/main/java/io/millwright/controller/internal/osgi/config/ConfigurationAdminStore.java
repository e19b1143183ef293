package io.millwright.controller.internal.osgi.config;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.internal.configured.Configured;
import io.millwright.controller.internal.configured.WorkerStore;
import java.io.IOException;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Keeps configurations of workers in Config Admin. Thread-safe; blocks for its store. */
public final class ConfigurationAdminStore implements WorkerStore {
    /** File Install's mark: the file would bring the configuration back. */
    private static final String FILE = "felix.fileinstall.filename";

    private final Supplier<@Nullable ConfigurationAdmin> admin;

    /**
     * Makes a store.
     *
     * @param admin finds Config Admin, {@code null} if there is none
     */
    public ConfigurationAdminStore(Supplier<@Nullable ConfigurationAdmin> admin) {
        this.admin = admin;
    }

    private ConfigurationAdmin admin() {
        ConfigurationAdmin present = admin.get();
        if (present == null) {
            throw new NodeException(
                    ErrorCode.FEATURE_UNAVAILABLE,
                    "there is no Config Admin; install and start the bundle org.apache.felix.configadmin");
        }
        return present;
    }

    @Override
    public void create(WorkerSpec spec) throws IOException {
        String factory = Configured.PREFIX + spec.type();
        String pid = factory + "~" + spec.id();
        if (find(pid) != null) {
            throw new NodeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "there is a configuration " + pid + " already; delete it first, or choose another id");
        }
        Dictionary<String, Object> properties = new Hashtable<>();
        spec.options().forEach((key, value) -> {
            if (value != null) {
                properties.put(key, value);
            }
        });
        properties.put(Configured.WORKER_ID, spec.id().value());
        try {
            admin().getFactoryConfiguration(factory, spec.id().value(), "?").update(properties);
        } catch (IllegalArgumentException e) {
            // The message of Config Admin names the key.
            throw new NodeException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "worker '" + spec.id() + "' cannot be kept as a configuration: " + e.getMessage());
        }
    }

    @Override
    public void delete(String pid) throws IOException {
        Configuration configuration = find(pid);
        if (configuration == null) {
            throw new NodeException(ErrorCode.INVALID_ARGUMENT, "there is no configuration " + pid);
        }
        Object file = configuration.getProperties().get(FILE);
        if (file != null) {
            throw new NodeException(
                    ErrorCode.INVALID_ARGUMENT, "configuration " + pid + " comes from " + file + "; delete that file");
        }
        configuration.delete();
    }

    private @Nullable Configuration find(String pid) throws IOException {
        try {
            Configuration[] found =
                    admin().listConfigurations("(service.pid=" + WorkerConfigurations.escape(pid) + ")");
            return found == null || found.length == 0 ? null : found[0];
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e); // the PID is escaped
        }
    }
}
