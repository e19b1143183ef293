package io.millwright.controller.internal.launch;

import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.internal.options.CommonOptions;
import io.millwright.controller.internal.process.SystemPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds, and if asked to makes, a worker's working directory. Touches the file system, so it may block. Thread-safe. */
public final class WorkDirectory {
    private WorkDirectory() {}

    /**
     * Finds the working directory and changes nothing.
     *
     * @param values checked options
     * @param nodeDirectory the node directory, absolute
     * @return the directory, which may still have to be made by {@link #prepare}, or the problem
     */
    public static Located check(OptionValues values, Path nodeDirectory) {
        String text = values.string(CommonOptions.WORKDIR).orElse("");
        Path directory = Located.resolve(nodeDirectory, text);
        if (directory == null) {
            return missing("'" + text + "' " + Located.impossible(text));
        }
        if (Files.isDirectory(directory)) {
            return Files.isExecutable(directory)
                    ? Located.at(directory)
                    : missing("'" + SystemPath.text(directory)
                            + "' may not be entered by the node's user; chmod +x would allow it");
        }
        if (Files.exists(directory)) {
            return missing("'" + SystemPath.text(directory) + "' is not a directory; name a directory");
        }
        boolean link = Files.isSymbolicLink(directory);
        boolean create = values.flag(CommonOptions.WORKDIR_CREATE);
        if ((link || !create) && !Files.notExists(directory)) {
            return missing("'" + SystemPath.text(directory) + "' " + Located.unreachable(directory));
        }
        if (link) {
            return missing("'" + SystemPath.text(directory) + "' is a link that leads nowhere");
        }
        if (!create) {
            return missing("'" + SystemPath.text(directory) + "' does not exist; make it, or set workdir.create to true"
                    + Located.hint(text, "node directory"));
        }
        Path parent = nearestExisting(directory);
        return parent == null || !Files.isDirectory(parent) || !Files.isWritable(parent)
                ? missing("'" + SystemPath.text(directory) + "' cannot be made: '" + parent
                        + "' is not a directory the node's user may write to")
                : Located.at(directory);
    }

    /**
     * Finds the working directory and makes it where the options ask for that.
     *
     * @param values checked options
     * @param nodeDirectory the node directory, absolute
     * @return the directory, which exists, or the problem
     */
    public static Located prepare(OptionValues values, Path nodeDirectory) {
        Located found = check(values, nodeDirectory);
        Path directory = found.path();
        if (directory == null || Files.isDirectory(directory)) {
            return found;
        }
        try {
            Files.createDirectories(directory);
            return found;
        } catch (IOException e) {
            return missing("'" + SystemPath.text(directory) + "' cannot be made: " + Located.reason(e));
        }
    }

    private static @Nullable Path nearestExisting(Path directory) {
        Path parent = directory.getParent();
        while (parent != null && !Files.exists(parent)) {
            parent = parent.getParent();
        }
        return parent;
    }

    private static Located missing(String message) {
        return Located.missing(CommonOptions.WORKDIR, message);
    }
}
