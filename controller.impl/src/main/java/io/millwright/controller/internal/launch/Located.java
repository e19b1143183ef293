package io.millwright.controller.internal.launch;

import io.millwright.controller.api.Problem;
import io.millwright.controller.internal.process.SystemPath;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file or directory that was looked for: its path, or why there is none. Exactly one is {@code null}. Immutable.
 *
 * @param path the absolute path, {@code null} if there is a problem
 * @param problem what is wrong, {@code null} if nothing is
 */
public record Located(@Nullable Path path, @Nullable Problem problem) {
    static Located at(Path path) {
        return new Located(path, null);
    }

    static Located missing(String option, String message) {
        return new Located(null, Problem.environment(option, message));
    }

    /**
     * The path.
     *
     * @return the path
     * @throws NullPointerException if there is a problem
     */
    public Path get() {
        return Objects.requireNonNull(path, () -> "not located: " + problem);
    }

    /** Resolves a text that a person wrote; {@code null} if it has a NUL character. */
    static @Nullable Path resolve(Path directory, String text) {
        try {
            Path path = directory.resolve(SystemPath.of(text));
            // Behind a symbolic link "a/.." is not nothing: only the operating system may take that apart.
            return text.contains("..") ? path : path.normalize();
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /**
     * A hint for the commonest mistakes in the path of a file that is not there, or nothing.
     *
     * @param text the path as a person wrote it
     * @param start where relative paths start
     */
    static String hint(String text, String start) {
        if (text.startsWith("~")) {
            return "; '~' is not expanded here, write the whole path";
        }
        if (text.startsWith("\"")) {
            return "; the quotes are part of it: leave them out, or, in a .config file, put every value in quotes that end";
        }
        return text.startsWith("/") ? "" : "; relative paths start at the " + start;
    }
}
