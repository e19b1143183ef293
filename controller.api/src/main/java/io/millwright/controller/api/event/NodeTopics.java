package io.millwright.controller.api.event;

/** The EventAdmin topics of the node. Per worker the order is {@code STARTING, CONNECTED, STARTED, STOPPING, EXITED}. */
public final class NodeTopics {
    /** Every worker of the boot configuration is started, failed or waiting. */
    public static final String NODE_READY = "io/millwright/node/READY";
    /** The node begins to shut down. */
    public static final String NODE_SHUTDOWN = "io/millwright/node/SHUTDOWN";
    /** A start was accepted. */
    public static final String WORKER_STARTING = "io/millwright/worker/STARTING";
    /** A native worker's control channel is up. */
    public static final String WORKER_CONNECTED = "io/millwright/worker/CONNECTED";
    /** A worker was started. */
    public static final String WORKER_STARTED = "io/millwright/worker/STARTED";
    /** Somebody asked for a stop. */
    public static final String WORKER_STOP_REQUESTED = "io/millwright/worker/STOP_REQUESTED";
    /** A worker was told to end. */
    public static final String WORKER_STOPPING = "io/millwright/worker/STOPPING";
    /** A worker ended. */
    public static final String WORKER_EXITED = "io/millwright/worker/EXITED";
    /** A worker could not be started. */
    public static final String WORKER_FAILED = "io/millwright/worker/FAILED";
    /** A worker waits for its next start. */
    public static final String WORKER_BACKOFF = "io/millwright/worker/BACKOFF";
    /** A worker that runs answers as it should. */
    public static final String WORKER_HEALTHY = "io/millwright/worker/HEALTHY";
    /** A worker that runs has not answered as it should, as often in a row as its options say. */
    public static final String WORKER_UNHEALTHY = "io/millwright/worker/UNHEALTHY";
    /** Watched files of a worker changed. */
    public static final String WORKER_CHANGED_FILES = "io/millwright/worker/CHANGED_FILES";
    /** A restart, or a change, of the instances of a group ended at the first that could not be started again: the others are as before. */
    public static final String WORKER_ROLLOUT_STOPPED = "io/millwright/worker/ROLLOUT_STOPPED";
    /** A worker type became available. */
    public static final String WORKER_TYPE_ADDED = "io/millwright/worker_type/ADDED";
    /** A worker type went away. */
    public static final String WORKER_TYPE_REMOVED = "io/millwright/worker_type/REMOVED";
    /** A component of a worker was started. */
    public static final String COMPONENT_STARTED = "io/millwright/component/STARTED";
    /** A component of a worker was stopped. */
    public static final String COMPONENT_STOPPED = "io/millwright/component/STOPPED";
    /** A component of a worker failed. */
    public static final String COMPONENT_FAILED = "io/millwright/component/FAILED";
    /** Matches every topic of the node. */
    public static final String ALL = "io/millwright/*";

    private NodeTopics() {}
}
