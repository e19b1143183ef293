package io.millwright.watcher.fs.internal;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one {@link WatchService} of the bundle and the thread that reads it: the kernel limits both services and watches, so
 * all watches share them. Tells each watch where to look and never looks itself. Thread-safe.
 */
final class Notifier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
    private static final WatchEvent.Kind<?>[] KINDS = {
        StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE
    };
    /** Between two batches of a stream of notifications; the kernel queue gathers meanwhile, so this caps the cost. */
    private static final long PACE_MILLIS = 5;

    private final WatchService service;
    private final Thread thread;
    /** One key stands for one inode, which several watches may know by several paths. */
    private final Map<WatchKey, Set<Registration>> registrations = new HashMap<>();

    /** Who wants to know about a directory. */
    interface Target {
        /**
         * Something happened; called by the notification thread, must be quick.
         *
         * @param directory where
         * @param names the names in it that may have changed
         * @param whole whether anything in it, or the directory itself, may have changed
         * @param lost whether notifications were lost
         */
        void look(Path directory, Set<String> names, boolean whole, boolean lost);
    }

    /** One directory of one watch. */
    final class Registration {
        private final Path directory;
        private final Target target;
        private final WatchKey key;

        private Registration(Path directory, Target target, WatchKey key) {
            this.directory = directory;
            this.target = target;
            this.key = key;
        }

        /** Whether it still sees anything; not after the directory was deleted. */
        boolean isValid() {
            return key.isValid();
        }

        /** Ends it. */
        void close() {
            unregister(this);
        }
    }

    Notifier() throws IOException {
        try {
            service = FileSystems.getDefault().newWatchService();
        } catch (IOException e) {
            throw new IOException(
                    "no file can be watched: " + e.getMessage()
                            + "; raise the sysctl fs.inotify.max_user_instances, or set watch.polling",
                    e);
        }
        thread = new Thread(this::run, "millwright-watcher");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Begins to watch one directory, not what is below it.
     *
     * @throws IOException if it is gone or may not be read, or the system's limit is reached
     */
    synchronized Registration register(Path directory, Target target) throws IOException {
        WatchKey key = key(directory);
        Registration registration = new Registration(directory, target, key);
        registrations.computeIfAbsent(key, k -> new HashSet<>()).add(registration);
        return registration;
    }

    private WatchKey key(Path directory) throws IOException {
        try {
            return directory.register(service, KINDS);
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            if (message.toLowerCase(Locale.ROOT).contains("limit")) {
                throw new LimitException(
                        "cannot watch " + directory + ": the system allows no more watched directories (" + message
                                + "); raise the sysctl fs.inotify.max_user_watches, exclude directories,"
                                + " or set watch.polling",
                        e);
            }
            throw e;
        } catch (ClosedWatchServiceException e) {
            throw new IOException("cannot watch " + directory + ": the file watcher is stopped", e);
        }
    }

    private synchronized void unregister(Registration registration) {
        Set<Registration> sharing = registrations.get(registration.key);
        if (sharing != null && sharing.remove(registration) && sharing.isEmpty()) {
            registrations.remove(registration.key);
            try {
                registration.key.cancel();
            } catch (ClosedWatchServiceException e) {
                LOG.debug("All watching has ended already");
            }
        }
    }

    private synchronized List<Registration> sharing(WatchKey key) {
        return new ArrayList<>(registrations.getOrDefault(key, Set.of()));
    }

    private void run() {
        try {
            while (true) {
                WatchKey key = service.take();
                do {
                    dispatch(key);
                    key = service.poll();
                } while (key != null);
                TimeUnit.MILLISECONDS.sleep(PACE_MILLIS);
            }
        } catch (ClosedWatchServiceException | InterruptedException closed) {
            LOG.debug("File notifications have ended");
        }
    }

    private void dispatch(WatchKey key) {
        Set<String> names = new HashSet<>();
        boolean lost = false;
        for (WatchEvent<?> event : key.pollEvents()) {
            if (event.context() instanceof Path name) {
                names.add(Names.of(name));
            } else {
                lost = true;
            }
        }
        // Reset before anybody looks: what happens from now on is notified again.
        boolean gone = !key.reset();
        for (Registration registration : sharing(key)) {
            registration.target.look(registration.directory, names, lost || gone, lost);
        }
    }

    /** Ends all watching and waits for the thread. */
    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException e) {
            LOG.warn("Cannot close the watch service: {}", e.toString());
        }
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
