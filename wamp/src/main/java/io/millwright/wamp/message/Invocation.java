package io.millwright.wamp.message;

import java.util.List;
import java.util.Map;

/**
 * A router calls a callee.
 *
 * @param request the id of the invocation
 * @param registration the registration it matched
 * @param details what the sender tells, by name
 * @param payload what the application sends along
 */
public record Invocation(long request, long registration, Map<String, Object> details, Payload payload)
        implements WampMessage {
    /** Checks and copies. */
    public Invocation {
        Checks.id(request, "the request of INVOCATION");
        Checks.id(registration, "the registration of INVOCATION");
        details = Options.check(MessageType.INVOCATION, details);
    }

    @Override
    public MessageType type() {
        return MessageType.INVOCATION;
    }

    @Override
    public List<Object> head() {
        return List.of(type().code(), request, registration, details);
    }
}
