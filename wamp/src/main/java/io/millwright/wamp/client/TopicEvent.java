package io.millwright.wamp.client;

import io.millwright.wamp.message.Options;
import io.millwright.wamp.message.Payload;
import java.util.Map;

/** An event of a subscription. Immutable, thread-safe. */
public final class TopicEvent implements Arguments {
    private final String topic;
    private final long publication;
    private final Map<String, Object> details;
    private final Payload payload;

    private TopicEvent(String topic, long publication, Map<String, Object> details, Payload payload) {
        this.topic = topic;
        this.publication = publication;
        this.details = details;
        this.payload = payload;
    }

    /**
     * An event.
     *
     * @param subscribed the topic or pattern of the subscription, which is the event's topic unless its details say another
     */
    public static TopicEvent of(String subscribed, long publication, Map<String, Object> details, Payload payload) {
        String topic = Options.text(details, "topic");
        return new TopicEvent(topic == null ? subscribed : topic, publication, details, payload);
    }

    /** The topic it was published to. */
    public String topic() {
        return topic;
    }

    /** The id of the publication. */
    public long publication() {
        return publication;
    }

    /** Whether it is older than the subscription: the topic's last event, which was kept. */
    public boolean retained() {
        return Options.flag(details, "retained");
    }

    /** What the router tells of it. */
    public Map<String, Object> details() {
        return details;
    }

    @Override
    public Payload payload() {
        return payload;
    }
}
