package io.millwright.wamp.client;

import io.millwright.wamp.message.Payload;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** A call of a procedure of the client. Thread-safe. */
@ProviderType
public interface ProcedureCall extends Arguments {
    /** The procedure that was called; the registered pattern's match if it is one. */
    String procedure();

    /** What the router tells of the call: the caller, if that is disclosed. */
    Map<String, Object> details();

    /** Whether the caller takes parts of the result. */
    boolean wantsProgress();

    /**
     * Sends a part of the result. Does not block.
     *
     * @return whether it was sent: not if the caller does not take parts, has cancelled, the connection is gone, or too much waits to be sent
     * @throws io.millwright.wamp.WampException if it has no form or is too long
     */
    boolean progress(Payload part);

    /** Sends a part of the result, as {@link #progress(Payload)}. */
    default boolean progress(Object... args) {
        return progress(Payload.args(args));
    }

    /** Whether the caller has cancelled the call, or the connection is gone: nobody waits for a result. */
    boolean isCancelled();

    /** Has something run when nobody waits any more; at once if that is so already. It runs on a thread for the application's code. */
    void onCancel(Runnable action);
}
