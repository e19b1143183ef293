package io.millwright.config.file.internal;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls back, in a thread of its own, when the node file may have changed: on events of the directory and, for what they
 * miss (network filesystems), by looking once a minute; every ten seconds where the file is a link to elsewhere, every two where
 * there are no events.
 */
final class FileMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileMonitor.class);
    /** A save is several events; it is read when they have ended. */
    private static final long QUIET = Duration.ofMillis(300).toNanos();

    /** So long it sleeps after events of other files, which may come by the thousand. */
    private static final long OTHERS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Events that do not end must not put it off for ever. */
    private static final long LONGEST = Duration.ofSeconds(3).toNanos();

    private static final long POLL = Duration.ofSeconds(2).toNanos();
    /** The target of a link is in another directory, of which there are no events. */
    private static final long POLL_LINK = Duration.ofSeconds(10).toNanos();

    private static final long POLL_BESIDE_EVENTS = Duration.ofMinutes(1).toNanos();
    /** Gone means stopping workers: some programs save by removing the file and making it again. */
    private static final long GONE = Duration.ofSeconds(2).toNanos();

    private final Path directory;
    private final Runnable changed;
    private final @Nullable WatchService watcher;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private @Nullable WatchKey registration;

    /**
     * Begins to watch.
     *
     * @param stamp {@link NodeFile#stamp} from before the file was read last
     */
    FileMonitor(Path directory, String stamp, Runnable changed) {
        this.directory = directory;
        this.changed = changed;
        this.watcher = newWatcher(directory);
        register();
        this.thread = new Thread(() -> run(stamp), "millwright-config-file");
        thread.setDaemon(true);
        thread.start();
    }

    private static @Nullable WatchService newWatcher(Path directory) {
        try {
            return directory.getFileSystem().newWatchService();
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warn("no file events ({}); {} is looked at every two seconds instead", e.getMessage(), directory);
            return null;
        }
    }

    /** The directory may be missing now and come later; until then the regular look does. */
    private void register() {
        if (watcher == null || (registration != null && registration.isValid())) {
            return;
        }
        try {
            registration = directory.register(
                    watcher,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
        } catch (IOException e) {
            LOG.debug("{} cannot be watched", directory, e);
        }
    }

    private void run(String initial) {
        try {
            watch(initial);
        } catch (ClosedWatchServiceException e) {
            LOG.debug("closed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch(String initial) throws InterruptedException {
        String stamp = initial;
        long firstEvent = 0;
        long absentSince = 0;
        long readAt = 0; // 0: nothing to do
        while (closed.getCount() > 0) {
            boolean event = await(readAt == 0 ? idle() : Math.max(1, readAt - System.nanoTime()));
            register();
            String present = NodeFile.stamp(directory);
            long now = System.nanoTime();
            if (event || !present.equals(stamp)) {
                stamp = present;
                firstEvent = readAt == 0 ? now : firstEvent;
                readAt = Math.min(now + QUIET, firstEvent + LONGEST);
            }
            if (!present.isEmpty()) {
                absentSince = 0;
            } else if (readAt != 0) {
                absentSince = absentSince == 0 ? now : absentSince;
                readAt = Math.max(readAt, absentSince + GONE);
            }
            if (readAt != 0 && now >= readAt) {
                readAt = 0;
                changed.run();
            }
        }
    }

    private long idle() {
        if (registration == null || !registration.isValid()) {
            return POLL;
        }
        return NodeFile.isLink(directory) ? POLL_LINK : POLL_BESIDE_EVENTS;
    }

    /** Whether an event of the file came within that time. */
    private boolean await(long nanos) throws InterruptedException {
        if (watcher == null) {
            closed.await(nanos, TimeUnit.NANOSECONDS);
            return false;
        }
        WatchKey key = watcher.poll(nanos, TimeUnit.NANOSECONDS);
        if (key == null) {
            return false;
        }
        boolean ours = isOurs(key);
        if (!ours) {
            // Workers write here as they like; what they write meanwhile comes as one event, or is no concern of ours.
            closed.await(OTHERS, TimeUnit.NANOSECONDS);
            ours = isOurs(key);
        }
        key.reset();
        return ours;
    }

    private static boolean isOurs(WatchKey key) {
        boolean ours = false;
        for (WatchEvent<?> event : key.pollEvents()) {
            // An overflow has no name.
            ours |= event.context() == null || NodeFile.isName(event.context().toString());
        }
        return ours;
    }

    /** Ends the thread; a call that is under way is waited for, at most five seconds. */
    @Override
    public void close() {
        closed.countDown();
        try {
            if (watcher != null) {
                watcher.close();
            }
            thread.join(5_000);
        } catch (IOException e) {
            LOG.debug("closing the watch of {}", directory, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
