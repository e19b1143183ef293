package io.millwright.controller.api;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with a configuration: where, and a sentence that says what is wrong and what would be right.
 * Immutable.
 */
public final class Problem implements Document {
    private final String path;
    private final @Nullable Integer line;
    private final String message;
    private final Kind kind;

    private Problem(String path, @Nullable Integer line, String message, Kind kind) {
        this.path = Objects.requireNonNull(path, "path");
        this.line = line;
        this.message = Objects.requireNonNull(message, "message");
        this.kind = Objects.requireNonNull(kind, "kind");
    }

    /**
     * Makes one.
     *
     * @param path the key it is about, dotted, for example {@code stop.signal}; empty for the whole
     * @param line the line in the source the value came from, {@code null} if there is no such source
     * @param message a sentence for a person
     * @param kind whether the configuration itself is wrong or only the machine does not fit it now
     * @return the value
     */
    public static Problem of(String path, @Nullable Integer line, String message, Kind kind) {
        return new Problem(path, line, message, kind);
    }

    /** The key it is about, dotted, for example {@code stop.signal}; empty for the whole. */
    public String path() {
        return path;
    }

    /** The line in the source the value came from, {@code null} if there is no such source. */
    public @Nullable Integer line() {
        return line;
    }

    /** A sentence for a person. */
    public String message() {
        return message;
    }

    /** Whether the configuration itself is wrong or only the machine does not fit it now. */
    public Kind kind() {
        return kind;
    }

    /** What a problem is about. */
    public enum Kind {
        /** The text is wrong: an unknown key, a wrong type, a contradiction. It stays wrong on any machine. */
        DEFINITION,
        /** The text is right but something it names is not there: an executable, a directory, a worker type. */
        ENVIRONMENT
    }

    /**
     * A problem of the configuration's text.
     *
     * @param path the option key
     * @param message the sentence
     * @return a problem of kind {@link Kind#DEFINITION} without a line
     */
    public static Problem definition(String path, String message) {
        return new Problem(path, null, message, Kind.DEFINITION);
    }

    /**
     * A problem of the surroundings.
     *
     * @param path the option key
     * @param message the sentence
     * @return a problem of kind {@link Kind#ENVIRONMENT} without a line
     */
    public static Problem environment(String path, String message) {
        return new Problem(path, null, message, Kind.ENVIRONMENT);
    }

    /**
     * The same problem at another place.
     *
     * @param newPath the path to use
     * @param newLine the line to use, may be {@code null}
     * @return a copy with path and line replaced
     */
    public Problem at(String newPath, @Nullable Integer newLine) {
        return new Problem(newPath, newLine, message, kind);
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of("path", path, "line", line, "message", message);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (line != null) {
            text.append("line ").append(line).append(": ");
        }
        if (!path.isEmpty()) {
            text.append(path).append(": ");
        }
        return text.append(message).toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof Problem that
                        && path.equals(that.path)
                        && Objects.equals(line, that.line)
                        && message.equals(that.message)
                        && kind.equals(that.kind);
    }

    @Override
    public int hashCode() {
        return Objects.hash(path, line, message, kind);
    }
}
