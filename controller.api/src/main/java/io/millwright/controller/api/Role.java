package io.millwright.controller.api;

import java.util.Locale;

/** What a caller may do. More will come: a {@code switch} over it needs a default branch. */
public enum Role {
    /** Reads what the node and its workers are and do, but no line of a log. */
    OBSERVER,
    /** Reads the logs of workers too. */
    LOG_OBSERVER,
    /** Does everything. An operator of the node has what a shell of the node's user has. */
    OPERATOR;

    /**
     * Whether a caller in this role may do what another role is needed for.
     *
     * @param needed the role that an operation needs
     * @return true if this role has all rights of that one
     */
    public boolean covers(Role needed) {
        return compareTo(needed) >= 0;
    }

    /**
     * The role as it stands in messages and configurations.
     *
     * @return lower case, for example {@code log_observer}
     */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
