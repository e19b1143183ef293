package io.millwright.wamp.router.internal;

import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.RouterListener;
import io.millwright.wamp.router.SessionInfo;
import org.jspecify.annotations.Nullable;

/** The listener, with what it throws ignored. */
final class Notices {
    private final RouterListener listener;

    Notices(RouterListener listener) {
        this.listener = listener;
    }

    void refused(Peer peer, String why) {
        safely(() -> listener.refused(peer, why));
    }

    void limited(Peer peer, @Nullable SessionInfo session, String why) {
        safely(() -> listener.limited(peer, session, why));
    }

    void joined(SessionInfo session) {
        safely(() -> listener.joined(session));
    }

    void left(SessionInfo session, String why, boolean forced) {
        safely(() -> listener.left(session, why, forced));
    }

    void lost(SessionInfo session, long events, String why) {
        safely(() -> listener.lost(session, events, why));
    }

    void failed(String what, @Nullable SessionInfo session, Throwable cause) {
        safely(() -> listener.failed(what, session, cause));
    }

    private static void safely(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            // A listener only looks on: the router goes on without it.
        }
    }
}
