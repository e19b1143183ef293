package io.millwright.controller.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A configuration as it would be after a change. Immutable; its string form shows no values.
 *
 * @param pid its PID
 * @param properties what it would hold, {@code null} if it would be deleted
 */
public record ConfigurationChange(String pid, @Nullable Map<String, Object> properties) {
    /** Keeps an unmodifiable copy of the properties' first level. */
    public ConfigurationChange {
        properties = properties == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    }

    @Override
    public String toString() {
        return properties == null ? "delete " + pid : "write " + pid + " " + properties.keySet();
    }
}
