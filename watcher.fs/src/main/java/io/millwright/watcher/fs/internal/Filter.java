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

    private final List<Glob> include = new ArrayList<>();
    private final List<Rule> exclude = new ArrayList<>();
    private final Set<Path> ignored;

    /** A glob that takes files out, or back in; of several that match the last one counts, as in {@code .gitignore}. */
    private record Rule(Glob glob, boolean excludes) {}

    /**
     * Compiles the filter of a watch.
     *
     * @throws IOException if a pattern is no glob; the message names it
     */
    Filter(WatchSpec spec) throws IOException {
        for (String pattern : spec.include()) {
            if (pattern.startsWith("!")) {
                exclude.add(new Rule(compile("include", pattern.substring(1)), true));
            } else {
                include.add(compile("include", pattern));
            }
        }
        for (String pattern : spec.exclude()) {
            boolean back = pattern.startsWith("!");
            exclude.add(new Rule(compile("exclude", back ? pattern.substring(1) : pattern), !back));
        }
        ignored = new HashSet<>();
        for (Path path : spec.ignored()) {
            Path absolute = path.toAbsolutePath().normalize();
            ignored.add(absolute);
            ignored.add(real(absolute));
        }
    }

    private static Glob compile(String option, String pattern) throws IOException {
        try {
            return new Glob(pattern);
        } catch (IllegalArgumentException e) {
            throw new IOException(option + " pattern '" + pattern + "' is not a glob: " + e.getMessage(), e);
        }
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
        boolean excluded = DEFAULTS.matches(relative.getFileName());
        for (int i = exclude.size(); !excluded && i > 0; i--) {
            Rule rule = exclude.get(i - 1);
            if (rule.glob().matches(relative)) {
                return rule.excludes();
            }
        }
        return excluded;
    }

    /** Whether an absolute path is one that the watch ignores, or in one. */
    boolean ignores(Path absolute) {
        return ignored.stream().anyMatch(absolute::startsWith);
    }

    /** Whether a file or directory, and all below it, is asked for. */
    boolean includes(Path relative) {
        return include.isEmpty() || include.stream().anyMatch(glob -> glob.matches(relative));
    }
}
