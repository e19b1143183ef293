package io.millwright.wamp.router.internal;

import io.millwright.wamp.router.RouterTimer;
import org.jspecify.annotations.Nullable;

/** A call that has gone to a callee and is not answered. */
final class PendingCall {
    final Session caller;
    final long request;
    final Session callee;
    final long invocation;
    final boolean progress;
    RouterTimer.@Nullable Timeout timeout;
    /** Whether the callee was asked to give up, and the caller waits for its answer. */
    boolean interrupted;

    PendingCall(Session caller, long request, Session callee, long invocation, boolean progress) {
        this.caller = caller;
        this.request = request;
        this.callee = callee;
        this.invocation = invocation;
        this.progress = progress;
    }
}
