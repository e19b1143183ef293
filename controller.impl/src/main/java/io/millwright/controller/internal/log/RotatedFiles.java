package io.millwright.controller.internal.log;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The rotated files of one log: {@code x.log.1} is the newest, {@code x.log.2.gz} one that is compressed. Names change only with
 * the lock of this object, which is held for renames and never while a file is read or written. Thread-safe; blocks for the disk.
 */
final class RotatedFiles {
    private static final int CHUNK = 64 << 10;

    private final Path file;

    RotatedFiles(Path file) {
        this.file = file;
    }

    /** Makes the present file, which must be closed, the newest of them. A failure leaves every byte in one of the files. */
    synchronized void rotate(int keep) throws IOException {
        LogRotation.rotate(file, keep);
    }

    /** Opens them with the present file, see {@link StampedFiles#open}. */
    synchronized StampedFiles open(@Nullable Instant after) throws IOException {
        return StampedFiles.open(file, after);
    }

    /**
     * Deletes what is not to be kept and compresses what is, one file after the other. For one thread at a time, whose interrupt ends
     * it; what it has begun then is begun anew the next time.
     */
    void keep(Housekeeping rules, Instant now) throws IOException {
        Files.deleteIfExists(temporary());
        retain(rules, now);
        while (rules.compress() && compressOne()) {
            retain(rules, now);
        }
    }

    private Path temporary() {
        return file.resolveSibling(file.getFileName() + ".compressing");
    }

    private synchronized void retain(Housekeeping rules, Instant now) throws IOException {
        Long most = rules.retainSize();
        Duration oldest = rules.retainAge();
        long total = 0;
        boolean surplus = false;
        for (Path path : present()) {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            total += attributes.size();
            // What is older than one that goes, goes too: a gap in the numbers would hide it.
            surplus |= most != null && total > most;
            surplus |=
                    oldest != null && attributes.lastModifiedTime().toInstant().isBefore(now.minus(oldest));
            if (surplus) {
                Files.delete(path);
            }
        }
    }

    /** The newest first. */
    private List<Path> present() {
        List<Path> found = new ArrayList<>();
        for (int number = 1; ; number++) {
            Path plain = LogRotation.numbered(file, number);
            Path compressed = LogRotation.compressed(plain);
            boolean isThere = Files.isRegularFile(plain, LinkOption.NOFOLLOW_LINKS);
            if (isThere) {
                found.add(plain);
            }
            if (Files.isRegularFile(compressed, LinkOption.NOFOLLOW_LINKS)) {
                found.add(compressed);
            } else if (!isThere) {
                return found;
            }
        }
    }

    /** A file that is open, and what it was then; its number may be another by now. */
    private record Source(SeekableByteChannel open, BasicFileAttributes attributes) {}

    /** Compresses the oldest that is not yet; false if there is none. */
    private boolean compressOne() throws IOException {
        Source source = openOldestPlain();
        if (source == null) {
            return false;
        }
        Path made = temporary();
        try (SeekableByteChannel in = source.open()) {
            write(in, made);
        }
        Files.setLastModifiedTime(made, source.attributes().lastModifiedTime());
        put(made, source.attributes());
        return true;
    }

    private synchronized @Nullable Source openOldestPlain() throws IOException {
        Path oldest = null;
        for (Path path : present()) {
            oldest = path.toString().endsWith(LogRotation.COMPRESSED) ? oldest : path;
        }
        return oldest == null
                ? null
                : new Source(
                        Files.newByteChannel(oldest, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS),
                        Files.readAttributes(oldest, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    }

    private static void write(SeekableByteChannel in, Path made) throws IOException {
        try (FileChannel out = FileChannel.open(
                        made,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS);
                GZIPOutputStream zip = new GZIPOutputStream(Channels.newOutputStream(out), CHUNK)) {
            InputStream source = Channels.newInputStream(in);
            byte[] chunk = new byte[CHUNK];
            for (int count = source.read(chunk); count >= 0; count = source.read(chunk)) {
                zip.write(chunk, 0, count);
            }
            zip.finish();
            out.force(true);
        }
    }

    /** Puts what was made in the place of its source, whatever number that has by now; nowhere if it is gone. */
    private synchronized void put(Path made, BasicFileAttributes source) throws IOException {
        for (Path path : present()) {
            BasicFileAttributes there =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (Objects.equals(there.fileKey(), source.fileKey()) && there.size() == source.size()) {
                // Between these two both are there, and the plain one counts.
                Files.move(made, LogRotation.compressed(path), StandardCopyOption.REPLACE_EXISTING);
                Files.delete(path);
                return;
            }
        }
        Files.deleteIfExists(made);
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
