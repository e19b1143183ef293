package io.millwright.wamp;

import org.jspecify.annotations.Nullable;

/** There is no connection, or no longer: whether the other side has acted on a request is not known. */
public final class WampConnectionException extends WampException {
    private static final long serialVersionUID = 1;

    /** An exception with a sentence and, if there is one, the cause. */
    public WampConnectionException(String message, @Nullable Throwable cause) {
        super(WampErrors.NETWORK_FAILURE, message, cause);
    }
}
