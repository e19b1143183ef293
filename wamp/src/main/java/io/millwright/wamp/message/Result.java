package io.millwright.wamp.message;

import java.util.List;
import java.util.Map;

/**
 * A call's result, or a part of it.
 *
 * @param request the id of the call
 * @param details {@code progress} for a part
 * @param payload what the application sends along
 */
public record Result(long request, Map<String, Object> details, Payload payload) implements WampMessage {
    /** Checks and copies. */
    public Result {
        Checks.id(request, "the request of RESULT");
        details = Options.check(MessageType.RESULT, details);
    }

    @Override
    public MessageType type() {
        return MessageType.RESULT;
    }

    @Override
    public List<Object> head() {
        return List.of(type().code(), request, details);
    }
}
