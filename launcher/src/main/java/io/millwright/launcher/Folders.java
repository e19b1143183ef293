package io.millwright.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Removal and copies of folders with all they hold; symbolic links are removed and left out, not followed. Stateless. */
final class Folders {
    private Folders() {}

    /** Copies the files of a folder and of those in it; there may be none. */
    static void copy(Path from, Path to) throws LauncherException {
        if (!Files.isDirectory(from)) {
            return;
        }
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file));
                if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectories(target);
                } else if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.copy(file, target);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw LauncherException.failed("cannot copy " + from + ": " + Reason.of(e));
        }
    }

    static void delete(Path folder) throws LauncherException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            throw LauncherException.failed("cannot delete " + folder + ": " + Reason.of(e));
        }
    }
}
