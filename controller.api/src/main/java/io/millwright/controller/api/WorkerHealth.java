package io.millwright.controller.api;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the health checks of a running worker say. Immutable. */
public final class WorkerHealth implements Document {
    /** How a worker is. More will come: a {@code switch} over it needs a default branch. */
    public enum State {
        /** Not asked often enough yet. */
        UNKNOWN,
        /** It answers as it should. */
        HEALTHY,
        /** It failed as often in a row as its options say. */
        UNHEALTHY
    }

    private final State state;
    private final Instant since;
    private final @Nullable String reason;

    private WorkerHealth(State state, Instant since, @Nullable String reason) {
        this.state = Objects.requireNonNull(state, "state");
        this.since = Objects.requireNonNull(since, "since");
        this.reason = reason;
    }

    /**
     * A finding without a reason.
     *
     * @param state how the worker is
     * @param since since when
     * @return the value
     */
    public static WorkerHealth of(State state, Instant since) {
        return new WorkerHealth(state, since, null);
    }

    /**
     * The same with another reason.
     *
     * @param reason a sentence for a person; {@code null} if there is nothing to say
     * @return a changed copy
     */
    public WorkerHealth withReason(@Nullable String reason) {
        return new WorkerHealth(state, since, reason);
    }

    /** How the worker is. */
    public State state() {
        return state;
    }

    /** Since when. */
    public Instant since() {
        return since;
    }

    /** A sentence for a person; {@code null} if there is nothing to say. */
    public @Nullable String reason() {
        return reason;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of("state", state, "since", since, "reason", reason);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof WorkerHealth that
                        && state == that.state
                        && since.equals(that.since)
                        && Objects.equals(reason, that.reason);
    }

    @Override
    public int hashCode() {
        return Objects.hash(state, since, reason);
    }

    @Override
    public String toString() {
        return "WorkerHealth" + toMap();
    }
}
