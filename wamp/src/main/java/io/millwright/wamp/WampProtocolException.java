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
    private final boolean awaited;

    private WampProtocolException(
            String uri, String message, int requestType, long requestId, boolean awaited, @Nullable Throwable cause) {
        super(uri, message, cause);
        this.requestType = requestType;
        this.requestId = requestId;
        this.awaited = awaited;
    }

    /** A violation of the protocol. */
    public WampProtocolException(String message) {
        this(WampErrors.PROTOCOL_VIOLATION, message, 0, 0, false, null);
    }

    /** A violation of the protocol that was found by something that threw. */
    public WampProtocolException(String message, Throwable cause) {
        this(WampErrors.PROTOCOL_VIOLATION, message, 0, 0, false, cause);
    }

    /** A text that is no URI, not yet known to be in a request. */
    static WampProtocolException invalidUri(String message) {
        return new WampProtocolException(WampErrors.INVALID_URI, message, 0, 0, false, null);
    }

    /**
     * The same as an answer to a request: its message code and its id, both above 0, and whether its sender waits for an answer.
     */
    public WampProtocolException inRequest(int type, long id, boolean waits) {
        return new WampProtocolException(uri(), String.valueOf(getMessage()), type, id, waits, getCause());
    }

    /** The message code of the request that can be answered by an ERROR, 0 if there is none. */
    public int requestType() {
        return requestType;
    }

    /** The id of the request that can be answered by an ERROR, 0 if there is none. */
    public long requestId() {
        return requestId;
    }

    /** Whether the sender of the request waits for an answer: not of a PUBLISH that is not acknowledged, whose ERROR ends a client's session. */
    public boolean isAwaited() {
        return awaited;
    }
}
