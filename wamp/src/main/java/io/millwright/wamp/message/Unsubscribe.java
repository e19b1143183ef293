package io.millwright.wamp.message;

import java.util.List;

/**
 * A client ends a subscription.
 *
 * @param request the id of the request in its session
 * @param subscription its id
 */
public record Unsubscribe(long request, long subscription) implements WampMessage {
    /** Checks and copies. */
    public Unsubscribe {
        Checks.id(request, "the request of UNSUBSCRIBE");
        Checks.id(subscription, "the subscription of UNSUBSCRIBE");
    }

    @Override
    public MessageType type() {
        return MessageType.UNSUBSCRIBE;
    }

    @Override
    public List<Object> head() {
        return List.of(type().code(), request, subscription);
    }
}
