package io.millwright.wamp.router;

import io.millwright.wamp.message.Payload;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** A call to a {@link Procedure}. Thread-safe. */
@ProviderType
public interface ProcedureCall {
    /** The procedure that was called; it matters where a pattern is registered. */
    String procedure();

    /** What the caller sent along. */
    Payload payload();

    /** Who calls; {@code null} if the caller has left meanwhile. */
    @Nullable
    SessionInfo caller();

    /** Whether the caller takes results bit by bit. */
    boolean wantsProgress();

    /**
     * Sends a part of the result. Dropped if the caller does not want it or the call is over. The stage completes with {@code true} as soon as the
     * caller's connection has room for more: a procedure with much to say waits for it, since a session that reads too slowly is ended;
     * with {@code false} if the call is over.
     */
    CompletionStage<Boolean> progress(Payload part);

    /** What is done, once, when the caller no longer waits (cancelled, timed out, gone); at once if that is so. Runs as all handlers do. */
    void onCancel(Runnable task);
}
