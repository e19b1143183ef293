package io.millwright.wamp.message;

import java.util.List;
import java.util.Map;

/**
 * A registration is no more.
 *
 * @param request the id of the request; 0 when the router ended it
 * @param details {@code registration} and {@code reason} when the router ended it, else empty
 */
public record Unregistered(long request, Map<String, Object> details) implements WampMessage {
    /** Checks and copies. */
    public Unregistered {
        Checks.idOrZero(request, "the request of UNREGISTERED");
        details = Options.check(MessageType.UNREGISTERED, details);
    }

    /** The answer to a request. */
    public Unregistered(long request) {
        this(request, Map.of());
    }

    @Override
    public MessageType type() {
        return MessageType.UNREGISTERED;
    }

    @Override
    public List<Object> head() {
        return details.isEmpty() ? List.of(type().code(), request) : List.of(type().code(), request, details);
    }
}
