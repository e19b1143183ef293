package io.millwright.wamp.message;

import java.util.List;

/**
 * An event has arrived.
 *
 * @param publication the id of the publication
 */
public record EventReceived(long publication) implements WampMessage {
    /** Checks and copies. */
    public EventReceived {
        Checks.id(publication, "the publication of EVENT_RECEIVED");
    }

    @Override
    public MessageType type() {
        return MessageType.EVENT_RECEIVED;
    }

    @Override
    public List<Object> head() {
        return List.of(type().code(), publication);
    }
}
