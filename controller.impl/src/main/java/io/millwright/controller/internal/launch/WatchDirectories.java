package io.millwright.controller.internal.launch;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.WatchOptions;
import io.millwright.controller.internal.process.SystemPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks whether the directories to watch are there. Touches the file system, so it may block. Thread-safe. */
public final class WatchDirectories {
    private static final List<String> OWN = List.of("log", "run", "cache", "config", "state", "key");

    private WatchDirectories() {}

    /**
     * Looks at them all.
     *
     * @param values checked options
     * @param nodeDirectory where relative paths start, absolute
     * @return one problem for each that cannot be watched
     */
    public static List<Problem> check(OptionValues values, Path nodeDirectory) {
        List<Problem> problems = new ArrayList<>();
        for (String text : values.strings(WatchOptions.DIRECTORIES)) {
            Path directory = Located.resolve(nodeDirectory, text);
            if (directory == null || !Files.isDirectory(directory)) {
                String why;
                if (directory == null) {
                    why = Located.impossible(text);
                } else {
                    why = Files.exists(directory)
                            ? "is not a directory; name the directory it is in, and watch.include"
                            : "does not exist; make it" + Located.hint(text, "node directory");
                }
                problems.add(Problem.environment(
                        WatchOptions.DIRECTORIES,
                        "'" + (directory == null ? text : SystemPath.text(directory)) + "' " + why));
                continue;
            }
            Path own = own(directory, nodeDirectory);
            if (own != null) {
                problems.add(Problem.environment(
                        WatchOptions.DIRECTORIES,
                        "'" + SystemPath.text(directory) + "' is the node's own: what is in " + own
                                + " changes by itself; watch another directory"));
            }
        }
        return problems;
    }

    /**
     * What the node itself writes in its directory; none of it is a change of a worker's files.
     *
     * @param nodeDirectory the node directory
     * @return directories, which need not be there
     */
    public static Set<Path> own(Path nodeDirectory) {
        return OWN.stream().map(nodeDirectory::resolve).collect(Collectors.toUnmodifiableSet());
    }

    /** Which of the node's own directories one is, or is in, by whatever links; {@code null} if it is another. */
    private static @Nullable Path own(Path directory, Path nodeDirectory) {
        for (Path own : own(nodeDirectory)) {
            try {
                if (Files.exists(own) && directory.toRealPath().startsWith(own.toRealPath())) {
                    return own;
                }
            } catch (IOException e) {
                // Gone meanwhile; the watch says so.
                return null;
            }
        }
        return null;
    }
}
