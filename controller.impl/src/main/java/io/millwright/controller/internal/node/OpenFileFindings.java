package io.millwright.controller.internal.node;

import io.millwright.controller.api.Finding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether the node has room for more open files: without it no worker starts, no folder is read, and each of these says so with a
 * reason of its own. Reads {@code /proc}; nothing is found where there is none. Thread-safe.
 */
final class OpenFileFindings {
    private static final String SUBJECT = "open files";
    /** A start needs up to six for a moment, a command one or two. */
    private static final int ROOM = 12;

    private OpenFileFindings() {}

    static List<Finding> all() {
        return all(Path.of("/proc/self"));
    }

    static List<Finding> all(Path process) {
        try (Stream<Path> open = Files.list(process.resolve("fd"))) {
            long count = open.count();
            Long limit = limit(Files.readAllLines(process.resolve("limits")));
            return limit == null || limit - count >= ROOM
                    ? List.of()
                    : List.of(finding("has " + count + " files open, of " + limit + " that it may"));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | UncheckedIOException e) {
            return List.of(finding("cannot open one more file to count them: " + e.getMessage()));
        }
    }

    private static @Nullable Long limit(List<String> limits) {
        String line = limits.stream()
                .filter(each -> each.startsWith("Max open files "))
                .findFirst()
                .orElse("");
        String[] columns = line.split(" +", -1);
        return columns.length > 3 && columns[3].matches("\\d{1,18}") ? Long.valueOf(columns[3]) : null;
    }

    private static Finding finding(String what) {
        return Finding.error(
                SUBJECT,
                "the node " + what,
                "raise its limit (ulimit -n, or LimitNOFILE of its unit) and restart it, or run fewer workers in it; a worker"
                        + " needs three");
    }
}
