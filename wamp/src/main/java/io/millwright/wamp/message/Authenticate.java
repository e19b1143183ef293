package io.millwright.wamp.message;

import java.util.List;
import java.util.Map;

/**
 * A client proves who it is.
 *
 * @param signature the proof: a ticket or a signature, a secret
 * @param extra what the method needs
 */
public record Authenticate(String signature, Map<String, Object> extra) implements WampMessage {
    /** Checks and copies. */
    public Authenticate {
        extra = Options.check(MessageType.AUTHENTICATE, extra);
    }

    /** Without the proof, which is a secret. */
    @Override
    public String toString() {
        return "Authenticate[signature=***]";
    }

    @Override
    public MessageType type() {
        return MessageType.AUTHENTICATE;
    }

    @Override
    public List<Object> head() {
        return List.of(type().code(), signature, extra);
    }
}
