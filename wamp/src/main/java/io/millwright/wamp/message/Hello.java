package io.millwright.wamp.message;

import io.millwright.wamp.Uris;
import java.util.List;
import java.util.Map;

/**
 * A client opens a session.
 *
 * @param realm the realm to join
 * @param details roles with their features, {@code authmethods}, {@code authid}, {@code agent}
 */
public record Hello(String realm, Map<String, Object> details) implements WampMessage {
    /** Checks and copies. */
    public Hello {
        Uris.check(realm, "the realm of HELLO");
        details = Options.check(MessageType.HELLO, details);
    }

    @Override
    public MessageType type() {
        return MessageType.HELLO;
    }

    @Override
    public List<Object> head() {
        return List.of(type().code(), realm, details);
    }
}
