package io.millwright.controller.api;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of one worker in an operation on several: a result or an error, never both. Immutable.
 *
 * @param id the worker
 * @param result the result, {@code null} if it failed
 * @param error the error, {@code null} if it succeeded
 * @param <T> the single operation's result
 */
public record Outcome<T extends Document>(WorkerId id, @Nullable T result, @Nullable NodeException error)
        implements Document {
    @Override
    public Map<String, @Nullable Object> toMap() {
        if (result != null) {
            return result.toMap();
        }
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("id", id.value());
        if (error != null) {
            map.putAll(error.toMap());
        }
        return map;
    }
}
