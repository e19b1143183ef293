package io.millwright.wamp.message;

import java.util.List;

/**
 * A callee ends a registration.
 *
 * @param request the id of the request in its session
 * @param registration its id
 */
public record Unregister(long request, long registration) implements WampMessage {
    /** Checks and copies. */
    public Unregister {
        Checks.id(request, "the request of UNREGISTER");
        Checks.id(registration, "the registration of UNREGISTER");
    }

    @Override
    public MessageType type() {
        return MessageType.UNREGISTER;
    }

    @Override
    public List<Object> head() {
        return List.of(type().code(), request, registration);
    }
}
