package io.millwright.wamp.message;

import io.millwright.wamp.Uris;
import java.util.List;
import java.util.Map;

/**
 * A session is left, or its leaving is answered.
 *
 * @param details {@code message}, a sentence
 * @param reason why, a URI
 */
public record Goodbye(Map<String, Object> details, String reason) implements WampMessage {
    /** Checks and copies. */
    public Goodbye {
        details = Options.check(MessageType.GOODBYE, details);
        Uris.check(reason, "the reason of GOODBYE");
    }

    @Override
    public MessageType type() {
        return MessageType.GOODBYE;
    }

    @Override
    public List<Object> head() {
        return List.of(type().code(), details, reason);
    }
}
