package io.millwright.controller.api;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The shutdown that is under way. Immutable.
 *
 * @param nodeId the node
 * @param restart whether it starts again
 * @param mode the word of the caller's, may be {@code null}
 * @param who who asked first
 * @param when when
 * @param wasClean false if an error was the cause: a trigger on an error, or a boot that failed
 * @param cause the trigger and the exit it saw, or why the boot failed; {@code null} if somebody just asked
 */
public record ShutdownInfo(
        String nodeId,
        boolean restart,
        @Nullable String mode,
        Caller who,
        Instant when,
        boolean wasClean,
        @Nullable String cause)
        implements Document {
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
}
