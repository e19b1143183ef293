package io.millwright.controller.internal.launch;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.CommonOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Looks whether the directories to watch are there. Touches the file system, so it may block. Thread-safe. */
public final class WatchDirectories {
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
        for (String text : values.strings(CommonOptions.WATCH_DIRECTORIES)) {
            Path directory = Located.resolve(nodeDirectory, text);
            if (directory == null || !Files.isDirectory(directory)) {
                String why = directory != null && Files.exists(directory)
                        ? "is not a directory; name the directory it is in, and watch.include"
                        : "does not exist; make it (relative paths start at the node directory" + Located.hint(text)
                                + ")";
                problems.add(Problem.environment(
                        CommonOptions.WATCH_DIRECTORIES, "'" + (directory == null ? text : directory) + "' " + why));
            }
        }
        return problems;
    }
}
