package io.millwright.controller.api;

import java.util.Locale;

/** Where a worker stands in its life. */
public enum WorkerState {
    /** Configured but not running: disabled, stopped by an operator, or refused. */
    INACTIVE,
    /** Its process is being made, or is not ready yet. */
    STARTING,
    /** A native worker's control channel is up; it is not ready yet. */
    CONNECTED,
    /** Running and, as far as the node can tell, ready. */
    STARTED,
    /** Told to end; some of its processes may still be there. */
    STOPPING,
    /** Ended and waiting for its next start. */
    BACKOFF,
    /** Ended before it was started, or could not be made. */
    FAILED,
    /** Ended. */
    EXITED;

    /**
     * Whether the id is in use.
     *
     * @return true in all states but {@link #INACTIVE}, {@link #FAILED} and {@link #EXITED}
     */
    public boolean isLive() {
        return this != INACTIVE && this != FAILED && this != EXITED;
    }

    /**
     * The state as it stands in events and documents.
     *
     * @return lower case, for example {@code started}
     */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
