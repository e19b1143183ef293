package io.millwright.wamp.message;

import io.millwright.wamp.Uris;
import java.util.List;
import java.util.Map;

/**
 * A client subscribes.
 *
 * @param request the id of the request in its session
 * @param options what the sender asks for, by name
 * @param topic a topic, or a pattern by the option {@code match}
 */
public record Subscribe(long request, Map<String, Object> options, String topic) implements WampMessage {
    /** Checks and copies. */
    public Subscribe {
        Checks.id(request, "the request of SUBSCRIBE");
        options = Options.check(MessageType.SUBSCRIBE, options);
        Uris.check(topic, Options.match(options), "the topic of SUBSCRIBE");
    }

    @Override
    public MessageType type() {
        return MessageType.SUBSCRIBE;
    }

    @Override
    public List<Object> head() {
        return List.of(type().code(), request, options, topic);
    }
}
