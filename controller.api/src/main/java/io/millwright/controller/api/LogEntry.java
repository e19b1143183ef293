package io.millwright.controller.api;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line a worker wrote. Immutable.
 *
 * @param time when the node read it
 * @param stream where it was written
 * @param level the level a native worker gave it, else {@code null}
 * @param text the line without its end; bytes that are no UTF-8 are replacement characters
 */
public record LogEntry(Instant time, Stream stream, @Nullable String level, String text) implements Document {
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
}
