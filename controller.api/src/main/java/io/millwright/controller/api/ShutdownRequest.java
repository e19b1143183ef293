package io.millwright.controller.api;

import org.jspecify.annotations.Nullable;

/**
 * How a node is asked to shut down. Immutable.
 *
 * @param restart whether a fresh framework starts after it
 * @param mode a word of the caller's, handed on in the result and the event; may be {@code null}
 */
public record ShutdownRequest(boolean restart, @Nullable String mode) {
    /** Shut down and stay down. */
    public static final ShutdownRequest STOP = new ShutdownRequest(false, null);
    /** Shut down and start again. */
    public static final ShutdownRequest RESTART = new ShutdownRequest(true, null);
}
