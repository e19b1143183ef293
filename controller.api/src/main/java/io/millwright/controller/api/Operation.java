package io.millwright.controller.api;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a node can be asked: the one table of its operations. Fronts take names, parameters and the role that is needed from here;
 * {@code docs/operations.md} is made from it. More will come: a {@code switch} over it needs a default branch.
 */
public enum Operation implements Document {
    /** {@link NodeController#getStatus}. */
    GET_STATUS(Role.OBSERVER, "What the node is and how it does."),
    /** {@link NodeController#getPublicKey}. */
    GET_PUBLIC_KEY(Role.OBSERVER, "The node's Ed25519 public key in hex."),
    /** {@link NodeController#getWorkerTypes}. */
    GET_WORKER_TYPES(Role.OBSERVER, "The worker types there are, with their options."),
    /** This table. */
    GET_API(Role.OBSERVER, "This table."),
    /** {@link NodeController#doctor}. */
    GET_DOCTOR(Role.OBSERVER, "Whatever is not as it should be."),
    /** {@link NodeController#newSystemSampler}. */
    GET_SYSTEM_STATS(Role.OBSERVER, "Figures of the machine."),
    /** {@link NodeController#getSessions}. */
    GET_SESSIONS(Role.OBSERVER, "The sessions of the remote management, those of workers too."),
    /** {@link NodeController#getWorkers}. */
    GET_WORKERS(
            Role.OBSERVER,
            "The ids of the workers in live states.",
            with("filter_types", "list of texts", "[]", "names of worker types; empty for all")),
    /** {@link NodeController#listWorkers}. */
    LIST_WORKERS(
            Role.OBSERVER,
            "Workers with all that is known of them.",
            with("scope", "live, all", "live", "whether inactive and ended ones are wanted too"),
            with("include_stats", "boolean", "false", "whether figures of their processes are wanted")),
    /** {@link NodeController#getWorker}. */
    GET_WORKER(
            Role.OBSERVER,
            "One worker, live, inactive or ended.",
            id(),
            with("include_stats", "boolean", "false", "whether figures of its process are wanted")),
    /** {@link NodeController#getHistory}. */
    GET_HISTORY(
            Role.OBSERVER,
            "Ended runs, the newest that fit, oldest first.",
            with("id", "worker id", "null", "of one worker; null for all"),
            with("before", "number", "null", "only older ones than this record, for the next page"),
            with("limit", "number", "100", "at most how many")),
    /** {@link NodeController#getEvents}. */
    GET_EVENTS(Role.OBSERVER, "The last events of the node.", after()),
    /** {@link NodeController#followEvents}. */
    FOLLOW_EVENTS(Role.OBSERVER, "The node's events as they come.", after()),
    /** {@link NodeController#getWorkerLog}. */
    GET_WORKER_LOG(
            Role.LOG_OBSERVER,
            "The last lines a worker wrote.",
            id(),
            with("limit", "number", "100", "at most how many")),
    /** {@link NodeController#searchWorkerLog}. */
    SEARCH_WORKER_LOG(
            Role.LOG_OBSERVER,
            "Lines a worker wrote that hold a text, in memory and in its files.",
            id(),
            with("text", "text", "null", "what the lines hold; this or regex"),
            with("regex", "pattern", "null", "what a part of the lines matches; this or text"),
            with("before", "time", "null", "only older lines"),
            with("after", "time", "null", "only newer lines"),
            with("limit", "number", "100", "at most how many"),
            with("stream", "stdout, stderr, node", "null", "only lines of this stream"),
            with("context", "number", "0", "how many lines before and after each are given too")),
    /** {@link NodeController#follow} and {@link NodeController#followAfter}. */
    FOLLOW_WORKER_LOG(
            Role.LOG_OBSERVER,
            "A worker's log as it comes, until the worker has ended for good.",
            id(),
            with("backlog", "number", "0", "how many of the lines there are come first"),
            with(
                    "after",
                    "number",
                    "null",
                    "the position in the last part of an earlier call, to go on; no backlog then")),
    /** {@link io.millwright.controller.api.process.ProcessOperations#getProcessInfo} and the others that read. */
    GET_PROCESS(Role.OBSERVER, "The controller's own process: what it is, its figures, its processors."),
    /** {@link NodeController#check} and {@link NodeController#checkNodeOptions}. */
    CHECK_WORKER(Role.OPERATOR, "What would be said of a start, which is not made.", id(), type(), options()),
    /** {@link ChangePlanner#start(WorkerSpec)} and {@link ChangePlanner#options}. */
    PLAN_WORKER(
            Role.OPERATOR,
            "What a start, or a change of some options, would do.",
            id(),
            with("options", "object", null, "the options that would change")),
    /** {@link ChangePlanner#file} and {@link ChangePlanner#configurations}. */
    PLAN_NODE(
            Role.OPERATOR,
            "What a changed file of the node would do.",
            with("text", "text", null, "what the file would hold")),
    /** {@link NodeController#awaitExit}. */
    WAIT_WORKER(Role.OPERATOR, "Answers when a worker has ended for good.", id()),
    /** {@link NodeController#startWorker}. */
    START_WORKER(Change.YES, "Starts a worker.", id(), type(), options()),
    /** {@link NodeController#startWorkers}. */
    START_WORKERS(Change.YES, "Starts known workers that are not running.", selector()),
    /** {@link NodeController#stopWorker}. */
    STOP_WORKER(
            Change.YES,
            "Stops a worker, or its start, or its wait for one.",
            id(),
            kill(),
            timeout(),
            once(),
            signal()),
    /** {@link NodeController#stopWorkers}. */
    STOP_WORKERS(Change.YES, "Stops several workers.", selector(), kill(), timeout(), once(), signal()),
    /** {@link NodeController#restartWorker}. */
    RESTART_WORKER(Change.YES, "Stops a worker if it runs, then starts it.", id()),
    /** {@link NodeController#restartWorkers}. */
    RESTART_WORKERS(
            Change.YES,
            "Restarts several workers.",
            selector(),
            with("at_once", "number", "0", "how many at the same time; 0 for all"),
            with(
                    "first_failure_ends",
                    "boolean",
                    "false",
                    "whether the others are left alone after the first that fails"),
            timeout(),
            signal()),
    /** {@link NodeController#scaleWorker}. */
    SCALE_WORKER(
            Change.YES,
            "Gives a group of instances another number of them.",
            with("id", "worker id", null, "the group"),
            with("instances", "number", null, "how many"),
            once()),
    /** {@link NodeController#signalWorker}. */
    SIGNAL_WORKER(
            Change.YES,
            "Sends a signal to a worker's main process.",
            id(),
            with("signal", "name of a signal", null, "for example HUP")),
    /** {@link NodeController#writeInput}. */
    WRITE_WORKER_INPUT(
            Change.YES,
            "Writes to the standard input of a worker that has it open.",
            id(),
            with("data", "text or bytes", null, "what to write"),
            with("end", "boolean", "false", "whether the input ends after it")),
    /** {@link NodeController#callWorker}. */
    CALL_WORKER(
            Change.YES,
            "Calls an operation that a native worker offers.",
            id(),
            with("operation", "text", null, "its name"),
            with("arguments", "object", "{}", "what it takes")),
    /** {@link NodeController#execWorker}. */
    EXEC_WORKER(
            Change.YES,
            "Runs a command as a worker's program runs. Its output comes in parts, {stream, data}; the command ends with the call.",
            id(),
            with("command", "list of texts", null, "the program and its arguments"),
            with("timeout", "duration", "null", "after which it is killed; null for never"),
            with("input", "text or bytes", "null", "what it finds on its standard input")),
    /** {@link NodeController#saveWorker}. */
    SAVE_WORKER(
            Change.YES,
            "Makes a configuration of a worker, which starts it now and at each boot.",
            id(),
            type(),
            options()),
    /** {@link NodeController#deleteWorker}. */
    DELETE_WORKER(Change.YES, "Deletes the configuration of a saved worker, which stops it.", id()),
    /** {@link NodeController#forgetWorker}. */
    FORGET_WORKER(Change.YES, "Drops the record of a worker that is not live.", id()),
    /** {@link NodeController#reopenLogs}. */
    REOPEN_LOGS(Change.YES, "Lets each worker's log go to the file of its name, for a log rotator."),
    /** {@link NodeController#rotateLog}. */
    ROTATE_LOG(Change.YES, "Rotates the log file of a worker now.", id()),
    /** {@link io.millwright.controller.api.process.ProcessOperations#setCpuAffinity}. */
    SET_CPU_AFFINITY(
            Change.YES,
            "Makes the controller run on some processors only.",
            with("cpus", "list of numbers", null, "which"),
            with("relative", "boolean", "false", "whether they are places among those it was given")),
    /** {@link io.millwright.controller.api.process.ProcessOperations#setProcessStatsMonitoring}. */
    SET_PROCESS_STATS_MONITORING(
            Change.YES,
            "Samples the controller's process at regular times.",
            with("interval", "duration", null, "between samples; 0 ends it")),
    /** {@link io.millwright.controller.api.process.ProcessOperations#triggerGc}. */
    TRIGGER_GC(Change.YES, "Collects garbage in the controller."),
    /** {@link NodeController#endSession}. */
    END_SESSION(
            Change.YES,
            "Ends a session of the remote management; its client may come back.",
            with("id", "number", null, "the session"),
            with("force", "boolean", "false", "whether it may be the control channel of a worker")),
    /** {@link NodeController#shutdown}. */
    SHUTDOWN(
            Change.YES,
            "Stops all workers and then the node.",
            with("restart", "boolean", "false", "whether it comes back"),
            with("mode", "text", "null", "a word of the caller's own, handed to participants"));

