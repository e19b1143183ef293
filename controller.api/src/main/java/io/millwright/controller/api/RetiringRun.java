package io.millwright.controller.api;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A run in whose place another one serves already, and which can only end. Immutable. */
public final class RetiringRun implements Document {
    private final @Nullable Long pid;
    private final @Nullable Long run;
    private final Instant since;

    private RetiringRun(@Nullable Long pid, @Nullable Long run, Instant since) {
        this.pid = pid;
        this.run = run;
        this.since = Objects.requireNonNull(since, "since");
    }

    /**
     * One of a worker.
     *
     * @param pid its main process, {@code null} if that has ended and something it left behind has not
     * @param run its number, {@code null} if the node gave it none
     * @param since when it was told to end
     * @return the value
     */
    public static RetiringRun of(@Nullable Long pid, @Nullable Long run, Instant since) {
        return new RetiringRun(pid, run, since);
    }

    /** Its main process, {@code null} if that has ended and something it left behind has not. */
    public @Nullable Long pid() {
        return pid;
    }

    /** Its number, which never repeats in a node directory; {@code null} if the node gave it none. */
    public @Nullable Long run() {
        return run;
    }

    /** When it was told to end. */
    public Instant since() {
        return since;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of("pid", pid, "run", run, "since", since);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof RetiringRun that
                        && Objects.equals(pid, that.pid)
                        && Objects.equals(run, that.run)
                        && since.equals(that.since);
    }

    @Override
    public int hashCode() {
        return Objects.hash(pid, run, since);
    }

    @Override
    public String toString() {
        return "RetiringRun" + toMap();
    }
}
