package io.millwright.wamp.message;

import java.util.List;
import java.util.Map;

/**
 * A callee's result, or a part of it.
 *
 * @param request the id of the invocation
 * @param options {@code progress} for a part
 * @param payload what the application sends along
 */
public record Yield(long request, Map<String, Object> options, Payload payload) implements WampMessage {
    /** Checks and copies. */
    public Yield {
        Checks.id(request, "the request of YIELD");
        options = Options.check(MessageType.YIELD, options);
    }

    @Override
    public MessageType type() {
        return MessageType.YIELD;
    }

    @Override
    public List<Object> head() {
        return List.of(type().code(), request, options);
    }
}
