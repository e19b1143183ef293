package io.millwright.wamp.message;

import io.millwright.wamp.Uris;
import java.util.List;
import java.util.Map;

/**
 * There is no session, or no longer; the connection is closed after it.
 *
 * @param details {@code message}, a sentence
 * @param reason an error URI
 * @param payload what the application sends along
 */
public record Abort(Map<String, Object> details, String reason, Payload payload) implements WampMessage {
    /** Checks and copies. */
    public Abort {
        details = Options.check(MessageType.ABORT, details);
        Uris.check(reason, "the reason of ABORT");
    }

    /** An ABORT with a sentence. */
    public Abort(String reason, String message) {
        this(Map.of("message", message), reason, Payload.EMPTY);
    }

    @Override
    public MessageType type() {
        return MessageType.ABORT;
    }

    @Override
    public List<Object> head() {
        return List.of(type().code(), details, reason);
    }
}
