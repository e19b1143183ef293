package io.millwright.controller.api;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a worker waits for. Immutable. */
public final class WorkerWait implements Document {
    private final WaitReason reason;
    private final Instant since;
    private final @Nullable Instant until;
    private final @Nullable String what;

    private WorkerWait(WaitReason reason, Instant since, @Nullable Instant until, @Nullable String what) {
        this.reason = Objects.requireNonNull(reason, "reason");
        this.since = Objects.requireNonNull(since, "since");
        this.until = until;
        this.what = what;
    }

    /**
     * A wait whose end is not known.
     *
     * @param reason why it waits
     * @param since since when
     * @return the value
     */
    public static WorkerWait of(WaitReason reason, Instant since) {
        return new WorkerWait(reason, since, null, null);
    }

    /**
     * The same with a time at which it ends.
     *
     * @param until when; {@code null} if it ends by something else than time
     * @return a changed copy
     */
    public WorkerWait withUntil(@Nullable Instant until) {
        return new WorkerWait(reason, since, until, what);
    }

    /**
     * The same with what it waits for.
     *
     * @param what a name or a short phrase, for example the worker type; {@code null} if the reason says all
     * @return a changed copy
     */
    public WorkerWait withWhat(@Nullable String what) {
        return new WorkerWait(reason, since, until, what);
    }

    /** Why it waits. */
    public WaitReason reason() {
        return reason;
    }

    /** Since when. */
    public Instant since() {
        return since;
    }

    /**
     * When it ends; {@code null} if it ends by something else than time. Of one that is for a connection and has no socket to wait at, for
     * example because another program has its address, when that is tried again.
     */
    public @Nullable Instant until() {
        return until;
    }

    /** What it waits for, a name or a short phrase; {@code null} if the reason says all. */
    public @Nullable String what() {
        return what;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of("reason", reason, "since", since, "until", until, "for", what);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof WorkerWait that
                        && reason == that.reason
                        && since.equals(that.since)
                        && Objects.equals(until, that.until)
                        && Objects.equals(what, that.what);
    }

    @Override
    public int hashCode() {
        return Objects.hash(reason, since, until, what);
    }

    @Override
    public String toString() {
        return "WorkerWait" + toMap();
    }
}
