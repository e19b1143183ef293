package io.millwright.controller.api;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A start was accepted: the options are valid and the process is being made. Immutable. */
public final class StartProgress implements Document {
    private final WorkerId id;
    private final Instant created;
    private final Caller who;

    private StartProgress(WorkerId id, Instant created, Caller who) {
        this.id = Objects.requireNonNull(id, "id");
        this.created = Objects.requireNonNull(created, "created");
        this.who = Objects.requireNonNull(who, "who");
    }

    /**
     * Makes one.
     *
     * @param id the worker
     * @param created when it was accepted
     * @param who who asked
     * @return the value
     */
    public static StartProgress of(WorkerId id, Instant created, Caller who) {
        return new StartProgress(id, created, who);
    }

    /** The worker. */
    public WorkerId id() {
        return id;
    }

    /** When it was accepted. */
    public Instant created() {
        return created;
    }

    /** Who asked. */
    public Caller who() {
        return who;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of("id", id, "status", WorkerState.STARTING, "created", created, "who", who);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof StartProgress that
                        && id.equals(that.id)
                        && created.equals(that.created)
                        && who.equals(that.who);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, created, who);
    }

    @Override
    public String toString() {
        return "StartProgress" + toMap();
    }
}
