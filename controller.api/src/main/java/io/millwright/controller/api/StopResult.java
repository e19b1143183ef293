package io.millwright.controller.api;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A worker was stopped: its processes are gone and its output is drained. Immutable. */
public final class StopResult implements Document {
    private final WorkerId id;
    private final String type;
    private final StopMode mode;
    private final Caller who;
    private final Instant when;
    private final @Nullable WorkerExit exit;

    private StopResult(WorkerId id, String type, StopMode mode, Caller who, Instant when, @Nullable WorkerExit exit) {
        this.id = Objects.requireNonNull(id, "id");
        this.type = Objects.requireNonNull(type, "type");
        this.mode = Objects.requireNonNull(mode, "mode");
        this.who = Objects.requireNonNull(who, "who");
        this.when = Objects.requireNonNull(when, "when");
        this.exit = exit;
    }

    /**
     * Makes one.
     *
     * @param id the worker
     * @param type its type
     * @param mode how it was asked to end
     * @param who who asked first
     * @param when when it was asked
     * @param exit how it ended; for a worker that was waiting for a restart, how it had ended before
     * @return the value
     */
    public static StopResult of(
            WorkerId id, String type, StopMode mode, Caller who, Instant when, @Nullable WorkerExit exit) {
        return new StopResult(id, type, mode, who, when, exit);
    }

    /** The worker. */
    public WorkerId id() {
        return id;
    }

    /** Its type. */
    public String type() {
        return type;
    }

    /** How it was asked to end. */
    public StopMode mode() {
        return mode;
    }

    /** Who asked first. */
    public Caller who() {
        return who;
    }

    /** When it was asked. */
    public Instant when() {
        return when;
    }

    /** How it ended; for a worker that was waiting for a restart, how it had ended before. */
    public @Nullable WorkerExit exit() {
        return exit;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of(
                "id", id, "type", type, "kill", mode == StopMode.KILL, "who", who, "when", when, "exit", exit);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof StopResult that
                        && id.equals(that.id)
                        && type.equals(that.type)
                        && mode.equals(that.mode)
                        && who.equals(that.who)
                        && when.equals(that.when)
                        && Objects.equals(exit, that.exit);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, type, mode, who, when, exit);
    }

    @Override
    public String toString() {
        return "StopResult" + toMap();
    }
}
