package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.Operation;
import io.millwright.controller.api.Role;
import io.millwright.wamp.router.Action;
import io.millwright.wamp.router.MetaRights;
import io.millwright.wamp.router.Rule;
import java.util.ArrayList;
import java.util.List;

/** The roles of the management realm, made from the table of operations. Stateless. */
final class Access {
    private Access() {}

    /** The roles there always are, named as the node names them: observer, log_observer, operator. */
    static List<io.millwright.wamp.router.Role> roles(String prefix) {
        List<io.millwright.wamp.router.Role> roles = new ArrayList<>();
        for (Role role : Role.values()) {
            roles.add(role(prefix, role));
        }
        return roles;
    }

    private static io.millwright.wamp.router.Role role(String prefix, Role role) {
        if (role == Role.OPERATOR) {
            return io.millwright.wamp.router.Role.of(role.text(), Rule.prefix(prefix, Action.CALL, Action.SUBSCRIBE))
                    .withMeta(MetaRights.ALL);
        }
        List<Rule> rules = new ArrayList<>();
        for (Operation operation : Operation.values()) {
            if (role.covers(operation.role())) {
                rules.add(Rule.exact(prefix + "." + operation.text(), Action.CALL));
            }
        }
        // Topics of the node have one word after the prefix, those of workers more.
        rules.add(Rule.wildcard(prefix + ".", Action.SUBSCRIBE));
        if (role.covers(Role.LOG_OBSERVER)) {
            rules.add(Rule.wildcard(prefix + ".worker..on_log", Action.SUBSCRIBE));
        }
        return io.millwright.wamp.router.Role.of(role.text(), rules).withMeta(MetaRights.READ);
    }

    /** What a session of a role may do with the node; a role of other words may watch and no more. */
    static Role of(String role) {
        for (Role known : Role.values()) {
            if (known.text().equals(role)) {
                return known;
            }
        }
        return Role.OBSERVER;
    }
}
