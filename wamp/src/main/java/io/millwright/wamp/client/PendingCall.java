package io.millwright.wamp.client;

import java.util.concurrent.CompletableFuture;

/**
 * The future of a call. It fails with {@link io.millwright.wamp.WampErrorException} for an error of the procedure or the router, {@link
 * io.millwright.wamp.WampConnectionException} if there is no connection any more, another {@link io.millwright.wamp.WampException} if nothing
 * could be sent. {@link #cancel} cancels the call: the router and the procedure are told, nobody waits. What depends on it runs on a thread for the
 * application's code that all answers share: it must not wait there for another answer ({@code thenCompose} does not).
 */
public abstract class PendingCall extends CompletableFuture<CallResult> {
    /** Made by the client. */
    protected PendingCall() {}

    /** Asks the procedure to give up, and lets the future complete when it has. */
    public abstract void kill();

    /** How many parts of the result were left out because the application did not take them in time. */
    public abstract long lost();
}
