package io.millwright.wamp.router;

/** How much a realm's sessions may have and do. Immutable. Sizes are bytes. */
public final class Limits {
    /** The limits where nothing else is said. */
    public static final Limits DEFAULT =
            new Limits(16 << 20, 64 << 10, 4 << 20, 10_000, 1_000, 10_000, 10_000, 10_000, 100, 1_000);

    private final int messageBytes;
    private final int helloBytes;
    private final long queuedBytes;
    private final int sessions;
    private final int sessionsPerPeer;
    private final int calls;
    private final int subscriptions;
    private final int registrations;
    private final int testaments;
    private final int retained;

    private Limits(
            int messageBytes,
            int helloBytes,
            long queuedBytes,
            int sessions,
            int sessionsPerPeer,
            int calls,
            int subscriptions,
            int registrations,
            int testaments,
            int retained) {
        this.messageBytes = messageBytes;
        this.helloBytes = helloBytes;
        this.queuedBytes = queuedBytes;
        this.sessions = sessions;
        this.sessionsPerPeer = sessionsPerPeer;
        this.calls = calls;
        this.subscriptions = subscriptions;
        this.registrations = registrations;
        this.testaments = testaments;
        this.retained = retained;
    }

    /** The same with another {@link #messageBytes()}. */
    public Limits withMessageBytes(int value) {
        return new Limits(
                value,
                helloBytes,
                queuedBytes,
                sessions,
                sessionsPerPeer,
                calls,
                subscriptions,
                registrations,
                testaments,
                retained);
    }

    /** The same with another {@link #helloBytes()}. */
    public Limits withHelloBytes(int value) {
        return new Limits(
                messageBytes,
                value,
                queuedBytes,
                sessions,
                sessionsPerPeer,
                calls,
                subscriptions,
                registrations,
                testaments,
                retained);
    }

    /** The same with another {@link #queuedBytes()}. */
    public Limits withQueuedBytes(long value) {
        return new Limits(
                messageBytes,
                helloBytes,
                value,
                sessions,
                sessionsPerPeer,
                calls,
                subscriptions,
                registrations,
                testaments,
                retained);
    }

    /** The same with another {@link #sessions()}. */
    public Limits withSessions(int value) {
        return new Limits(
                messageBytes,
                helloBytes,
                queuedBytes,
                value,
                sessionsPerPeer,
                calls,
                subscriptions,
                registrations,
                testaments,
                retained);
    }

    /** The same with another {@link #sessionsPerPeer()}. */
    public Limits withSessionsPerPeer(int value) {
        return new Limits(
                messageBytes,
                helloBytes,
                queuedBytes,
                sessions,
                value,
                calls,
                subscriptions,
                registrations,
                testaments,
                retained);
    }

    /** The same with another {@link #calls()}. */
    public Limits withCalls(int value) {
        return new Limits(
                messageBytes,
                helloBytes,
                queuedBytes,
                sessions,
                sessionsPerPeer,
                value,
                subscriptions,
                registrations,
                testaments,
                retained);
    }

    /** The same with another {@link #subscriptions()}. */
    public Limits withSubscriptions(int value) {
        return new Limits(
                messageBytes,
                helloBytes,
                queuedBytes,
                sessions,
                sessionsPerPeer,
                calls,
                value,
                registrations,
                testaments,
                retained);
    }

    /** The same with another {@link #registrations()}. */
    public Limits withRegistrations(int value) {
        return new Limits(
                messageBytes,
                helloBytes,
                queuedBytes,
                sessions,
                sessionsPerPeer,
                calls,
                subscriptions,
                value,
                testaments,
                retained);
    }

    /** The same with another {@link #testaments()}. */
    public Limits withTestaments(int value) {
        return new Limits(
                messageBytes,
                helloBytes,
                queuedBytes,
                sessions,
                sessionsPerPeer,
                calls,
                subscriptions,
                registrations,
                value,
                retained);
    }

    /** The same with another {@link #retained()}. */
    public Limits withRetained(int value) {
        return new Limits(
                messageBytes,
                helloBytes,
                queuedBytes,
                sessions,
                sessionsPerPeer,
                calls,
                subscriptions,
                registrations,
                testaments,
                value);
    }

    /** The longest message of a session that has joined. */
    public int messageBytes() {
        return messageBytes;
    }

    /** The longest message before that. */
    public int helloBytes() {
        return helloBytes;
    }

    /** How much may wait to be read by a session before it is ended as too slow. */
    public long queuedBytes() {
        return queuedBytes;
    }

    /** The most sessions. */
    public int sessions() {
        return sessions;
    }

    /** The most sessions of one {@link Peer#host()}; peers whose user is known are not counted. */
    public int sessionsPerPeer() {
        return sessionsPerPeer;
    }

    /** The most unanswered calls of a session. */
    public int calls() {
        return calls;
    }

    /** The most subscriptions of a session. */
    public int subscriptions() {
        return subscriptions;
    }

    /** The most registrations of a session. */
    public int registrations() {
        return registrations;
    }

    /** The most testaments of a session. */
    public int testaments() {
        return testaments;
    }

    /** The most topics with a retained event. */
    public int retained() {
        return retained;
    }
}
