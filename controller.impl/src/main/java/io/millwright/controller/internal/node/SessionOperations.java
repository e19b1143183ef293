package io.millwright.controller.internal.node;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.remote.RemoteSession;
import io.millwright.controller.api.remote.RemoteSessions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is asked of the sessions of the remote management. Thread-safe; blocks as that does. */
final class SessionOperations {
    private volatile @Nullable RemoteSessions present;

    /** The remote management has come, changed or, with {@code null}, gone. */
    void set(@Nullable RemoteSessions sessions) {
        present = sessions;
    }

    private RemoteSessions found() {
        RemoteSessions sessions = present;
        if (sessions == null) {
            throw new NodeException(
                    ErrorCode.FEATURE_UNAVAILABLE,
                    "this node has no remote management: its bundle io.millwright.remote.wamp is not installed, not active,"
                            + " or just starting or stopping; node:doctor tells which");
        }
        return sessions;
    }

    List<RemoteSession> all() {
        return found().list();
    }

    void end(long id, boolean force, Caller caller) {
        RemoteSessions sessions = found();
        RemoteSession session = sessions.list().stream()
                .filter(one -> one.id() == id)
                .findFirst()
                .orElseThrow(() -> noSuch(id));
        if (session.isWorker() && !force) {
            throw new NodeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "session " + id + " is the control channel of worker " + session.principal()
                            + "; 'force' ends it all the same");
        }
        if (!sessions.end(id, "ended by " + caller.who())) {
            throw noSuch(id);
        }
    }

    private static NodeException noSuch(long id) {
        return new NodeException(ErrorCode.INVALID_ARGUMENT, "there is no session " + id);
    }
}
