package io.millwright.wamp.message;

import java.util.List;
import java.util.Map;

/**
 * A router opens a session.
 *
 * @param session the id of the session
 * @param details roles with their features, {@code authid}, {@code authrole}, {@code authmethod}
 */
public record Welcome(long session, Map<String, Object> details) implements WampMessage {
    /** Checks and copies. */
    public Welcome {
        Checks.id(session, "the session of WELCOME");
        details = Options.check(MessageType.WELCOME, details);
    }

    @Override
    public MessageType type() {
        return MessageType.WELCOME;
    }

    @Override
    public List<Object> head() {
        return List.of(type().code(), session, details);
    }
}
