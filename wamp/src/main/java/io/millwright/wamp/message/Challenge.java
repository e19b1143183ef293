package io.millwright.wamp.message;

import java.util.List;
import java.util.Map;

/**
 * A router asks for a proof.
 *
 * @param method the method of authentication
 * @param extra what the method needs: {@code challenge}, {@code salt}
 */
public record Challenge(String method, Map<String, Object> extra) implements WampMessage {
    /** Checks and copies. */
    public Challenge {
        extra = Options.check(MessageType.CHALLENGE, extra);
    }

    @Override
    public MessageType type() {
        return MessageType.CHALLENGE;
    }

    @Override
    public List<Object> head() {
        return List.of(type().code(), method, extra);
    }
}
