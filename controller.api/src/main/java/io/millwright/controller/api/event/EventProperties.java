package io.millwright.controller.api.event;

/** The property names of the node's events. A property is absent where it has no value. */
public final class EventProperties {
    /** {@code String}: the worker's id. */
    public static final String WORKER_ID = "worker.id";
    /** {@code String}: the worker's type. */
    public static final String WORKER_TYPE = "worker.type";
    /** {@code Long}: the worker's main process. */
    public static final String WORKER_PID = "worker.pid";
    /** {@code String}: the new state, lower case. */
    public static final String STATUS = "status";
    /** {@code String}: who asked. */
    public static final String WHO = "who";
    /** {@code Long}: milliseconds since the epoch, the name EventAdmin gives it. */
    public static final String TIMESTAMP = "timestamp";
    /** {@code Integer}: exit code. */
    public static final String EXIT_CODE = "exit.code";
    /** {@code String}: signal name. */
    public static final String EXIT_SIGNAL = "exit.signal";
    /** {@code Long}: the number of the run, which never repeats in a node directory; of workers with {@code reload.mode: overlap}. */
    public static final String WORKER_RUN = "worker.run";
    /**
     * {@code String}: in an event of the run beside the present one of a worker (option {@code reload.mode} {@code overlap}), {@code
     * next} if it gets ready to take its place, {@code retiring} if it is told to end.
     */
    public static final String OVERLAP = "overlap";
    /** {@code String}: {@code requested}, {@code success} or {@code error}. */
    public static final String EXIT_CLASS = "exit.class";
    /** {@code String}: a sentence. */
    public static final String EXIT_REASON = "exit.reason";
    /** {@code Integer}: restarts so far. */
    public static final String RESTARTS = "restarts";
    /** {@code Double}: seconds until the next start. */
    public static final String DELAY = "delay";
    /** {@code Double}: seconds from created to started. */
    public static final String STARTUP_TIME = "startup.time";
    /** {@code String}: why, where there is more to say. */
    public static final String REASON = "reason";
    /** {@code String}: the id of a component in its worker. */
    public static final String COMPONENT_ID = "component.id";
    /** {@code List<String>}: changed files, at most the first 100. */
    public static final String FILES = "files";
    /** {@code Boolean}: whether a shutdown is a restart. */
    public static final String RESTART = "restart";
    /** {@code String}: the node's id; in every event, and a property of the service. */
    public static final String NODE_ID = "node.id";
    /** {@code Long}: the event's number, which rises by one within one life of the node; in every event. */
    public static final String SEQ = "seq";
    /** {@code String}: the id of the node's life, another one after each start; in every event. */
    public static final String LIFE = "node.life";
    /** {@code Boolean}: whether a shutdown was free of errors. */
    public static final String WAS_CLEAN = "was.clean";

    private EventProperties() {}
}
