package io.millwright.controller.api;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Events that follow a number, and how many of them are not kept any more. Immutable. */
public final class EventPage implements Document {
    private final List<NodeEvent> events;
    private final long lost;
    private final String life;

    private EventPage(List<NodeEvent> events, long lost, String life) {
        this.events = List.copyOf(events);
        this.lost = lost;
        this.life = Objects.requireNonNull(life, "life");
    }

    /**
     * Makes one.
     *
     * @param events oldest first
     * @param lost how many events before the first of them are not kept any more
     * @param life the life of the node that the numbers belong to
     * @return the value
     */
    public static EventPage of(List<NodeEvent> events, long lost, String life) {
        return new EventPage(events, lost, life);
    }

    /** The events, oldest first. */
    public List<NodeEvent> events() {
        return events;
    }

    /** How many events before the first of them are not kept any more; 0 if nobody asked with a number. */
    public long lost() {
        return lost;
    }

    /** The life of the node that the numbers belong to; in another life they begin anew. */
    public String life() {
        return life;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of("events", events, "lost", lost, "life", life);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof EventPage that
                        && events.equals(that.events)
                        && lost == that.lost
                        && life.equals(that.life);
    }

    @Override
    public int hashCode() {
        return Objects.hash(events, lost, life);
    }

    @Override
    public String toString() {
        return "EventPage" + toMap();
    }
}
