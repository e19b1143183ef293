package io.millwright.config.etc.internal;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.BundleListener;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes File Install look when something has happened, so that it need not look every two seconds. It looks when one of its listeners
 * changes, so a listener that handles nothing is changed: several times, because it takes a file that it has seen twice alike. Its
 * own slow look is the net for what no notification tells of; while there are links it looks every ten seconds. Thread-safe.
 */
final class FolderWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);
    private static final String FILE_INSTALL = "org.apache.felix.fileinstall";

    private static final long UNNOTIFIED_SECONDS = 2;
    /** The target of a link is in another folder, of which there are no events. */
    private static final long LINK_SECONDS = 10;

    /** So long it sleeps after an event beside the folders: workers may write there by the thousand. */
    private static final long BESIDE_MS = 100;

    private static final Set<Integer> CHANGES = Set.of(
            BundleEvent.INSTALLED,
            BundleEvent.RESOLVED,
            BundleEvent.UNRESOLVED,
            BundleEvent.UPDATED,
            BundleEvent.UNINSTALLED);

    private final BundleContext context;
    private final List<Path> folders;
    private final ScheduledExecutorService pool;
    private final Consumer<Path> changed;
    private final Map<Path, WatchKey> keys = new HashMap<>();
    private final BundleListener listener = this::bundleChanged;
    private final ServiceRegistration<ArtifactInstaller> bell;
    private final Looks looks;
    private final @Nullable WatchService service;
    private @Nullable ScheduledFuture<?> linkLooks;

    /** Handles nothing: its changes are what matters. It is asked last, and so sees the files that nothing is made of. */
    private static final class Bell implements ArtifactInstaller {
        private final Map<Path, String> told = new ConcurrentHashMap<>();

        @Override
        public boolean canHandle(File artifact) {
            Path file = artifact.toPath();
            String fault = file.toString().endsWith(".jar") ? Jars.fault(file) : null;
            if (fault == null) {
                told.remove(file);
            } else if (!fault.equals(told.put(file, fault))) {
                LOG.error("{} is not installed: {}", file, fault);
            }
            return false;
        }

        @Override
        public void install(File artifact) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void update(File artifact) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void uninstall(File artifact) {
            throw new UnsupportedOperationException();
        }
    }

    /**
     * Begins to watch.
     *
     * @param changed told of each file that has come or changed in one of the folders
     */
    FolderWatch(BundleContext context, List<Path> folders, ScheduledExecutorService pool, Consumer<Path> changed) {
        this.context = context;
        this.folders = folders;
        this.pool = pool;
        this.changed = changed;
        bell = context.registerService(ArtifactInstaller.class, new Bell(), looked());
        looks = new Looks(timer(pool), this::ring);
        service = watch();
        followLinks();
        if (service == null) {
            pool.scheduleWithFixedDelay(this::ring, UNNOTIFIED_SECONDS, UNNOTIFIED_SECONDS, TimeUnit.SECONDS);
        } else {
            daemon(() -> read(service), "millwright-etc").start();
        }
        context.addBundleListener(listener);
    }

    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** {@code null} if one of the folders cannot be watched. */
    private @Nullable WatchService watch() {
        WatchService opened = null;
        try {
            opened = folders.get(0).getFileSystem().newWatchService();
            for (Path folder : folders) {
                register(folder, opened);
            }
            watchBeside(opened);
            return opened;
        } catch (IOException | UnsupportedOperationException | IndexOutOfBoundsException e) {
            LOG.warn("no file events ({}); {} are looked at every {} s instead", e, folders, UNNOTIFIED_SECONDS);
            close(opened);
            return null;
        }
    }

    /** A folder that was moved is watched on where it is now, so what came in its place is another's key. */
    private void register(Path folder, WatchService with) throws IOException {
        WatchKey key = folder.register(with, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
        WatchKey before = keys.put(folder, key);
        if (before != null && !before.equals(key)) {
            before.cancel();
        }
    }

    private void registerAgain(WatchService with) {
        for (Path folder : folders) {
            try {
                register(folder, with);
            } catch (IOException e) {
                LOG.debug("{} is not there now", folder, e);
            }
        }
    }

    /** Where a folder comes that takes the place of one that is watched. */
    private void watchBeside(WatchService with) {
        for (Path folder : folders) {
            Path parent = folder.getParent();
            if (parent != null && !folders.contains(parent)) {
                try {
                    parent.register(with, ENTRY_CREATE);
                } catch (IOException e) {
                    LOG.debug("{} cannot be watched", parent, e);
                }
            }
        }
    }

    private static void close(@Nullable WatchService service) {
        try {
            if (service != null) {
                service.close();
            }
        } catch (IOException e) {
            LOG.debug("closing a watch", e);
        }
    }

    private void read(WatchService from) {
        try {
            while (true) {
                WatchKey key = from.take();
                Path folder = (Path) key.watchable();
                boolean watched = folders.contains(folder);
                if (!watched) {
                    TimeUnit.MILLISECONDS.sleep(BESIDE_MS);
                }
                boolean came = false;
                for (WatchEvent<?> event : key.pollEvents()) {
                    // An overflow has no name.
                    Path file = event.context() instanceof Path name ? folder.resolve(name) : null;
                    came |= file == null || folders.contains(file);
                    if (watched && file != null && event.kind() != ENTRY_DELETE) {
                        changed.accept(file);
                    }
                }
                if (!key.reset() && watched) {
                    LOG.warn("{} is gone; it is watched again when it is back", folder);
                }
                if (came) {
                    registerAgain(from);
                }
                if (came || watched) {
                    looks.begin();
                }
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            LOG.debug("closed");
        }
    }

    private static Looks.Timer timer(ScheduledExecutorService pool) {
        return new Looks.Timer() {
            @Override
            public long millis() {
                return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
            }

            @Override
            public Runnable after(Runnable task, long millis) {
                if (pool.isShutdown()) {
                    return () -> {};
                }
                ScheduledFuture<?> planned = pool.schedule(task, millis, TimeUnit.MILLISECONDS);
                return () -> planned.cancel(false);
            }
        };
    }

    private void ring() {
        followLinks();
        try {
            bell.setProperties(looked());
        } catch (IllegalStateException e) {
            LOG.debug("closed", e);
        }
    }

    /** Looks now and then while there is a link in one of the folders. */
    private void followLinks() {
        boolean present = folders.stream().anyMatch(FolderWatch::holdsLink);
        ScheduledFuture<?> running = linkLooks;
        if (present && running == null) {
            linkLooks = pool.scheduleWithFixedDelay(this::ring, LINK_SECONDS, LINK_SECONDS, TimeUnit.SECONDS);
        } else if (!present && running != null) {
            running.cancel(false);
            linkLooks = null;
        }
    }

    private static boolean holdsLink(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(Files::isSymbolicLink);
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} cannot be listed", folder, e);
            return false;
        }
    }

    private static Dictionary<String, Object> looked() {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("millwright.look", System.nanoTime());
        properties.put(Constants.SERVICE_RANKING, Integer.MIN_VALUE);
        return properties;
    }

    /** What File Install could not start before it tries again when bundles have changed. */
    private void bundleChanged(BundleEvent event) {
        Bundle system = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        if (!CHANGES.contains(event.getType()) || system == null || system.getState() != Bundle.ACTIVE) {
            return;
        }
        if (event.getType() == BundleEvent.UNINSTALLED
                && Jars.isIn(folders, event.getBundle())
                && Jars.holdsAnother(folders, event.getBundle())) {
            LOG.info(
                    "{} {} is in another file too, which is installed in its place",
                    event.getBundle().getSymbolicName(),
                    event.getBundle().getVersion());
            pool.execute(this::restartFileInstall);
        }
        looks.begin();
    }

    /** It takes the other file for installed, because it was the same bundle; a new life of it sees that it is not. */
    private void restartFileInstall() {
        for (Bundle bundle : context.getBundles()) {
            if (FILE_INSTALL.equals(bundle.getSymbolicName()) && bundle.getState() == Bundle.ACTIVE) {
                try {
                    bundle.stop(Bundle.STOP_TRANSIENT);
                    bundle.start(Bundle.START_TRANSIENT);
                } catch (BundleException e) {
                    LOG.error("File Install could not be restarted", e);
                }
            }
        }
    }

    @Override
    public void close() {
        context.removeBundleListener(listener);
        close(service);
        bell.unregister();
    }
}
