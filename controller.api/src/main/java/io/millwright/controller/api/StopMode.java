package io.millwright.controller.api;

/** How a worker is ended. */
public enum StopMode {
    /** The stop signal to the whole process group, the stop timeout, then {@link #KILL}. */
    GRACEFUL,
    /** SIGKILL to the whole process group at once. */
    KILL
}
