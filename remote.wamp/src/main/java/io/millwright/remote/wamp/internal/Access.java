package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.Operation;
import io.millwright.controller.api.Role;
import io.millwright.wamp.router.Action;
import io.millwright.wamp.router.MetaRights;
import io.millwright.wamp.router.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The roles of the management realm, made from the table of operations, and what sessions of each role may do with the node. Thread-safe.
 */
final class Access {
    /** What roles of configurations may do with the node. */
    private final Map<String, Role> configured = new ConcurrentHashMap<>();

    /** Whether a role of that name is the node's, or that of a run of a worker. */
    static boolean isReserved(String name) {
        return name.equals(RemoteNode.ROLE)
                || name.startsWith(WorkerChannel.ROLE)
                || Stream.of(Role.values()).anyMatch(role -> role.text().equals(name));
    }

    /**
     * A configuration has added a role.
     *
     * @param operations the name of the role whose operations it may ask for
     * @throws IllegalArgumentException if there is none of that name
     */
    void put(String name, String operations) {
        for (Role role : Role.values()) {
            if (role.text().equals(operations)) {
                configured.put(name, role);
                return;
            }
        }
        throw new IllegalArgumentException(
                "'operations' must be observer, log_observer or operator, is '" + operations + "'");
    }

    void remove(String name) {
        configured.remove(name);
    }

    /** Whether principals can have a role of that name. */
    boolean isThere(String name) {
        return configured.containsKey(name)
                || Stream.of(Role.values()).anyMatch(role -> role.text().equals(name));
    }

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

    /** What a session of a role may do with the node; the router has looked whether it may call at all. */
    Role of(String role) {
        for (Role known : Role.values()) {
            if (known.text().equals(role)) {
                return known;
            }
        }
        // A worker may call what its rules allow: get_status, or everything if the controller is exposed to it.
        Role otherwise = role.startsWith(WorkerChannel.ROLE) ? Role.OPERATOR : Role.OBSERVER;
        return configured.getOrDefault(role, otherwise);
    }
}
