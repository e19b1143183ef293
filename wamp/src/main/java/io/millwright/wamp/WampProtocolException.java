package io.millwright.wamp;

import org.jspecify.annotations.Nullable;

/**
 * Bytes or a list that are no WAMP message. Nothing else escapes from decoding and parsing. A session in which this happens is over
 * (ABORT with {@link #uri()}), except when {@link #requestId()} is not 0: then only a URI or an option in a request is wrong, the request can be
 * answered by an ERROR, and the session may go on.
 */
public final class WampProtocolException extends WampException {
    private static final long serialVersionUID = 1;

    private final int requestType;
    private final long requestId;

    private WampProtocolException(
            String uri, String message, int requestType, long requestId, @Nullable Throwable cause) {
        super(uri, message, cause);
        this.requestType = requestType;
        this.requestId = requestId;
    }

    /** A violation of the protocol. */
    public WampProtocolException(String message) {
        this(WampErrors.PROTOCOL_VIOLATION, message, 0, 0, null);
    }

    /** A violation of the protocol that was found by something that threw. */
    public WampProtocolException(String message, Throwable cause) {
        this(WampErrors.PROTOCOL_VIOLATION, message, 0, 0, cause);
    }

    /** A text that is no URI, not yet known to be in a request. */
    static WampProtocolException invalidUri(String message) {
        return new WampProtocolException(WampErrors.INVALID_URI, message, 0, 0, null);
    }

    /** The same as an answer to a request: its message code and its id, both above 0. */
    public WampProtocolException inRequest(int type, long id) {
        return new WampProtocolException(uri(), String.valueOf(getMessage()), type, id, getCause());
    }

    /** The message code of the request that can be answered by an ERROR, 0 if there is none. */
    public int requestType() {
        return requestType;
    }

    /** The id of the request that can be answered by an ERROR, 0 if there is none. */
    public long requestId() {
        return requestId;
    }
}
