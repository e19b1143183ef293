package io.millwright.controller.api;

import java.util.Locale;

/**
 * The kinds of errors operations end with. Adapters put the node's URI prefix and {@code .error.} before the code. More will come: a
 * {@code switch} over it needs a default branch.
 */
public enum ErrorCode {
    /** The id's text breaks the rule of {@link WorkerId}. */
    INVALID_WORKER_ID,
    /** No installed bundle offers the worker type; the message lists the types there are. */
    INVALID_WORKER_TYPE,
    /** The id is in use by a worker in a live state. */
    WORKER_ALREADY_RUNNING,
    /** Options or a configuration are wrong; {@link NodeException#problems()} has all of them. */
    INVALID_CONFIGURATION,
    /** The worker ended, or could not be made, before it was started; carries the exit and the last log lines. */
    CANNOT_START,
    /** The node is shutting down and takes no new workers. */
    NODE_SHUTTING_DOWN,
    /** No worker with that id is known, running or ended. */
    NO_SUCH_WORKER,
    /** The worker is known but has no process. */
    WORKER_NOT_RUNNING,
    /** The worker's processes outlived SIGKILL. */
    STOP_WORKER_FAILED,
    /** An argument of the call is wrong. */
    INVALID_ARGUMENT,
    /** The caller's role may not ask for the operation. */
    NOT_AUTHORIZED,
    /** The bundle that would answer is not installed, or this node cannot do it. */
    FEATURE_UNAVAILABLE,
    /** A container has no component of that id; the message lists those it has. */
    NO_SUCH_COMPONENT,
    /** A component of that id runs already, or is on its way. */
    COMPONENT_ALREADY_RUNNING,
    /** What was asked for takes longer than its deadline: it goes on, and nobody waits for it any more. */
    TIMEOUT,
    /** A fault of the node itself: a bug, or an operating system call that failed. */
    INTERNAL;

    /**
     * The code as it stands in messages and URIs.
     *
     * @return snake_case, for example {@code no_such_worker}
     */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
