package io.millwright.wamp.message;

import java.util.List;
import java.util.Map;

/**
 * A subscription is no more.
 *
 * @param request the id of the request; 0 when the router ended it
 * @param details {@code subscription} and {@code reason} when the router ended it, else empty
 */
public record Unsubscribed(long request, Map<String, Object> details) implements WampMessage {
    /** Checks and copies. */
    public Unsubscribed {
        Checks.idOrZero(request, "the request of UNSUBSCRIBED");
        details = Options.check(MessageType.UNSUBSCRIBED, details);
    }

    /** The answer to a request. */
    public Unsubscribed(long request) {
        this(request, Map.of());
    }

    @Override
    public MessageType type() {
        return MessageType.UNSUBSCRIBED;
    }

    @Override
    public List<Object> head() {
        return details.isEmpty() ? List.of(type().code(), request) : List.of(type().code(), request, details);
    }
}
