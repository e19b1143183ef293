package io.millwright.controller.internal.launch;

import io.millwright.controller.api.Problem;
import io.millwright.controller.internal.process.SystemPath;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
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

    /** Resolves a text that a person wrote; {@code null} if no path can be that: {@link #impossible} says why. */
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
     * What the system says, for people: java.nio gives some of its exceptions nothing but a path.
     *
     * @param failure of a file operation
     * @return the file and the reason
     */
    public static String reason(IOException failure) {
        String file = failure instanceof FileSystemException system ? system.getFile() : null;
        String what = "";
        if (failure instanceof NoSuchFileException) {
            what = "no such file or directory";
        } else if (failure instanceof AccessDeniedException) {
            what = "permission denied";
        } else if (failure instanceof FileAlreadyExistsException) {
            what = "a file is in its place";
        }
        return what.isEmpty() || file == null ? String.valueOf(failure.getMessage()) : file + ": " + what;
    }

    /** Why a text is no path; a sentence without its subject. */
    static String impossible(String text) {
        return text.indexOf('\0') >= 0
                ? "has a NUL character, which no path can have"
                : "has half of a character (a surrogate without the other), which no path can have";
    }

    /**
     * Why a file that is neither there nor missing cannot be reached. Touches the file system, so it may block.
     *
     * @param file the file, absolute
     * @return a sentence without its subject
     */
    static String unreachable(Path file) {
        return PathWalk.trouble(file);
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
