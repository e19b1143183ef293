package io.millwright.controller.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a node is asked to shut down. Immutable. */
public final class ShutdownRequest {
    /** Shut down and stay down. */
    public static final ShutdownRequest STOP = new ShutdownRequest(false, null);
    /** Shut down and start again. */
    public static final ShutdownRequest RESTART = new ShutdownRequest(true, null);

    private final boolean restart;
    private final @Nullable String mode;

    private ShutdownRequest(boolean restart, @Nullable String mode) {
        this.restart = restart;
        this.mode = mode;
    }

    /**
     * The same with a word of the caller's.
     *
     * @param mode handed on in the result and the event; {@code null} for none
     * @return a changed copy
     */
    public ShutdownRequest withMode(@Nullable String mode) {
        return new ShutdownRequest(restart, mode);
    }

    /** Whether a fresh framework starts after it. */
    public boolean restart() {
        return restart;
    }

    /** A word of the caller's, handed on in the result and the event; {@code null} for none. */
    public @Nullable String mode() {
        return mode;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof ShutdownRequest that && restart == that.restart && Objects.equals(mode, that.mode);
    }

    @Override
    public int hashCode() {
        return Objects.hash(restart, mode);
    }

    @Override
    public String toString() {
        return "ShutdownRequest[restart=" + restart + ", mode=" + mode + "]";
    }
}
