package io.millwright.wamp.router.internal;

import io.millwright.wamp.message.Options;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who may have an event, as its publisher says. Immutable. */
final class Receivers {
    private static final Receivers ALL = new Receivers(Map.of());

    private final @Nullable Set<Long> ids;
    private final @Nullable Set<String> authids;
    private final @Nullable Set<String> roles;
    private final Set<Long> noIds;
    private final Set<String> noAuthids;
    private final Set<String> noRoles;

    private Receivers(Map<String, Object> options) {
        ids = set(Options.ids(options, "eligible"));
        authids = set(Options.texts(options, "eligible_authid"));
        roles = set(Options.texts(options, "eligible_authrole"));
        noIds = orEmpty(set(Options.ids(options, "exclude")));
        noAuthids = orEmpty(set(Options.texts(options, "exclude_authid")));
        noRoles = orEmpty(set(Options.texts(options, "exclude_authrole")));
    }

    /** Those of the options of PUBLISH. */
    static Receivers of(Map<String, Object> options) {
        for (String key : options.keySet()) {
            if ((key.startsWith("eligible") || key.startsWith("exclude")) && !key.equals("exclude_me")) {
                return new Receivers(options);
            }
        }
        return ALL;
    }

    private static <T> @Nullable Set<T> set(@Nullable Collection<T> list) {
        return list == null ? null : new HashSet<>(list);
    }

    private static <T> Set<T> orEmpty(@Nullable Set<T> set) {
        return set == null ? Set.of() : set;
    }

    boolean include(Session session) {
        if (this == ALL) {
            return true;
        }
        String authid = session.info().authid();
        String role = session.info().role();
        return (ids == null || ids.contains(session.id()))
                && (authids == null || authids.contains(authid))
                && (roles == null || roles.contains(role))
                && !noIds.contains(session.id())
                && !noAuthids.contains(authid)
                && !noRoles.contains(role);
    }
}
