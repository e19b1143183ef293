package io.millwright.controller.api;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The node at one moment. Immutable. */
public final class NodeStatus implements Document {
    private final String title;
    private final Instant started;
    private final Duration uptime;
    private final long controllerPid;
    private final int runningWorkers;
    private final Map<String, Integer> workersByType;
    private final Path directory;
    private final String publicKey;
    private final String nodeId;
    private final String life;
    private final List<String> workerTypes;
    private final NodeState state;
    private final String backend;
    private final BackendKind backendKind;

    private NodeStatus(Builder builder) {
        this.title = Objects.requireNonNull(builder.title, "title");
        this.started = Objects.requireNonNull(builder.started, "started");
        this.uptime = Objects.requireNonNull(builder.uptime, "uptime");
        this.controllerPid = builder.controllerPid;
        this.runningWorkers = builder.runningWorkers;
        this.workersByType = Map.copyOf(builder.workersByType);
        this.directory = Objects.requireNonNull(builder.directory, "directory");
        this.publicKey = Objects.requireNonNull(builder.publicKey, "publicKey");
        this.nodeId = Objects.requireNonNull(builder.nodeId, "nodeId");
        this.life = Objects.requireNonNull(builder.life, "life");
        this.workerTypes = List.copyOf(builder.workerTypes);
        this.state = Objects.requireNonNull(builder.state, "state");
        this.backend = Objects.requireNonNull(builder.backend, "backend");
        this.backendKind = Objects.requireNonNull(builder.backendKind, "backendKind");
    }

    /**
     * Begins one.
     *
     * @param title product or configured title, with the version
     * @param started when the controller was activated
     * @param directory the node directory, absolute
     * @param nodeId the node's configured id
     * @param state where the node stands
     * @return a builder whose {@code build()} makes it
     */
    public static Builder builder(String title, Instant started, Path directory, String nodeId, NodeState state) {
        return new Builder(title, started, directory, nodeId, state);
    }

    /**
     * A builder that holds the same.
     *
     * @return for a changed copy
     */
    public Builder toBuilder() {
        Builder builder = new Builder(title, started, directory, nodeId, state);
        builder.uptime = uptime;
        builder.controllerPid = controllerPid;
        builder.runningWorkers = runningWorkers;
        builder.workersByType = workersByType;
        builder.publicKey = publicKey;
        builder.life = life;
        builder.workerTypes = workerTypes;
        builder.backend = backend;
        builder.backendKind = backendKind;
        return builder;
    }

    /** Product or configured title, with the version. */
    public String title() {
        return title;
    }

    /** When the controller was activated. */
    public Instant started() {
        return started;
    }

    /** Since then. */
    public Duration uptime() {
        return uptime;
    }

    /** The process of the controller. */
    public long controllerPid() {
        return controllerPid;
    }

    /** Workers in live states. */
    public int runningWorkers() {
        return runningWorkers;
    }

    /** The same by worker type. */
    public Map<String, Integer> workersByType() {
        return workersByType;
    }

    /** The node directory, absolute. */
    public Path directory() {
        return directory;
    }

    /** The node's Ed25519 public key, 32 bytes in hex. */
    public String publicKey() {
        return publicKey;
    }

    /** The node's configured id. */
    public String nodeId() {
        return nodeId;
    }

    /** The id of this life of the node; another one after each start. */
    public String life() {
        return life;
    }

    /** Names of the worker types there are, sorted. */
    public List<String> workerTypes() {
        return workerTypes;
    }

    /** Where the node stands. */
    public NodeState state() {
        return state;
    }

    /** The process backend in use, and why where another was tried. */
    public String backend() {
        return backend;
    }

    /** Which process backend that is. */
    public BackendKind backendKind() {
        return backendKind;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of(
                "title", title,
                "started", started,
                "uptime", uptime,
                "controller_pid", controllerPid,
                "running_workers", runningWorkers,
                "workers_by_type", new TreeMap<>(workersByType),
                "directory", directory,
                "pubkey", publicKey,
                "node_id", nodeId,
                "life", life,
                "worker_types", workerTypes,
                "state", state,
                "backend", backend,
                "backend_kind", backendKind);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof NodeStatus that
                        && title.equals(that.title)
                        && started.equals(that.started)
                        && uptime.equals(that.uptime)
                        && controllerPid == that.controllerPid
                        && runningWorkers == that.runningWorkers
                        && workersByType.equals(that.workersByType)
                        && directory.equals(that.directory)
                        && publicKey.equals(that.publicKey)
                        && nodeId.equals(that.nodeId)
                        && life.equals(that.life)
                        && workerTypes.equals(that.workerTypes)
                        && state.equals(that.state)
                        && backend.equals(that.backend)
                        && backendKind.equals(that.backendKind);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                title,
                started,
                uptime,
                controllerPid,
                runningWorkers,
                workersByType,
                directory,
                publicKey,
                nodeId,
                life,
                workerTypes,
                state,
                backend,
                backendKind);
    }

    @Override
    public String toString() {
        return "NodeStatus" + toMap();
    }

    /** Makes a {@link NodeStatus}; for one thread. Each method returns the builder itself. */
    public static final class Builder {
        private final String title;
        private final Instant started;
        private Duration uptime = Duration.ZERO;
        private long controllerPid;
        private int runningWorkers;
        private Map<String, Integer> workersByType = Map.of();
        private final Path directory;
        private String publicKey = "";
        private final String nodeId;
        private String life = "";
        private List<String> workerTypes = List.of();
        private final NodeState state;
        private String backend = "";
        private BackendKind backendKind = BackendKind.NONE;

        private Builder(String title, Instant started, Path directory, String nodeId, NodeState state) {
            this.title = title;
            this.started = started;
            this.directory = directory;
            this.nodeId = nodeId;
            this.state = state;
        }

        /** Since then. */
        public Builder uptime(Duration value) {
            uptime = value;
            return this;
        }

        /** The process of the controller. */
        public Builder controllerPid(long value) {
            controllerPid = value;
            return this;
        }

        /** Workers in live states. */
        public Builder runningWorkers(int value) {
            runningWorkers = value;
            return this;
        }

        /** The same by worker type. */
        public Builder workersByType(Map<String, Integer> value) {
            workersByType = value;
            return this;
        }

        /** The node's Ed25519 public key, 32 bytes in hex. */
        public Builder publicKey(String value) {
            publicKey = value;
            return this;
        }

        /** The id of this life of the node; another one after each start. */
        public Builder life(String value) {
            life = value;
            return this;
        }

        /** Names of the worker types there are, sorted. */
        public Builder workerTypes(List<String> value) {
            workerTypes = value;
            return this;
        }

        /** The process backend in use, and why where another was tried. */
        public Builder backend(String value) {
            backend = value;
            return this;
        }

        /** Which process backend that is. */
        public Builder backendKind(BackendKind value) {
            backendKind = value;
            return this;
        }

        /** Makes the value; the builder can go on being used. */
        public NodeStatus build() {
            return new NodeStatus(this);
        }
    }
}
