package io.millwright.wamp.router.internal;

import io.millwright.wamp.MatchPolicy;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** A topic or a pattern of topics, and the sessions that have subscribed to it. */
final class Subscription {
    final long id;
    final String pattern;
    final MatchPolicy policy;
    final Instant created = Instant.now();
    /** In the order in which they came; by id, so that one leaves without a search. */
    final Map<Long, Session> sessions = new LinkedHashMap<>();

    Subscription(long id, String pattern, MatchPolicy policy) {
        this.id = id;
        this.pattern = pattern;
        this.policy = policy;
    }
}
