package io.millwright.controller.internal.event;

import io.millwright.controller.api.NodeEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where events go, each in its turn: foreign code, which may not come back. What comes while it is away waits for it, up to a bound,
 * and is handed over by the thread that comes back. Thread-safe; it is called without a lock.
 */
final class EventSink {
    private static final Logger LOG = LoggerFactory.getLogger(EventSink.class);
    private static final int MOST = 1000;

    private final Consumer<NodeEvent> target;
    private final Deque<NodeEvent> waiting = new ArrayDeque<>();
    private boolean behind;
    private long since;
    private long lost;

    /**
     * Has been given nothing yet.
     *
     * @param target gets the events, by one thread at a time
     */
    EventSink(Consumer<NodeEvent> target) {
        this(target, List.of());
    }

    /**
     * Has events to catch up with.
     *
     * @param target gets the events, by one thread at a time
     * @param before events that another sink did not take
     */
    EventSink(Consumer<NodeEvent> target, List<NodeEvent> before) {
        this.target = target;
        this.behind = !before.isEmpty();
        this.since = System.nanoTime();
        waiting.addAll(before);
    }

    /** Whether it has not come back from an event. */
    synchronized boolean isAway() {
        return behind;
    }

    /** Takes what waits away from it; it gets no more. */
    synchronized List<NodeEvent> retire() {
        List<NodeEvent> rest = List.copyOf(waiting);
        waiting.clear();
        return rest;
    }

    boolean isFor(Consumer<NodeEvent> wanted) {
        return target.equals(wanted);
    }

    /** Lets an event wait if the sink is away; the oldest goes if too many wait. */
    synchronized boolean waits(NodeEvent event) {
        if (!behind) {
            return false;
        }
        if (waiting.size() == MOST) {
            waiting.removeFirst();
            lost++;
        }
        waiting.addLast(event);
        return true;
    }

    /** Hands an event over; blocks as long as the sink does. */
    void give(NodeEvent event) {
        try {
            target.accept(event);
        } catch (RuntimeException | Error fault) {
            LOG.warn("event {} could not be handed on", event.topic(), fault);
        }
    }

    /** Says whether the sink is away from now on. */
    synchronized boolean leave(boolean away) {
        if (away) {
            behind = true;
            since = System.nanoTime();
        }
        return away;
    }

    /** Hands over what has waited, in the thread that has come back from the sink. */
    void catchUp() {
        for (NodeEvent next = next(); next != null; next = next()) {
            give(next);
        }
    }

    private synchronized @Nullable NodeEvent next() {
        NodeEvent next = waiting.pollFirst();
        behind = next != null;
        return next;
    }

    /** What is wrong with it, {@code null} if nothing is. */
    synchronized @Nullable String trouble() {
        return behind
                ? "has not taken an event for "
                        + Duration.ofNanos(System.nanoTime() - since).toSeconds() + " s; " + waiting.size()
                        + " wait for it" + (lost == 0 ? "" : ", " + lost + " are lost")
                : null;
    }
}
