package io.millwright.controller.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Follows the node's events in order. Called by one thread at a time, never with a lock held; a slow listener loses
 * events from a bounded queue, and learns how many.
 */
@ConsumerType
@FunctionalInterface
public interface EventListener {
    /**
     * One event.
     *
     * @param event what happened
     * @param lost how many events were dropped just before this one
     */
    void onEvent(NodeEvent event, long lost);
}
