package io.millwright.wamp.message;

import io.millwright.wamp.Uris;
import java.util.List;
import java.util.Map;

/**
 * A client publishes.
 *
 * @param request the id of the request in its session
 * @param options what the sender asks for, by name
 * @param topic the topic
 * @param payload what the application sends along
 */
public record Publish(long request, Map<String, Object> options, String topic, Payload payload) implements WampMessage {
    /** Checks and copies. */
    public Publish {
        Checks.id(request, "the request of PUBLISH");
        options = Options.check(MessageType.PUBLISH, options);
        Uris.check(topic, "the topic of PUBLISH");
    }

    @Override
    public MessageType type() {
        return MessageType.PUBLISH;
    }

    @Override
    public List<Object> head() {
        return List.of(type().code(), request, options, topic);
    }
}
