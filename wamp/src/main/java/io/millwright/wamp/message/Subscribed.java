package io.millwright.wamp.message;

import java.util.List;

/**
 * A subscription is there.
 *
 * @param request the id of the request in its session
 * @param subscription its id
 */
public record Subscribed(long request, long subscription) implements WampMessage {
    /** Checks and copies. */
    public Subscribed {
        Checks.id(request, "the request of SUBSCRIBED");
        Checks.id(subscription, "the subscription of SUBSCRIBED");
    }

    @Override
    public MessageType type() {
        return MessageType.SUBSCRIBED;
    }

    @Override
    public List<Object> head() {
        return List.of(type().code(), request, subscription);
    }
}
