package io.millwright.wamp.router;

/**
 * How much a realm has, and what goes to and fro in it, as it was at one moment. Immutable.
 *
 * @param sessions those of other processes that are there
 * @param registrations procedures that are registered, shared ones once
 * @param subscriptions topics and patterns that are subscribed to, each once
 * @param received messages that have come from sessions since the realm is there
 * @param sent messages that transports have taken for sessions since then
 * @param receivedRate messages a second that came, over the last minute, or since the realm is there if that is less
 * @param sentRate the same of those that went
 */
public record RealmFigures(
        int sessions,
        int registrations,
        int subscriptions,
        long received,
        long sent,
        double receivedRate,
        double sentRate) {}
