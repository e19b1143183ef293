package io.millwright.watcher.fs.internal;

import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.watch.FileWatcher;
import io.millwright.controller.api.watch.WatchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches directories of the local filesystem, by notification or by polling. Called by the controller. Thread-safe. Without
 * a watch it has no thread; with any number of them it has one for notifications and at most four to look and to report.
 */
@Component(configurationPolicy = ConfigurationPolicy.IGNORE)
public final class LocalFileWatcher implements FileWatcher {
    private static final Logger LOG = LoggerFactory.getLogger(LocalFileWatcher.class);
    /** More than one, so that a hanging network filesystem or listener does not stop the other watches. */
    private static final int THREADS = 4;

    private static final long STOP_SECONDS = 5;

    private final ScheduledThreadPoolExecutor pool;
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private @Nullable Notifier notifier;
    private boolean stopped;

    /** Begins with nothing. */
    @Activate
    public LocalFileWatcher() {
        AtomicInteger count = new AtomicInteger();
        pool = new ScheduledThreadPoolExecutor(
                THREADS,
                task -> {
                    Thread thread = new Thread(task, "millwright-watcher-look-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        pool.setKeepAliveTime(30, TimeUnit.SECONDS);
        pool.allowCoreThreadTimeOut(true);
        pool.setRemoveOnCancelPolicy(true);
        pool.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public Subscription watch(WatchSpec spec, Listener listener) throws IOException {
        List<Path> roots = spec.directories().stream()
                .map(directory -> directory.toAbsolutePath().normalize())
                .distinct()
                .toList();
        if (roots.isEmpty()) {
            throw new IOException("there is no directory to watch; name at least one");
        }
        for (Path root : roots) {
            if (!Files.isDirectory(root)) {
                throw new IOException("cannot watch " + root + ": "
                        + (Files.exists(root)
                                ? "it is not a directory; watch the directory it is in and include its name"
                                : "there is no such directory"));
            }
        }
        Watch[] self = new Watch[1];
        Watch watch = new Watch(
                spec, roots, listener, spec.polling() == null ? notifier() : null, pool, () -> watches.remove(self[0]));
        self[0] = watch;
        try {
            enlist(watch);
            watch.begin();
        } catch (IOException | RuntimeException e) {
            watches.remove(watch);
            watch.abandon();
            throw e;
        }
        return watch;
    }

    private synchronized void enlist(Watch watch) throws IOException {
        checkRunning();
        watches.add(watch);
    }

    private void checkRunning() throws IOException {
        if (stopped) {
            throw new IOException("the file watcher is stopped; ask the service that has come in its place");
        }
    }

    private synchronized Notifier notifier() throws IOException {
        checkRunning();
        Notifier running = notifier;
        if (running == null) {
            running = new Notifier();
            notifier = running;
        }
        return running;
    }

    @Deactivate
    void stop() {
        Notifier running;
        synchronized (this) {
            stopped = true;
            running = notifier;
            notifier = null;
        }
        watches.forEach(Watch::close);
        if (running != null) {
            running.close();
        }
        pool.shutdown();
        try {
            if (!pool.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("A listener or a filesystem has not come back within {} s", STOP_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watches.clear();
    }
}
