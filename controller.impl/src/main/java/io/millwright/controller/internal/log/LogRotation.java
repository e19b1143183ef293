package io.millwright.controller.internal.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Renames {@code x.log} to {@code x.log.1}, that to {@code x.log.2} and so on, compressed ones too. Holds no state. */
public final class LogRotation {
    /** What the name of a compressed file ends with. */
    static final String COMPRESSED = ".gz";

    private LogRotation() {}

    /**
     * Renames a file that a worker is about to write to itself, if it has outgrown its limit: while the worker runs nobody can,
     * since it holds the file.
     *
     * @param file the file, which may be missing
     * @param options its largest size and how many are kept
     * @throws IOException if it could not be renamed
     */
    public static void beforeRun(Path file, LogOptions options) throws IOException {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) >= options.maxSize()) {
            rotate(file, options.keep());
        }
    }

    /** The file must be closed. A failure leaves every byte in one of the files. */
    static void rotate(Path file, int keep) throws IOException {
        if (keep == 0) {
            Files.deleteIfExists(file);
            return;
        }
        int free = 1;
        while (free < keep && exists(numbered(file, free))) {
            free++;
        }
        for (int i = free; i > 1; i--) {
            moveBoth(numbered(file, i - 1), numbered(file, i));
        }
        move(file, numbered(file, 1));
        int surplus = keep + 1;
        while (delete(numbered(file, surplus))) {
            surplus++;
        }
    }

    private static boolean exists(Path numbered) {
        return Files.exists(numbered) || Files.exists(compressed(numbered));
    }

    /** A file, and the compressed one of its number. */
    private static void moveBoth(Path from, Path to) throws IOException {
        Files.deleteIfExists(compressed(to));
        if (Files.exists(from) || !Files.exists(compressed(from))) {
            move(from, to);
        } else {
            Files.deleteIfExists(to);
        }
        move(compressed(from), compressed(to));
    }

    private static boolean delete(Path numbered) throws IOException {
        boolean plain = Files.deleteIfExists(numbered);
        return Files.deleteIfExists(compressed(numbered)) || plain;
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException e) {
            // somebody took it away: nothing to keep
        }
    }

    static Path compressed(Path numbered) {
        return numbered.resolveSibling(numbered.getFileName() + COMPRESSED);
    }

    static Path numbered(Path file, int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }
}
