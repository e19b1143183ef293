package io.millwright.controller.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value with the one machine-readable form shared by the shell, files and remote sessions. Implementations are
 * immutable and safe for use by any thread.
 */
public interface Document {
    /**
     * The value as a map ready for JSON: keys in snake_case and always present, {@code null} where there is no value,
     * times as ISO-8601 UTC text with milliseconds, durations as seconds, sizes as bytes. Does not block.
     *
     * @return a new unmodifiable map in the documented key order; never {@code null}
     */
    Map<String, @Nullable Object> toMap();
}
