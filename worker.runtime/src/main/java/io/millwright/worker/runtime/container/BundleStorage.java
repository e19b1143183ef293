package io.millwright.worker.runtime.container;

import io.millwright.worker.runtime.internal.Birth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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

    private final Path folder;
    /** Which folders beside it are of other runs of the worker. */
    private final String others;

    private final boolean temporary;

    private BundleStorage(Path folder, String others, boolean temporary) {
        this.folder = folder;
        this.others = others;
        this.temporary = temporary;
    }

    /** That of a run; the folder is made. */
    static BundleStorage of(Birth birth) throws IOException {
        Path ofWorker = birth.nodeDirectory().resolve("cache/containers").resolve(birth.id());
        try {
            Path folder = Files.createDirectories(ofWorker.resolve(String.valueOf(birth.run())));
            if (Files.isWritable(folder)) {
                return new BundleStorage(folder, "*", false);
            }
        } catch (IOException e) {
            // Then it is as if it could not be written to.
        }
        String prefix = "millwright-" + birth.id() + "-";
        return new BundleStorage(Files.createTempDirectory(prefix), prefix + "*", true);
    }

    Path folder() {
        return folder;
    }

    /** Removes what earlier runs have left that were killed. A run that still lives keeps what it has. */
    void removeOthers() {
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(folder.toAbsolutePath().getParent(), others)) {
            for (Path one : all) {
                if (!one.equals(folder.toAbsolutePath()) && (!temporary || isLeft(one)) && !isInUse(one)) {
                    remove(one);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // What cannot be removed is in nobody's way.
            return;
        }
    }

    /** In the system's temporary folder there is more; what has no lock yet is perhaps about to be used. */
    private boolean isLeft(Path one) throws IOException {
        return Files.exists(one.resolve(LOCK))
                && Files.getOwner(one, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(folder));
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
