package io.millwright.remote.wamp.internal;

import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.RouterListener;
import io.millwright.wamp.router.SessionInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the node's log which sessions come and go, and takes away what was kept for one that has left. Thread-safe. */
final class SessionLog implements RouterListener {
    private static final Logger LOG = LoggerFactory.getLogger(SessionLog.class);

    private final Samplers samplers;
    private final Answered answered;
    /** Is told of workers' sessions; not there while the node is put together. */
    private volatile @Nullable WorkerChannels channels;

    SessionLog(Samplers samplers, Answered answered) {
        this.samplers = samplers;
        this.answered = answered;
    }

    void tell(WorkerChannels workers) {
        channels = workers;
    }

    @Override
    public void refused(Peer peer, String why) {
        LOG.warn("A remote session from {} was refused: {}", peer, why);
    }

    @Override
    public void joined(SessionInfo session) {
        if (!session.role().equals(RemoteNode.ROLE)) {
            LOG.info("Remote {} has joined", session);
        }
        WorkerChannels workers = channels;
        if (workers != null) {
            workers.joined(session);
        }
    }

    @Override
    public void left(SessionInfo session, String why, boolean forced) {
        samplers.left(session.id());
        answered.forget(List.of(session.id()));
        WorkerChannels workers = channels;
        if (workers != null) {
            workers.left(session, why);
        }
        if (session.role().equals(RemoteNode.ROLE)) {
            LOG.debug("the node's own session has left: {}", why);
        } else if (forced) {
            LOG.warn("Remote {} was ended: {}", session, why);
        } else {
            LOG.info("Remote {} has left: {}", session, why);
        }
    }

    @Override
    public void lost(SessionInfo session, long events, String why) {
        LOG.warn("{} events could not be sent to remote {}: {}", events, session, why);
    }

    @Override
    public void failed(String what, @Nullable SessionInfo session, Throwable cause) {
        LOG.error("{} failed{}", what, session == null ? "" : " for remote " + session, cause);
    }
}
