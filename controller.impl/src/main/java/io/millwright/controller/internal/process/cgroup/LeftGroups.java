package io.millwright.controller.internal.process.cgroup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * The groups that lives of a node have made, as a file in its run directory says: one path a line, each of which holds the groups of
 * one life. The watchdog reads the same file. Stateless; every method blocks for files.
 */
public final class LeftGroups {
    /** The file's name in the run directory. */
    public static final String FILE = "cgroups";

    /** What this life's are called; nothing else that a file says is ended. */
    static final String NAME = "millwright-[0-9a-f]{16}";

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long POLL_MS = 10;

    private LeftGroups() {}

    /** All that the file says and that are there still. */
    static List<Path> read(Path runDirectory) throws IOException {
        Path file = runDirectory.resolve(FILE);
        if (!Files.exists(file)) {
            return List.of();
        }
        List<Path> there = new ArrayList<>();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            Path holder = Path.of(line);
            if (String.valueOf(holder.getFileName()).matches(NAME) && Files.exists(holder.resolve("cgroup.procs"))) {
                there.add(holder);
            }
        }
        return there;
    }

    static void write(Path runDirectory, List<Path> holders) throws IOException {
        Path file = runDirectory.resolve(FILE);
        if (holders.isEmpty()) {
            Files.deleteIfExists(file);
            return;
        }
        Files.write(file, holders.stream().map(Path::toString).toList(), StandardCharsets.UTF_8);
    }

    /**
     * Ends what the lives before have left, when no node and no watchdog is there to do it.
     *
     * @param runDirectory the node's run directory
     * @param log told what was found
     * @throws IOException if the file cannot be read or written
     */
    public static void end(Path runDirectory, Logger log) throws IOException {
        if (!Files.exists(runDirectory.resolve(FILE))) {
            return;
        }
        List<Path> stay = new ArrayList<>();
        for (Path holder : read(runDirectory)) {
            if (!endOne(holder, log)) {
                stay.add(holder);
            }
        }
        write(runDirectory, stay);
    }

    private static boolean endOne(Path holder, Logger log) {
        Folders folders = new Folders();
        long deadline = System.nanoTime() + LIMIT_NANOS;
        String why = "";
        boolean told = false;
        while (System.nanoTime() - deadline < 0) {
            try {
                if (Folders.isPopulated(holder)) {
                    if (!told) {
                        log.warn(
                                "processes in groups of the node before this one are ended: {} in {}",
                                Folders.members(holder),
                                holder);
                        told = true;
                    }
                    folders.kill(holder);
                } else {
                    folders.removeAll(holder);
                    return true;
                }
            } catch (IOException e) {
                why = ": " + Folders.reason(e);
            }
            try {
                Thread.sleep(POLL_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        log.error("the group {} of the node before this one cannot be removed{}", holder, why);
        return false;
    }
}
