package io.millwright.wamp.router.internal;

import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.router.Action;
import io.millwright.wamp.router.Role;
import io.millwright.wamp.router.Roles;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What sessions may do: what their roles say at that moment; sessions of this process may do all. */
final class Rights {
    private final Roles roles;

    Rights(Roles roles) {
        this.roles = roles;
    }

    @Nullable
    Role role(Session session) {
        return roles.get(session.info().role());
    }

    boolean may(Session session, Action action, String uri) {
        Role role = role(session);
        return session.isLocal() || (role != null && role.allows(action, uri));
    }

    /** Whether a session may subscribe or register a pattern. */
    boolean mayUse(Session session, Action action, String pattern, MatchPolicy policy) {
        if (policy == MatchPolicy.EXACT) {
            return may(session, action, pattern);
        }
        Role role = role(session);
        return session.isLocal() || (role != null && role.covers(action, pattern, policy));
    }

    boolean discloses(Session session, Action action, String uri) {
        Role role = role(session);
        return !session.isLocal() && role != null && role.discloses(action, uri);
    }

    static String refusal(Session session, Action action, String uri, MatchPolicy policy) {
        String what =
                policy == MatchPolicy.EXACT ? "'" + uri + "'" : "all that " + policy.word() + " '" + uri + "' matches";
        return "role '" + session.info().role() + "' may not " + action.name().toLowerCase(Locale.ROOT) + " " + what;
    }
}
