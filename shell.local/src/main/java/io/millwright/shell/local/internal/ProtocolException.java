package io.millwright.shell.local.internal;

import java.io.IOException;

/** What a client sent is not the protocol; the message says what would be. */
final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    ProtocolException(String message) {
        super(message);
    }
}
