package io.millwright.wamp.router.internal;

import io.millwright.wamp.MatchPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A procedure or a pattern of procedures, and the sessions that answer calls to it. */
final class Registration {
    final long id;
    final String pattern;
    final MatchPolicy policy;
    /** Whether several sessions take turns; if not, there is one. */
    final boolean roundRobin;

    final Instant created = Instant.now();
    final List<Session> callees = new ArrayList<>(1);
    private int next;

    Registration(long id, String pattern, MatchPolicy policy, boolean roundRobin) {
        this.id = id;
        this.pattern = pattern;
        this.policy = policy;
        this.roundRobin = roundRobin;
    }

    /** The next in turn. */
    Session choose() {
        if (next >= callees.size()) {
            next = 0;
        }
        return callees.get(next++);
    }

    void remove(Session callee) {
        int index = callees.indexOf(callee);
        if (index >= 0) {
            callees.remove(index);
            if (index < next) {
                next--;
            }
        }
    }
}
