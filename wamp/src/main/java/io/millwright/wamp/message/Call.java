package io.millwright.wamp.message;

import io.millwright.wamp.Uris;
import java.util.List;
import java.util.Map;

/**
 * A caller calls.
 *
 * @param request the id of the request in its session
 * @param options what the sender asks for, by name
 * @param procedure the procedure
 * @param payload what the application sends along
 */
public record Call(long request, Map<String, Object> options, String procedure, Payload payload)
        implements WampMessage {
    /** Checks and copies. */
    public Call {
        Checks.id(request, "the request of CALL");
        options = Options.check(MessageType.CALL, options);
        Uris.check(procedure, "the procedure of CALL");
    }

    @Override
    public MessageType type() {
        return MessageType.CALL;
    }

    @Override
    public List<Object> head() {
        return List.of(type().code(), request, options, procedure);
    }
}
