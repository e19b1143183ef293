package io.millwright.config.etc.internal;

import io.millwright.controller.api.ConfigurationSource;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Offers {@link ConfigurationFiles} for each Config Admin; in a node of its own also watches the folders. */
final class EtcSupport implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EtcSupport.class);

    /** Above File Install's own, so that ours is asked first. */
    private static final int RANKING = 100;

    private final BundleContext context;
    private final ServiceTracker<ConfigurationAdmin, Offer> tracker;
    private final ScheduledThreadPoolExecutor pool;
    private final @Nullable FolderWatch watch;
    /** Files that are looked at soon. */
    private final Set<Path> changed = ConcurrentHashMap.newKeySet();

    private record Offer(ConfigurationFiles files, ServiceRegistration<?> registration) {}

    EtcSupport(BundleContext context) {
        this.context = context;
        pool = new ScheduledThreadPoolExecutor(1, task -> FolderWatch.daemon(task, "millwright-etc-look"));
        pool.setKeepAliveTime(5, TimeUnit.SECONDS);
        pool.allowCoreThreadTimeOut(true);
        pool.setRemoveOnCancelPolicy(true);
        List<Path> folders = folders(context.getProperty("felix.fileinstall.dir"));
        tracker = new ServiceTracker<>(context, ConfigurationAdmin.class, null) {
            @Override
            public @Nullable Offer addingService(ServiceReference<ConfigurationAdmin> reference) {
                ConfigurationAdmin admin = context.getService(reference);
                return admin == null ? null : offer(admin, folders);
            }

            @Override
            public void removedService(ServiceReference<ConfigurationAdmin> reference, Offer offer) {
                offer.registration().unregister();
                context.ungetService(reference);
            }
        };
        tracker.open();
        // A Karaf's File Install has its own pace.
        watch = "run".equals(context.getProperty("millwright.mode"))
                ? new FolderWatch(context, folders, pool, this::changed)
                : null;
    }

    private static ConfigurationFiles.Scope scope(@Nullable String mode) {
        return "run".equals(mode)
                ? ConfigurationFiles.Scope.SAVING
                : "check".equals(mode) ? ConfigurationFiles.Scope.ALL : ConfigurationFiles.Scope.OWN;
    }

    static List<Path> folders(@Nullable String property) {
        return property == null
                ? List.of()
                : Arrays.stream(property.split(","))
                        .map(String::trim)
                        .filter(text -> !text.isEmpty())
                        .map(EtcSupport::real)
                        .toList();
    }

    /** As File Install names it, through links. */
    private static Path real(String folder) {
        try {
            return new File(folder).getCanonicalFile().toPath();
        } catch (IOException e) {
            return Path.of(folder).toAbsolutePath().normalize();
        }
    }

    private Offer offer(ConfigurationAdmin admin, List<Path> folders) {
        try {
            // Where File Install works already it would delete the files of configurations that are deleted now.
            boolean early = isFirst();
            Configurations.deleteStale(admin, folders, early ? "" : FileName.PREFIX, early);
        } catch (IOException | IllegalStateException | InvalidSyntaxException e) {
            LOG.error("configurations whose files are gone could not be looked for", e);
        }
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(Constants.SERVICE_RANKING, RANKING);
        ConfigurationFiles files =
                new ConfigurationFiles(context, admin, scope(context.getProperty("millwright.mode")), this::later);
        ServiceRegistration<?> registration = context.registerService(
                new String[] {
                    ArtifactInstaller.class.getName(),
                    ConfigurationListener.class.getName(),
                    ConfigurationSource.class.getName()
                },
                files,
                properties);
        return new Offer(files, registration);
    }

    /** Whether nobody takes files yet; what this bundle offers itself does not count. */
    private boolean isFirst() throws InvalidSyntaxException {
        return context.getServiceReferences(ArtifactInstaller.class, null).stream()
                .allMatch(reference -> context.getBundle().equals(reference.getBundle()));
    }

    private void changed(Path file) {
        if (changed.add(file)) {
            later(() -> {
                changed.remove(file);
                tracker.getTracked().values().forEach(offer -> offer.files().changed(file));
            });
        }
    }

    private void later(Runnable task) {
        if (!pool.isShutdown()) {
            pool.schedule(task, ConfigurationFiles.FILLED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
        tracker.close();
        pool.shutdownNow();
    }
}
