package io.millwright.watcher.fs.internal;

import io.millwright.controller.api.watch.WatchSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Says which files of a watch count. A glob that matches a directory matches everything below it. Immutable, thread-safe.
 */
final class Filter {
    /**
     * Names that never count, nor what is below them, whatever the options: version control, editors' swap, backup, lock
     * and probe files, and Kubernetes' own entries of a mounted volume (the links that lead through them do count).
     */
    static final List<String> DEFAULT_EXCLUDES = List.of(
            ".git",
            ".hg",
            ".svn",
            "*.swp",
            "*.swpx",
            "*.swx",
            "*~",
            ".#*",
            "#*#",
            "4913",
            ".goutputstream-*",
            "*___jb_tmp___",
            "*___jb_old___",
            "..*");

    private static final Glob DEFAULTS = new Glob("{" + String.join(",", DEFAULT_EXCLUDES) + "}");

    private final List<Glob> include;
    private final List<Glob> exclude;
    private final Set<Path> ignored;

    /**
     * Compiles the filter of a watch.
     *
     * @throws IOException if a pattern is no glob; the message names it
     */
    Filter(WatchSpec spec) throws IOException {
        include = compile("include", spec.include());
        exclude = compile("exclude", spec.exclude());
        ignored = new HashSet<>();
        for (Path path : spec.ignored()) {
            Path absolute = path.toAbsolutePath().normalize();
            ignored.add(absolute);
            ignored.add(real(absolute));
        }
    }

    private static List<Glob> compile(String option, List<String> patterns) throws IOException {
        List<Glob> globs = new ArrayList<>();
        for (String pattern : patterns) {
            try {
                globs.add(new Glob(pattern));
            } catch (IllegalArgumentException e) {
                throw new IOException(option + " pattern '" + pattern + "' is not a glob: " + e.getMessage(), e);
            }
        }
        return globs;
    }

    /** Where a path really is, as far as it exists: an ignored log file may not be there yet. */
    private static Path real(Path absolute) {
        try {
            return absolute.toRealPath();
        } catch (IOException missing) {
            Path parent = absolute.getParent();
            Path name = absolute.getFileName();
            return parent == null || name == null ? absolute : real(parent).resolve(name);
        }
    }

    /** Whether a file or directory, and all below it, never counts; asked from the top down. */
    boolean excludes(Path relative) {
        return DEFAULTS.matches(relative.getFileName()) || exclude.stream().anyMatch(glob -> glob.matches(relative));
    }

    /** Whether an absolute path is one that the watch ignores. */
    boolean ignores(Path absolute) {
        return !ignored.isEmpty() && ignored.contains(absolute);
    }

    /** Whether a file or directory, and all below it, is asked for. */
    boolean includes(Path relative) {
        return include.isEmpty() || include.stream().anyMatch(glob -> glob.matches(relative));
    }
}
