package io.millwright.controller.api;

import java.util.Locale;

/** Why a worker waits. More will come: a {@code switch} over it needs a default branch. */
public enum WaitReason {
    /** For the delay of its restart policy. */
    DELAY,
    /** For its worker type. */
    TYPE,
    /** For another worker. */
    DEPENDENCY,
    /** For the next time its schedule names. */
    SCHEDULE,
    /** For the first demand, for example a connection to its socket. */
    DEMAND,
    /** For a place among those that may run at the same time, or for the end of its restart window. */
    LIMIT,
    /** For memory, processes or files that the machine does not have now. */
    RESOURCES,
    /** For the router of the control channels. */
    CHANNEL;

    /**
     * The reason as it stands in events and documents.
     *
     * @return lower case, for example {@code delay}
     */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