    /** Marks the operations that change something: an operator's, and in the audit log. */
    private enum Change {
        YES
    }

    private final Role role;
    private final boolean change;
    private final String description;
    private final List<Parameter> parameters;

    Operation(Role role, String description, Parameter... parameters) {
        this.role = role;
        this.change = false;
        this.description = description;
        this.parameters = List.of(parameters);
    }

    Operation(Change yes, String description, Parameter... parameters) {
        this.role = Role.OPERATOR;
        this.change = yes == Change.YES;
        this.description = description;
        this.parameters = List.of(parameters);
    }

    private static Parameter with(String name, String type, @Nullable String byDefault, String description) {
        return new Parameter(name, type, byDefault, description);
    }

    private static Parameter id() {
        return with("id", "worker id", null, "the worker");
    }

    private static Parameter type() {
        return with("type", "text", null, "its worker type");
    }

    private static Parameter options() {
        return with("options", "object", "{}", "flat, nested, or a whole item of node.json");
    }

    private static Parameter selector() {
        return with("selector", "list of texts", null, "ids and patterns with * and ?");
    }

    private static Parameter kill() {
        return with("kill", "boolean", "false", "whether KILL is sent at once");
    }

    private static Parameter timeout() {
        return with("timeout", "duration", "null", "when KILL follows; null for the worker's own stop.timeout");
    }

