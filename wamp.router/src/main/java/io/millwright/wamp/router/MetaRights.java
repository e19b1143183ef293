package io.millwright.wamp.router;

import java.util.ArrayList;
import java.util.List;

/** What a role may do with the router's own procedures and topics, {@code wamp.*}; each level is a set of rules. */
public enum MetaRights {
    /** Nothing. */
    NONE,
    /** Its own testaments. */
    TESTAMENTS,
    /** To count, list and read sessions, registrations and subscriptions, without transports; to get the events of them. */
    READ,
    /** All, transports and the ending of sessions too. */
    ALL;

    private static final List<String> TESTAMENT =
            List.of("wamp.session.add_testament", "wamp.session.flush_testaments");
    private static final List<String> READS = List.of(
            "wamp.session.count",
            "wamp.session.list",
            "wamp.session.get",
            "wamp.registration.list",
            "wamp.registration.lookup",
            "wamp.registration.match",
            "wamp.registration.get",
            "wamp.registration.list_callees",
            "wamp.registration.count_callees",
            "wamp.subscription.list",
            "wamp.subscription.lookup",
            "wamp.subscription.match",
            "wamp.subscription.get",
            "wamp.subscription.list_subscribers",
            "wamp.subscription.count_subscribers");

    List<Rule> rules() {
        return switch (this) {
            case NONE -> List.of();
            case TESTAMENTS -> calls(TESTAMENT);
            case READ -> {
                List<Rule> rules = new ArrayList<>(calls(READS));
                rules.add(Rule.prefix("wamp", Action.SUBSCRIBE));
                yield List.copyOf(rules);
            }
            case ALL -> List.of(Rule.prefix("wamp", Action.CALL, Action.SUBSCRIBE));
        };
    }

    private static List<Rule> calls(List<String> procedures) {
        return procedures.stream().map(uri -> Rule.exact(uri, Action.CALL)).toList();
    }
}
