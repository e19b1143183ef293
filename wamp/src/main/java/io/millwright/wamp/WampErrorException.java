package io.millwright.wamp;

import io.millwright.wamp.message.Payload;
import java.util.List;
import java.util.Map;

/**
 * An error of an application or of a router: a URI and arguments. A call fails with it, and a procedure throws it to fail with that URI. Its message
 * is the first argument if that is a text, and the URI.
 */
public final class WampErrorException extends WampException {
    private static final long serialVersionUID = 1;

    private final transient Payload payload;

    /** An error with arguments. */
    public WampErrorException(String uri, Payload payload) {
        super(uri, sentence(uri, payload), null);
        this.payload = payload;
    }

    /** An error with a sentence, its only argument. */
    public WampErrorException(String uri, String message) {
        this(uri, Payload.args(message));
    }

    private static String sentence(String uri, Payload payload) {
        List<Object> args = payload.args();
        return !args.isEmpty() && args.get(0) instanceof String text ? text + " (" + uri + ")" : uri;
    }

    /** The arguments, as they are sent. */
    public Payload payload() {
        return payload;
    }

    /** The positional arguments. */
    public List<Object> args() {
        return payload.args();
    }

    /** The arguments by name. */
    public Map<String, Object> kwargs() {
        return payload.kwargs();
    }
}
