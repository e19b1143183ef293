package io.millwright.watcher.fs.internal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** More is asked to be watched than the system or this bundle allows; the message says what to do. */
final class LimitException extends IOException {
    private static final long serialVersionUID = 1L;

    LimitException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
