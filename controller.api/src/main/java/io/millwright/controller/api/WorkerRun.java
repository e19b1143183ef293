package io.millwright.controller.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One ended run of a worker, as the node's history keeps it. Immutable. */
public final class WorkerRun implements Document {
    private final WorkerId id;
    private final String type;
    private final @Nullable Long run;
    private final @Nullable Long pid;
    private final Instant created;
    private final @Nullable Instant started;
    private final WorkerExit exit;
    private final int restart;

    private WorkerRun(Builder builder) {
        this.id = Objects.requireNonNull(builder.id, "id");
        this.type = Objects.requireNonNull(builder.type, "type");
        this.run = builder.run;
        this.pid = builder.pid;
        this.created = Objects.requireNonNull(builder.created, "created");
        this.started = builder.started;
        this.exit = Objects.requireNonNull(builder.exit, "exit");
        this.restart = builder.restart;
    }

    /**
     * Begins one.
     *
     * @param id the worker
     * @param type its type
     * @param created when the run was accepted
     * @param exit how it ended
     * @return a builder whose {@code build()} makes it
     */
    public static Builder builder(WorkerId id, String type, Instant created, WorkerExit exit) {
        return new Builder(id, type, created, exit);
    }

    /**
     * A builder that holds the same.
     *
     * @return for a changed copy
     */
    public Builder toBuilder() {
        Builder builder = new Builder(id, type, created, exit);
        builder.run = run;
        builder.pid = pid;
        builder.started = started;
        builder.restart = restart;
        return builder;
    }

    /** The worker. */
    public WorkerId id() {
        return id;
    }

    /** Its type. */
    public String type() {
        return type;
    }

    /** The number of the run, which never repeats in a node directory; {@code null} if the node gave it none. */
    public @Nullable Long run() {
        return run;
    }

    /** Its main process, {@code null} if it never had one. */
    public @Nullable Long pid() {
        return pid;
    }

    /** When the run was accepted. */
    public Instant created() {
        return created;
    }

    /** When it was started, {@code null} if it failed before. */
    public @Nullable Instant started() {
        return started;
    }

    /** How it ended. */
    public WorkerExit exit() {
        return exit;
    }

    /** Which restart of the worker this run was, 0 for the first run. */
    public int restart() {
        return restart;
    }

    /**
     * How long it ran.
     *
     * @return from started, or created if it never started, to its exit
     */
    public Duration duration() {
        return Duration.between(started != null ? started : created, exit.at());
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of(
                "id", id,
                "type", type,
                "run", run,
                "pid", pid,
                "created", created,
                "started", started,
                "duration", duration(),
                "restart", restart,
                "exit", exit);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof WorkerRun that
                        && id.equals(that.id)
                        && type.equals(that.type)
                        && Objects.equals(run, that.run)
                        && Objects.equals(pid, that.pid)
                        && created.equals(that.created)
                        && Objects.equals(started, that.started)
                        && exit.equals(that.exit)
                        && restart == that.restart;
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, type, run, pid, created, started, exit, restart);
    }

    @Override
    public String toString() {
        return "WorkerRun" + toMap();
    }

    /** Makes a {@link WorkerRun}; for one thread. Each method returns the builder itself. */
    public static final class Builder {
        private final WorkerId id;
        private final String type;
        private @Nullable Long run;
        private @Nullable Long pid;
        private final Instant created;
        private @Nullable Instant started;
        private final WorkerExit exit;
        private int restart;

        private Builder(WorkerId id, String type, Instant created, WorkerExit exit) {
            this.id = id;
            this.type = type;
            this.created = created;
            this.exit = exit;
        }

        /** The number of the run, which never repeats in a node directory; {@code null} if the node gave it none. */
        public Builder run(@Nullable Long value) {
            run = value;
            return this;
        }

        /** Its main process, {@code null} if it never had one. */
        public Builder pid(@Nullable Long value) {
            pid = value;
            return this;
        }

        /** When it was started, {@code null} if it failed before. */
        public Builder started(@Nullable Instant value) {
            started = value;
            return this;
        }

        /** Which restart of the worker this run was, 0 for the first run. */
        public Builder restart(int value) {
            restart = value;
            return this;
        }

        /** Makes the value; the builder can go on being used. */
        public WorkerRun build() {
            return new WorkerRun(this);
        }
    }
}
