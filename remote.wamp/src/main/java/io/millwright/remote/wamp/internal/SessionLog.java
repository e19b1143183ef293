package io.millwright.remote.wamp.internal;

import io.millwright.wamp.net.Complaints;
import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.RouterListener;
import io.millwright.wamp.router.SessionInfo;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the node's log which sessions come and go, and takes away what was kept for one that has left. Thread-safe. */
final class SessionLog implements RouterListener {
    /**
     * A session that the node ended. Immutable.
     *
     * @param session which
     * @param why in words
     * @param when it was ended
     * @param count of all so far
     */
    record Ended(String session, String why, Instant when, long count) {}

    /**
     * A session of which a limit refused a request, or a peer whose session it refused. Immutable.
     *
     * @param session which
     * @param why in words
     * @param when it was refused
     */
    record Refused(String session, String why, Instant when) {}

    private static final Logger LOG = LoggerFactory.getLogger(SessionLog.class);

    /** Anybody who reaches a listener can be refused as often as he likes. */
    private final Complaints refusals = new Complaints(LOG::warn, System::nanoTime);

    private final Samplers samplers;
    private final Answered answered;
    /** Is told of workers' sessions; not there while the node is put together. */
    private volatile @Nullable WorkerChannels channels;
    /** Written in the router's turns only. */
    private volatile @Nullable Ended lastEnded;

    private volatile @Nullable Refused lastLimited;

    SessionLog(Samplers samplers, Answered answered) {
        this.samplers = samplers;
        this.answered = answered;
    }

    /** What the node ended last, {@code null} if it has ended nothing. */
    @Nullable
    Ended lastEnded() {
        return lastEnded;
    }

    /** What a limit refused last, {@code null} if none has refused anything. */
    @Nullable
    Refused lastLimited() {
        return lastLimited;
    }

    void tell(WorkerChannels workers) {
        channels = workers;
    }

    @Override
    public void refused(Peer peer, String why) {
        refusals.say("A remote session from " + peer + " was refused: " + why);
    }

    @Override
    public void limited(Peer peer, @Nullable SessionInfo session, String why) {
        lastLimited = new Refused(session == null ? "from " + peer : session.toString(), why, Instant.now());
        if (session != null) {
            LOG.warn("A request of remote {} was refused: {}", session, why);
        }
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
            Ended before = lastEnded;
            lastEnded = new Ended(session.toString(), why, Instant.now(), before == null ? 1 : before.count() + 1);
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
