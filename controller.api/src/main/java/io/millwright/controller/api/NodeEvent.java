package io.millwright.controller.api;

import io.millwright.controller.api.event.EventProperties;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Something that happened, as it was published through EventAdmin. Immutable. */
public final class NodeEvent implements Document {
    private final String topic;
    private final Instant timestamp;
    private final Map<String, Object> properties;

    private NodeEvent(String topic, Instant timestamp, Map<String, Object> properties) {
        this.topic = Objects.requireNonNull(topic, "topic");
        this.timestamp = Objects.requireNonNull(timestamp, "timestamp");
        this.properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    }

    /**
     * Makes one.
     *
     * @param topic one of the topics of {@link io.millwright.controller.api.event.NodeTopics}
     * @param timestamp when it happened
     * @param properties the event's properties, keyed by {@link EventProperties}
     * @return the value
     */
    public static NodeEvent of(String topic, Instant timestamp, Map<String, Object> properties) {
        return new NodeEvent(topic, timestamp, properties);
    }

    /** One of the topics of {@link io.millwright.controller.api.event.NodeTopics}. */
    public String topic() {
        return topic;
    }

    /** When it happened. */
    public Instant timestamp() {
        return timestamp;
    }

    /** The event's properties, keyed by {@link EventProperties}; unmodifiable. */
    public Map<String, Object> properties() {
        return properties;
    }

    /** Its number, one more than that of the event before it in the same life of the node; 0 if it has none. */
    public long seq() {
        return properties.get(EventProperties.SEQ) instanceof Long number ? number : 0;
    }

    /** The life of the node it belongs to; empty if it names none. */
    public String life() {
        return properties.get(EventProperties.LIFE) instanceof String id ? id : "";
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("topic", topic);
        map.put("timestamp", Documents.time(timestamp));
        properties.forEach((key, value) -> {
            if (!key.equals(EventProperties.TIMESTAMP)) {
                map.put(key.replace('.', '_'), Documents.convert(value));
            }
        });
        return Collections.unmodifiableMap(map);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof NodeEvent that
                        && topic.equals(that.topic)
                        && timestamp.equals(that.timestamp)
                        && properties.equals(that.properties);
    }

    @Override
    public int hashCode() {
        return Objects.hash(topic, timestamp, properties);
    }

    @Override
    public String toString() {
        return "NodeEvent[" + topic + " " + properties + "]";
    }
}
