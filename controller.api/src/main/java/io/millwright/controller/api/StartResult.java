package io.millwright.controller.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A worker was started. Immutable. */
public final class StartResult implements Document {
    private final WorkerId id;
    private final Instant started;
    private final Caller who;
    private final long pid;
    private final Duration startupTime;

    private StartResult(WorkerId id, Instant started, Caller who, long pid, Duration startupTime) {
        this.id = Objects.requireNonNull(id, "id");
        this.started = Objects.requireNonNull(started, "started");
        this.who = Objects.requireNonNull(who, "who");
        this.pid = pid;
        this.startupTime = Objects.requireNonNull(startupTime, "startupTime");
    }

    /**
     * Makes one.
     *
     * @param id the worker
     * @param started when it was started
     * @param who who asked
     * @param pid its main process
     * @param startupTime from created to started
     * @return the value
     */
    public static StartResult of(WorkerId id, Instant started, Caller who, long pid, Duration startupTime) {
        return new StartResult(id, started, who, pid, startupTime);
    }

    /** The worker. */
    public WorkerId id() {
        return id;
    }

    /** When it was started. */
    public Instant started() {
        return started;
    }

    /** Who asked. */
    public Caller who() {
        return who;
    }

    /** Its main process. */
    public long pid() {
        return pid;
    }

    /** From created to started. */
    public Duration startupTime() {
        return startupTime;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of(
                "id",
                id,
                "status",
                WorkerState.STARTED,
                "started",
                started,
                "who",
                who,
                "pid",
                pid,
                "startup_time",
                startupTime);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof StartResult that
                        && id.equals(that.id)
                        && started.equals(that.started)
                        && who.equals(that.who)
                        && pid == that.pid
                        && startupTime.equals(that.startupTime);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, started, who, pid, startupTime);
    }

    @Override
    public String toString() {
        return "StartResult" + toMap();
    }
}
