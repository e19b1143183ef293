package io.millwright.controller.internal.worker;

/** What can happen to a worker; with its state it decides the next state and the actions. */
public enum LifeEvent {
    /** Its options are valid and its launch is planned: start it. */
    START,
    /** Its next start has to wait: for a delay, or for its type. */
    WAIT,
    /** The process was made. */
    SPAWNED,
    /** The process could not be made. */
    SPAWN_FAILED,
    /** The control channel of a native worker is up. */
    CHANNEL_UP,
    /** It is ready. */
    READY,
    /** It was not ready in time. */
    START_TIMEOUT,
    /** Its control channel was lost, and it has not joined again in time. */
    CHANNEL_TIMEOUT,
    /** It runs, and is not as its options ask: the node ends it. */
    UNFIT,
    /** Somebody wants it to end. */
    STOP,
    /** Somebody wants it to end at once. */
    KILL,
    /** The stop timeout is over. */
    STOP_TIMEOUT,
    /** Its processes outlived SIGKILL. */
    STUCK,
    /** The main process ended. */
    MAIN_EXITED,
    /** The main process, all that was left of it, and the output are gone. */
    ENDED,
    /** As {@link #ENDED}, of a run that was given up before it was ready. */
    ENDED_UNREADY,
    /** The next start cannot be planned: options or surroundings are wrong. */
    REFUSED,
    /** It has ended, and had failed before its last run was gone. */
    UNSTARTED,
    /** A configured worker was stopped by request and rests. */
    REST
}
