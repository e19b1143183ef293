package io.millwright.worker.runtime.container;

import io.millwright.worker.runtime.internal.Birth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a framework's bundles, {@code cache/containers/ID/RUN}: of one run, so that a start
 * waits for nothing of an earlier one to be removed. A worker of another
 * user, which can write to none of the node's folders, has one in the system's temporary folder. Thread-safe.
 */
final class BundleStorage {
    /** The framework holds a lock on it as long as it runs. */
    private static final String LOCK = "cache.lock";

    private final Path ofWorker;
    private final Path folder;

    private BundleStorage(Path ofWorker, Path folder) {
        this.ofWorker = ofWorker;
        this.folder = folder;
    }

    /** That of a run; the folder is made. */
    static BundleStorage of(Birth birth) throws IOException {
        Path ofWorker = birth.nodeDirectory().resolve("cache/containers").resolve(birth.id());
        try {
            Path folder = Files.createDirectories(ofWorker.resolve(String.valueOf(birth.run())));
            if (Files.isWritable(folder)) {
                return new BundleStorage(ofWorker, folder);
            }
        } catch (IOException e) {
            // Then it is as if it could not be written to.
        }
        return new BundleStorage(ofWorker, Files.createTempDirectory("millwright-" + birth.id() + "-"));
    }

    Path folder() {
        return folder;
    }

    /** Removes what earlier runs have left that were killed. A run that still lives keeps what it has. */
    void removeOthers() {
        try (Stream<Path> all = Files.list(ofWorker)) {
            for (Path one : all.toList()) {
                if (!one.equals(folder) && !isInUse(one)) {
                    remove(one);
                }
            }
        } catch (IOException e) {
            // Of another user there is nothing here, and what cannot be removed is in nobody's way.
            return;
        }
    }

    private static boolean isInUse(Path folder) {
        Path file = folder.resolve(LOCK);
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                @Nullable FileLock lock = channel.tryLock()) {
            return lock == null;
        } catch (IOException | OverlappingFileLockException e) {
            return true;
        }
    }

    /** Removes the folder, at the end. */
    void remove() {
        remove(folder);
    }

    private static void remove(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            // The next run tries again.
            return;
        }
    }
}
