package io.millwright.controller.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came through one output stream of a worker since it was created. Immutable.
 *
 * @param lines complete lines
 * @param bytes bytes, line ends included
 */
public record Traffic(long lines, long bytes) implements Document {
    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of("lines", lines, "bytes", bytes);
    }
}
