package io.millwright.wamp.router;

/** What has gone to and fro in a session, as it was at one moment. Immutable. */
public final class SessionTraffic {
    private final SessionInfo session;
    private final long received;
    private final long receivedBytes;
    private final long sent;
    private final long sentBytes;
    private final long lost;
    private final long refused;
    private final long queuedBytes;

    private SessionTraffic(
            SessionInfo session,
            long received,
            long receivedBytes,
            long sent,
            long sentBytes,
            long lost,
            long refused,
            long queuedBytes) {
        this.session = session;
        this.received = received;
        this.receivedBytes = receivedBytes;
        this.sent = sent;
        this.sentBytes = sentBytes;
        this.lost = lost;
        this.refused = refused;
        this.queuedBytes = queuedBytes;
    }

    /** Makes one; for the router's own packages. */
    public static SessionTraffic of(
            SessionInfo session,
            long received,
            long receivedBytes,
            long sent,
            long sentBytes,
            long lost,
            long refused,
            long queuedBytes) {
        return new SessionTraffic(session, received, receivedBytes, sent, sentBytes, lost, refused, queuedBytes);
    }

    /** Whose it is. */
    public SessionInfo session() {
        return session;
    }

    /** How many messages have come from it. */
    public long received() {
        return received;
    }

    /** How many bytes these had, without what frames them; 0 if its transport does not count. */
    public long receivedBytes() {
        return receivedBytes;
    }

    /** How many messages its transport has taken for it. */
    public long sent() {
        return sent;
    }

    /** How many bytes these had, without what frames them; 0 if its transport does not count. */
    public long sentBytes() {
        return sentBytes;
    }

    /** How many events could not be sent to it. */
    public long lost() {
        return lost;
    }

    /** How many of its requests a limit has refused. */
    public long refused() {
        return refused;
    }

    /** How many bytes wait to be read by it. */
    public long queuedBytes() {
        return queuedBytes;
    }
}
