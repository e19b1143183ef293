package io.millwright.wamp.message;

import io.millwright.wamp.Uris;
import java.util.List;
import java.util.Map;

/**
 * A callee registers.
 *
 * @param request the id of the request in its session
 * @param options what the sender asks for, by name
 * @param procedure a procedure, or a pattern by the option {@code match}
 */
public record Register(long request, Map<String, Object> options, String procedure) implements WampMessage {
    /** Checks and copies. */
    public Register {
        Checks.id(request, "the request of REGISTER");
        options = Options.check(MessageType.REGISTER, options);
        Uris.check(procedure, Options.match(options), "the procedure of REGISTER");
    }

    @Override
    public MessageType type() {
        return MessageType.REGISTER;
    }

    @Override
    public List<Object> head() {
        return List.of(type().code(), request, options, procedure);
    }
}
