package io.millwright.wamp.message;

import java.util.List;

/**
 * A publication is acknowledged.
 *
 * @param request the id of the request in its session
 * @param publication the id of the publication
 */
public record Published(long request, long publication) implements WampMessage {
    /** Checks and copies. */
    public Published {
        Checks.id(request, "the request of PUBLISHED");
        Checks.id(publication, "the publication of PUBLISHED");
    }

    @Override
    public MessageType type() {
        return MessageType.PUBLISHED;
    }

    @Override
    public List<Object> head() {
        return List.of(type().code(), request, publication);
    }
}
