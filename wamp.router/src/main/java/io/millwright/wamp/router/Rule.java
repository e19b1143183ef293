package io.millwright.wamp.router;

import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.Uris;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a role may do with the URIs of a pattern. Unlike the patterns of subscriptions, a prefix ends between components: {@code a.b} matches
 * {@code a.b} and {@code a.b.c}, not {@code a.bc}; {@code a.b.} matches what is below {@code a.b} and not {@code a.b} itself; the empty text
 * matches all. Rules only allow: what no rule allows is refused. Immutable.
 */
public final class Rule {
    private final String pattern;
    private final MatchPolicy match;
    private final EnumSet<Action> actions;
    private final boolean disclosing;
    /** A prefix without its last dot. */
    private final String base;

    private Rule(String pattern, MatchPolicy match, Set<Action> actions, boolean disclosing) {
        this.pattern = pattern;
        this.match = match;
        this.actions = actions.isEmpty() ? EnumSet.noneOf(Action.class) : EnumSet.copyOf(actions);
        this.disclosing = disclosing;
        this.base = pattern.endsWith(".") ? pattern.substring(0, pattern.length() - 1) : pattern;
    }

    /**
     * A rule that discloses nobody.
     *
     * @throws io.millwright.wamp.WampProtocolException if the text is no pattern of the policy
     */
    public static Rule of(String pattern, MatchPolicy match, Set<Action> actions) {
        return new Rule(Uris.check(pattern, match, "the pattern of a rule"), match, actions, false);
    }

    /** A rule for one URI. */
    public static Rule exact(String uri, Action... actions) {
        return of(uri, MatchPolicy.EXACT, Set.of(actions));
    }

    /** A rule for a URI and those below it. */
    public static Rule prefix(String prefix, Action... actions) {
        return of(prefix, MatchPolicy.PREFIX, Set.of(actions));
    }

    /** A rule for the URIs with as many components, equal where the pattern's component is not empty. */
    public static Rule wildcard(String pattern, Action... actions) {
        return of(pattern, MatchPolicy.WILDCARD, Set.of(actions));
    }

    /** The same rule; callers and publishers it allows are disclosed to callees and subscribers. */
    public Rule disclosing() {
        return new Rule(pattern, match, actions, true);
    }

    /** The pattern. */
    public String pattern() {
        return pattern;
    }

    /** How the pattern matches. */
    public MatchPolicy match() {
        return match;
    }

    /** What is allowed; a copy. */
    public Set<Action> actions() {
        return EnumSet.copyOf(actions);
    }

    /** Whether callers and publishers are disclosed. */
    public boolean isDisclosing() {
        return disclosing;
    }

    boolean allows(Action action, String uri) {
        return actions.contains(action) && matches(uri);
    }

    /** Whether the rule allows it for each URI that a subscription's or a registration's pattern can match. */
    boolean covers(Action action, String other, MatchPolicy policy) {
        return actions.contains(action)
                // An empty component matches infinitely many names, so no finite number of rules with names there is
                // enough: the rule has
                // an empty one there too, as if the pattern were a URI.
                && (policy == MatchPolicy.PREFIX ? coversCharacters(other) : matches(other));
    }

    private boolean matches(String uri) {
        return switch (match) {
            case EXACT -> pattern.equals(uri);
            case PREFIX -> isBelow(uri) || (uri.equals(pattern));
            case WILDCARD -> MatchPolicy.WILDCARD.matches(pattern, uri);
        };
    }

    private boolean isBelow(String uri) {
        return base.isEmpty()
                || (uri.length() > base.length() && uri.charAt(base.length()) == '.' && uri.startsWith(base));
    }

    /** The pattern {@code a.b} matches {@code a.bc}, to any depth: only a prefix that ends before its last dot covers it. */
    private boolean coversCharacters(String prefix) {
        return match == MatchPolicy.PREFIX && isBelow(prefix);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Rule rule
                && pattern.equals(rule.pattern)
                && match == rule.match
                && actions.equals(rule.actions)
                && disclosing == rule.disclosing;
    }

    @Override
    public int hashCode() {
        return Objects.hash(pattern, match, actions, disclosing);
    }

    @Override
    public String toString() {
        return match.word() + " '" + pattern + "' " + actions + (disclosing ? " disclosing" : "");
    }
}
