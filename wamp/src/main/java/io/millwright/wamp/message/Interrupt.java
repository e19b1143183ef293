package io.millwright.wamp.message;

import java.util.List;
import java.util.Map;

/**
 * A router asks a callee to give up.
 *
 * @param request the id of the invocation
 * @param options {@code mode}: kill or killnowait; {@code reason}
 */
public record Interrupt(long request, Map<String, Object> options) implements WampMessage {
    /** Checks and copies. */
    public Interrupt {
        Checks.id(request, "the request of INTERRUPT");
        options = Options.check(MessageType.INTERRUPT, options);
    }

    @Override
    public MessageType type() {
        return MessageType.INTERRUPT;
    }

    @Override
    public List<Object> head() {
        return List.of(type().code(), request, options);
    }
}