    private static Parameter signal() {
        return with("signal", "name of a signal", "null", "what is sent first; null for the worker's own stop.signal");
    }

    private static Parameter once() {
        return with(
                "once",
                "boolean",
                "false",
                "whether it is meant for now only, and is not kept over a restart of the node");
    }

    private static Parameter after() {
        return with("after", "number", "null", "only events after the one of this number; null for all that are kept");
    }

    /**
     * Its name in shells, files and remote calls.
     *
     * @return snake_case, for example {@code start_worker}
     */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The least role that may ask for it. */
    public Role role() {
        return role;
    }

    /** Whether it changes something; such operations are in the audit log. */
    public boolean isChange() {
        return change;
    }

    /** What it does, a sentence. */
    public String description() {
        return description;
    }

    /** What it takes, in order. */
    public List<Parameter> parameters() {
        return parameters;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of(
                "name", text(), "role", role, "changes", change, "description", description, "parameters", parameters);
    }

    /** What an operation takes. Immutable. */
    public static final class Parameter implements Document {
        private final String name;
        private final String type;
        private final @Nullable String defaultValue;
        private final String description;

        private Parameter(String name, String type, @Nullable String defaultValue, String description) {
            this.name = Objects.requireNonNull(name, "name");
            this.type = Objects.requireNonNull(type, "type");
            this.defaultValue = defaultValue;
            this.description = Objects.requireNonNull(description, "description");
        }

        /** Its name, snake_case. */
        public String name() {
            return name;
        }

        /** What a value of it is, in words. */
        public String type() {
            return type;
        }

        /** What it is when it is not given, as JSON or a word; {@code null} if it must be given. */
        public @Nullable String defaultValue() {
            return defaultValue;
        }

        /** What it means. */
        public String description() {
            return description;
        }

        @Override
        public Map<String, @Nullable Object> toMap() {
            return Documents.of("name", name, "type", type, "default", defaultValue, "description", description);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other == this || other instanceof Parameter that && toMap().equals(that.toMap());
        }

        @Override
        public int hashCode() {
            return toMap().hashCode();
        }

        @Override
        public String toString() {
            return name + ": " + type;
        }
    }
}
