package io.millwright.wamp;

import org.jspecify.annotations.Nullable;

/** What goes wrong in WAMP; its message is a sentence, its {@link #uri()} what a peer is told. */
public abstract class WampException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String uri;

    /** An exception with the URI that a peer is told. */
    protected WampException(String uri, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.uri = uri;
    }

    /** The error URI for the peer, one of {@link WampErrors} or an application's own. */
    public final String uri() {
        return uri;
    }
}
