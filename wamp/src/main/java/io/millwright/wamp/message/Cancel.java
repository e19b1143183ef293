package io.millwright.wamp.message;

import java.util.List;
import java.util.Map;

/**
 * A caller no longer waits.
 *
 * @param request the id of the call
 * @param options {@code mode}: skip, kill or killnowait
 */
public record Cancel(long request, Map<String, Object> options) implements WampMessage {
    /** Checks and copies. */
    public Cancel {
        Checks.id(request, "the request of CANCEL");
        options = Options.check(MessageType.CANCEL, options);
    }

    @Override
    public MessageType type() {
        return MessageType.CANCEL;
    }

    @Override
    public List<Object> head() {
        return List.of(type().code(), request, options);
    }
}
