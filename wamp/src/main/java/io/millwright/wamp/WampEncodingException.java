package io.millwright.wamp;

import org.jspecify.annotations.Nullable;

/** A value that has no form in a serializer: not a number, nested too deeply, of a class that is no WAMP value. Nothing was sent. */
public final class WampEncodingException extends WampException {
    private static final long serialVersionUID = 1;

    /** An exception that says which value it is and which would be right. */
    public WampEncodingException(String message) {
        this(message, null);
    }

    /** The same, found by something that threw. */
    public WampEncodingException(String message, @Nullable Throwable cause) {
        super(WampErrors.INVALID_PAYLOAD, message, cause);
    }
}
