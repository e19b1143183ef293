package io.millwright.wamp.router;

import io.millwright.wamp.WampException;
import io.millwright.wamp.message.Payload;

/** A call, or another request, ends with an error. */
public final class ProcedureException extends WampException {
    private static final long serialVersionUID = 1;

    private final transient Payload payload;

    /** An error with a sentence, which is its only argument too. */
    public ProcedureException(String uri, String message) {
        this(uri, message, Payload.args(message));
    }

    /** An error with arguments. */
    public ProcedureException(String uri, String message, Payload payload) {
        super(uri, message, null);
        this.payload = payload;
    }

    /** The arguments of the error. */
    public Payload payload() {
        return payload;
    }
}
