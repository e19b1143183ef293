package io.millwright.config.file.internal;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ConfigurationSource;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.Role;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Translates the node file when it is activated, then offers it as a {@link ConfigurationSource} and follows its changes.
 * Registers that service by itself, because Declarative Services would register it before the first translation.
 */
@Component(configurationPolicy = ConfigurationPolicy.IGNORE, immediate = true, service = ConfigurationListener.class)
public final class ConfigFileComponent implements ConfigurationListener {
    private static final long STOP_SECONDS = 5;

    private final NodeFileSource source;
    /** One translation at a time. */
    private final ThreadPoolExecutor translator;

    private final ServiceRegistration<ConfigurationSource> registration;
    private final @Nullable FileMonitor monitor;

    /**
     * Reads the file; blocks until its configurations are written or it is refused.
     *
     * @param context for the framework properties {@code millwright.dir} and {@code millwright.mode}
     * @param controller checks the options
     * @param admin gets the configurations
     */
    @Activate
    public ConfigFileComponent(
            BundleContext context, @Reference NodeController controller, @Reference ConfigurationAdmin admin) {
        Path directory = directory(context.getProperty("millwright.dir"), context.getProperty("karaf.data"));
        boolean check = "check".equals(context.getProperty("millwright.mode"));
        translator = new ThreadPoolExecutor(
                1,
                1,
                STOP_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> new Thread(task, "millwright-config-translate"),
                new ThreadPoolExecutor.DiscardPolicy());
        translator.allowCoreThreadTimeOut(true);
        NodeController view = controller.as(Caller.config("node.json"), Role.OPERATOR);
        source = new NodeFileSource(
                directory, view, admin, check ? NodeFileSource.Mode.CHECK : NodeFileSource.Mode.TRANSLATE);
        String stamp = NodeFile.stamp(directory);
        source.refresh();
        monitor = check ? null : new FileMonitor(directory, stamp, this::refresh);
        registration = context.registerService(ConfigurationSource.class, source, null);
    }

    private void refresh() {
        translator.execute(source::refresh);
    }

    /** What stood against the file may be gone. */
    @Override
    public void configurationEvent(ConfigurationEvent event) {
        if (event.getPid().startsWith("io.millwright.")
                && monitor != null
                && !source.problems().isEmpty()) {
            refresh();
        }
    }

    static Path directory(@Nullable String configured, @Nullable String karafData) {
        if (configured != null && !configured.isBlank()) {
            return Path.of(configured).toAbsolutePath().normalize();
        }
        return Path.of(karafData == null ? "." : karafData, "millwright")
                .toAbsolutePath()
                .normalize();
    }

    /** Ends the watch; the configurations stay. */
    @Deactivate
    public void deactivate() {
        registration.unregister();
        if (monitor != null) {
            monitor.close();
        }
        translator.shutdown();
        try {
            translator.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
