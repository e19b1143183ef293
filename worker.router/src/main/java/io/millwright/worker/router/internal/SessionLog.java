package io.millwright.worker.router.internal;

import io.millwright.wamp.net.Complaints;
import io.millwright.wamp.router.Peer;
import io.millwright.wamp.router.RouterListener;
import io.millwright.wamp.router.SessionInfo;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the router tells of its sessions, in the worker's log and in numbers. Thread-safe. */
final class SessionLog implements RouterListener {
    private static final Logger LOG = LoggerFactory.getLogger(SessionLog.class);

    private final Complaints refusals = new Complaints(LOG::warn, System::nanoTime);

    final AtomicLong joined = new AtomicLong();
    final AtomicLong refused = new AtomicLong();
    final AtomicLong ended = new AtomicLong();
    /** How often a limit has refused a session, or a first or a further many requests of one. */
    final AtomicLong limited = new AtomicLong();

    @Override
    public void refused(Peer peer, String why) {
        refused.incrementAndGet();
        refusals.say("a session from " + peer + " was refused: " + why);
    }

    @Override
    public void limited(Peer peer, @Nullable SessionInfo session, String why) {
        limited.incrementAndGet();
        if (session != null) {
            LOG.warn("a request of {} was refused: {}", session, why);
        }
    }

    @Override
    public void joined(SessionInfo session) {
        joined.incrementAndGet();
        LOG.debug("{} has joined {}", session, session.realm());
    }

    @Override
    public void left(SessionInfo session, String why, boolean forced) {
        if (forced) {
            ended.incrementAndGet();
            LOG.warn("{} was ended: {}", session, why);
        } else {
            LOG.debug("{} has left: {}", session, why);
        }
    }

    @Override
    public void lost(SessionInfo session, long events, String why) {
        LOG.warn("{} events could not be sent to {}: {}", events, session, why);
    }

    @Override
    public void failed(String what, @Nullable SessionInfo session, Throwable cause) {
        LOG.error("{} failed{}", what, session == null ? "" : " for " + session, cause);
    }
}
