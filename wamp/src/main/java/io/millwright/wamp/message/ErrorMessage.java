package io.millwright.wamp.message;

import io.millwright.wamp.Uris;
import java.util.List;
import java.util.Map;

/**
 * A request failed.
 *
 * @param requestType the code of the request's message
 * @param request the id of the request in its session
 * @param details what the sender tells, by name
 * @param error an error URI
 * @param payload what the application sends along
 */
public record ErrorMessage(int requestType, long request, Map<String, Object> details, String error, Payload payload)
        implements WampMessage {
    /** Checks and copies. */
    public ErrorMessage {
        MessageType.of(requestType);
        Checks.id(request, "the request of ERROR");
        details = Options.check(MessageType.ERROR, details);
        Uris.check(error, "the error of ERROR");
    }

    @Override
    public MessageType type() {
        return MessageType.ERROR;
    }

    @Override
    public List<Object> head() {
        return List.of(type().code(), requestType, request, details, error);
    }
}
