package io.millwright.controller.internal.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Renames {@code x.log} to {@code x.log.1}, that to {@code x.log.2} and so on. Holds no state. */
public final class LogRotation {
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
        while (free < keep && Files.exists(numbered(file, free))) {
            free++;
        }
        for (int i = free; i > 1; i--) {
            move(numbered(file, i - 1), numbered(file, i));
        }
        move(file, numbered(file, 1));
        int surplus = keep + 1;
        while (Files.deleteIfExists(numbered(file, surplus))) {
            surplus++;
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException e) {
            // somebody took it away: nothing to keep
        }
    }

    static Path numbered(Path file, int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }
}
