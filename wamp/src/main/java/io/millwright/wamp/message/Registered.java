package io.millwright.wamp.message;

import java.util.List;

/**
 * A registration is there.
 *
 * @param request the id of the request in its session
 * @param registration its id
 */
public record Registered(long request, long registration) implements WampMessage {
    /** Checks and copies. */
    public Registered {
        Checks.id(request, "the request of REGISTERED");
        Checks.id(registration, "the registration of REGISTERED");
    }

    @Override
    public MessageType type() {
        return MessageType.REGISTERED;
    }

    @Override
    public List<Object> head() {
        return List.of(type().code(), request, registration);
    }
}
