package io.millwright.controller.api;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, as it was published through EventAdmin. Immutable.
 *
 * @param topic one of the topics of {@link io.millwright.controller.api.event.NodeTopics}
 * @param timestamp when it happened
 * @param properties the event's properties, keyed by {@link io.millwright.controller.api.event.EventProperties}
 */
public record NodeEvent(String topic, Instant timestamp, Map<String, Object> properties) implements Document {
    /** Keeps an unmodifiable copy. */
    public NodeEvent {
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("topic", topic);
        map.put("timestamp", Documents.time(timestamp));
        properties.forEach((key, value) -> {
            if (!key.equals("timestamp")) {
                map.put(key.replace('.', '_'), Documents.convert(value));
            }
        });
        return Collections.unmodifiableMap(map);
    }
}
