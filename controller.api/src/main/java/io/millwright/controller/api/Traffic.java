package io.millwright.controller.api;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What came through one output stream of a worker since it was created. Immutable. */
public final class Traffic implements Document {
    private final long lines;
    private final long bytes;

    private Traffic(long lines, long bytes) {
        this.lines = lines;
        this.bytes = bytes;
    }

    /**
     * Makes one.
     *
     * @param lines complete lines
     * @param bytes bytes, line ends included
     * @return the value
     */
    public static Traffic of(long lines, long bytes) {
        return new Traffic(lines, bytes);
    }

    /** Complete lines. */
    public long lines() {
        return lines;
    }

    /** Bytes, line ends included. */
    public long bytes() {
        return bytes;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of("lines", lines, "bytes", bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this || other instanceof Traffic that && lines == that.lines && bytes == that.bytes;
    }

    @Override
    public int hashCode() {
        return Objects.hash(lines, bytes);
    }

    @Override
    public String toString() {
        return "Traffic" + toMap();
    }
}
