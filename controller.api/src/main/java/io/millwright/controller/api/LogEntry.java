package io.millwright.controller.api;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One line a worker wrote. Immutable. */
public final class LogEntry implements Document {
    private final Instant time;
    private final Stream stream;
    private final @Nullable String level;
    private final String text;

    private LogEntry(Instant time, Stream stream, @Nullable String level, String text) {
        this.time = Objects.requireNonNull(time, "time");
        this.stream = Objects.requireNonNull(stream, "stream");
        this.level = level;
        this.text = Objects.requireNonNull(text, "text");
    }

    /**
     * Makes one.
     *
     * @param time when the node read it
     * @param stream where it was written
     * @param level the level a native worker gave it, else {@code null}
     * @param text the line without its end; bytes that are no UTF-8 are replacement characters
     * @return the value
     */
    public static LogEntry of(Instant time, Stream stream, @Nullable String level, String text) {
        return new LogEntry(time, stream, level, text);
    }

    /** When the node read it. */
    public Instant time() {
        return time;
    }

    /** Where it was written. */
    public Stream stream() {
        return stream;
    }

    /** The level a native worker gave it, else {@code null}. */
    public @Nullable String level() {
        return level;
    }

    /** The line without its end; bytes that are no UTF-8 are replacement characters. */
    public String text() {
        return text;
    }

    /** The stream a line was written to. */
    public enum Stream {
        /** Standard output. */
        STDOUT,
        /** Standard error. */
        STDERR,
        /** The node itself: a note about the log, for example how many bytes were lost on a full disk. */
        NODE
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of("time", time, "stream", stream, "level", level, "text", text);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof LogEntry that
                        && time.equals(that.time)
                        && stream.equals(that.stream)
                        && Objects.equals(level, that.level)
                        && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return Objects.hash(time, stream, level, text);
    }

    @Override
    public String toString() {
        return "LogEntry" + toMap();
    }
}
