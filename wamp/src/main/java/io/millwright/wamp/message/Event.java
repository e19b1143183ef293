package io.millwright.wamp.message;

import java.util.List;
import java.util.Map;

/**
 * What was published.
 *
 * @param subscription the subscription it matched
 * @param publication the id of the publication
 * @param details what the sender tells, by name
 * @param payload what the application sends along
 */
public record Event(long subscription, long publication, Map<String, Object> details, Payload payload)
        implements WampMessage {
    /** Checks and copies. */
    public Event {
        Checks.id(subscription, "the subscription of EVENT");
        Checks.id(publication, "the publication of EVENT");
        details = Options.check(MessageType.EVENT, details);
    }

    @Override
    public MessageType type() {
        return MessageType.EVENT;
    }

    @Override
    public List<Object> head() {
        return List.of(type().code(), subscription, publication, details);
    }
}
