package io.millwright.controller.internal.event;

import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.event.EventProperties;
import java.time.Instant;
import java.util.Map;

/**
 * What the controller loop says has happened, before it has its number.
 *
 * @param topic one of the node's topics
 * @param at when it happened
 * @param properties its properties; the loop changes this map no more once the publisher has the event
 */
public record UnnumberedEvent(String topic, Instant at, Map<String, Object> properties) {
    /** The event with its number, its life of the node and the node's id, if it names none. */
    public NodeEvent numbered(long number, String life, String nodeId) {
        properties.putIfAbsent(EventProperties.NODE_ID, nodeId);
        properties.put(EventProperties.SEQ, number);
        properties.put(EventProperties.LIFE, life);
        return NodeEvent.of(topic, at, properties);
    }
}
