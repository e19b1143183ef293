package io.millwright.wamp.router;

import io.millwright.wamp.MatchPolicy;
import java.util.ArrayList;
import java.util.List;

/** A name and what it may do: the sum of its rules. Immutable. */
public final class Role {
    private final String name;
    private final List<Rule> rules;
    private final MetaRights meta;
    private final List<Rule> all;

    private Role(String name, List<Rule> rules, MetaRights meta) {
        this.name = name;
        this.rules = rules;
        this.meta = meta;
        List<Rule> sum = new ArrayList<>(rules);
        sum.addAll(meta.rules());
        this.all = List.copyOf(sum);
    }

    /** A role with no right to {@code wamp.*} but what its rules say. */
    public static Role of(String name, List<Rule> rules) {
        return new Role(name, List.copyOf(rules), MetaRights.NONE);
    }

    /** A role with no right to {@code wamp.*} but what its rules say. */
    public static Role of(String name, Rule... rules) {
        return of(name, List.of(rules));
    }

    /** The same role with these rights to the router's own procedures and topics beside its rules. */
    public Role withMeta(MetaRights rights) {
        return new Role(name, rules, rights);
    }

    /** The name, {@code authrole} in the protocol. */
    public String name() {
        return name;
    }

    /** The rules, without those of {@link #meta()}. */
    public List<Rule> rules() {
        return rules;
    }

    /** The rights to the router's own procedures and topics. */
    public MetaRights meta() {
        return meta;
    }

    /** Whether an action is allowed with a URI. */
    public boolean allows(Action action, String uri) {
        for (Rule rule : all) {
            if (rule.allows(action, uri)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether an action is allowed with each URI that a pattern can match, a prefix by character, as the protocol says. It takes one rule that
     * covers the pattern: there are infinitely many names, so several that each cover a part of it never cover all.
     */
    public boolean covers(Action action, String pattern, MatchPolicy policy) {
        for (Rule rule : all) {
            if (rule.covers(action, pattern, policy)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a caller or publisher of this role is disclosed. */
    public boolean discloses(Action action, String uri) {
        for (Rule rule : all) {
            if (rule.isDisclosing() && rule.allows(action, uri)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "Role[" + name + "]";
    }
}
