package io.millwright.controller.api;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The shutdown that is under way. Immutable. */
public final class ShutdownInfo implements Document {
    private final String nodeId;
    private final boolean restart;
    private final @Nullable String mode;
    private final Caller who;
    private final Instant when;
    private final boolean wasClean;
    private final @Nullable String cause;

    private ShutdownInfo(
            String nodeId,
            boolean restart,
            @Nullable String mode,
            Caller who,
            Instant when,
            boolean wasClean,
            @Nullable String cause) {
        this.nodeId = Objects.requireNonNull(nodeId, "nodeId");
        this.restart = restart;
        this.mode = mode;
        this.who = Objects.requireNonNull(who, "who");
        this.when = Objects.requireNonNull(when, "when");
        this.wasClean = wasClean;
        this.cause = cause;
    }

    /**
     * Makes one.
     *
     * @param nodeId the node
     * @param restart whether it starts again
     * @param mode the word of the caller's, may be {@code null}
     * @param who who asked first
     * @param when when
     * @param wasClean false if an error was the cause: a trigger on an error, or a boot that failed
     * @param cause the trigger and the exit it saw, or why the boot failed; {@code null} if somebody just asked
     * @return the value
     */
    public static ShutdownInfo of(
            String nodeId,
            boolean restart,
            @Nullable String mode,
            Caller who,
            Instant when,
            boolean wasClean,
            @Nullable String cause) {
        return new ShutdownInfo(nodeId, restart, mode, who, when, wasClean, cause);
    }

    /** The node. */
    public String nodeId() {
        return nodeId;
    }

    /** Whether it starts again. */
    public boolean restart() {
        return restart;
    }

    /** The word of the caller's, may be {@code null}. */
    public @Nullable String mode() {
        return mode;
    }

    /** Who asked first. */
    public Caller who() {
        return who;
    }

    /** When. */
    public Instant when() {
        return when;
    }

    /** False if an error was the cause: a trigger on an error, or a boot that failed. */
    public boolean wasClean() {
        return wasClean;
    }

    /** The trigger and the exit it saw, or why the boot failed; {@code null} if somebody just asked. */
    public @Nullable String cause() {
        return cause;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of(
                "node_id", nodeId,
                "restart", restart,
                "mode", mode,
                "who", who,
                "when", when,
                "was_clean", wasClean,
                "cause", cause);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof ShutdownInfo that
                        && nodeId.equals(that.nodeId)
                        && restart == that.restart
                        && Objects.equals(mode, that.mode)
                        && who.equals(that.who)
                        && when.equals(that.when)
                        && wasClean == that.wasClean
                        && Objects.equals(cause, that.cause);
    }

    @Override
    public int hashCode() {
        return Objects.hash(nodeId, restart, mode, who, when, wasClean, cause);
    }

    @Override
    public String toString() {
        return "ShutdownInfo" + toMap();
    }
}
