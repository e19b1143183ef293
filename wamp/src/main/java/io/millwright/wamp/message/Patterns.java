package io.millwright.wamp.message;

import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.Uris;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The patterns of subscriptions and registrations. */
final class Patterns {
    private Patterns() {}

    /** By the policy that is asked for; by the loosest where it is none: which policies there are is a router's to say. */
    static void check(String pattern, Map<String, Object> options, String what) {
        MatchPolicy policy = policy(options);
        Uris.check(pattern, policy == null ? MatchPolicy.WILDCARD : policy, what);
    }

    private static @Nullable MatchPolicy policy(Map<String, Object> options) {
        Object match = options.get("match");
        if (match == null) {
            return MatchPolicy.EXACT;
        }
        return match instanceof String word ? MatchPolicy.of(word) : null;
    }
}
