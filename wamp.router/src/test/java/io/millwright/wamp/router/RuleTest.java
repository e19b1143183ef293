package io.millwright.wamp.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.Uris;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleTest {
    @ParameterizedTest
    @CsvSource({
        // rule, its match, URI, allowed
        "a.b, exact, a.b, true",
        "a.b, exact, a.b.c, false",
        "a.b, prefix, a.b, true",
        "a.b, prefix, a.b.c, true",
        "a.b, prefix, a.bc, false",
        "a.b, prefix, a, false",
        "a.b., prefix, a.b, false",
        "a.b., prefix, a.b.c, true",
        "a.b., prefix, a.bc.c, false",
        "'', prefix, a, true",
        "'', prefix, a.b.c, true",
        "a..c, wildcard, a.b.c, true",
        "a..c, wildcard, a.b.b.c, false",
        "a..c, wildcard, a.b.cc, false",
        ".., wildcard, a.b.c, true",
        ".., wildcard, a.b, false",
    })
    void matchesBySegment(String pattern, String match, String uri, boolean allowed) {
        Role role = Role.of("r", Rule.of(pattern, MatchPolicy.of(match), java.util.Set.of(Action.CALL)));
        assertThat(role.allows(Action.CALL, uri)).isEqualTo(allowed);
        assertThat(role.allows(Action.PUBLISH, uri)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        // rule, its match, pattern, its match, covered
        "m.worker.c1., prefix, m.worker.c1., prefix, true",
        "m.worker.c1., prefix, m.worker.c1.on_, prefix, true",
        "m.worker.c1., prefix, m.worker.c1, prefix, false",
        "m.worker.c1, prefix, m.worker.c1, prefix, false",
        "m.worker.c1., prefix, m.worker.c10., prefix, false",
        "m.worker.c1., prefix, m.worker.c, prefix, false",
        "m.worker.c1., prefix, m.worker.., wildcard, false",
        "m.worker.c1., prefix, m.worker.c1., wildcard, true",
        "m.worker.c1., prefix, m.worker.c1..x, wildcard, true",
        "m.worker.c1., prefix, m.worker.c1, wildcard, false",
        "m.worker.c1, prefix, m.worker.c1, wildcard, true",
        "m.worker.c1., prefix, m..c1.x, wildcard, false",
        "a..c, wildcard, a..c, wildcard, true",
        "a..c, wildcard, a.b.c, wildcard, true",
        "a..c, wildcard, a.., wildcard, false",
        "a..c, wildcard, a., prefix, false",
        ".., wildcard, a.., wildcard, true",
        "a.b, exact, a.b, wildcard, true",
        "a.b, exact, a., wildcard, false",
        "a.b, exact, a.b, prefix, false",
        "'', prefix, '', prefix, true",
        "'', prefix, .., wildcard, true",
        "a, prefix, '', prefix, false",
    })
    void coversAllThatAPatternMatches(String rule, String match, String pattern, String policy, boolean covered) {
        Role role = Role.of("r", Rule.of(rule, MatchPolicy.of(match), java.util.Set.of(Action.SUBSCRIBE)));
        assertThat(role.covers(Action.SUBSCRIBE, pattern, MatchPolicy.of(policy)))
                .isEqualTo(covered);
        assertThat(role.covers(Action.REGISTER, pattern, MatchPolicy.of(policy)))
                .isFalse();
    }

    /** Names of rules and patterns are few; the URIs have names that no rule has, as there always are some. */
    private static final List<String> NAMES = List.of("a", "ab", "b");

    private static final List<String> ALL_NAMES = List.of("a", "ab", "b", "abz", "z", "bz", "az");

    @Test
    void aPatternIsCoveredIfAndOnlyIfEachUriItMatchesIsAllowed() {
        List<String> uris = new ArrayList<>();
        uris("", 4, uris);
        Random random = new Random(15);
        int covered = 0;
        for (int i = 0; i < 6_000; i++) {
            List<Rule> rules = new ArrayList<>();
            for (int n = random.nextInt(4); n >= 0; n--) {
                MatchPolicy match = MatchPolicy.values()[random.nextInt(3)];
                rules.add(Rule.of(pattern(random, match, 3), match, java.util.Set.of(Action.SUBSCRIBE)));
            }
            Role role = Role.of("r", rules);
            MatchPolicy policy = MatchPolicy.values()[random.nextInt(3)];
            String pattern = pattern(random, policy, 3);
            boolean all = uris.stream()
                    .filter(uri -> policy.matches(pattern, uri))
                    .allMatch(uri -> role.allows(Action.SUBSCRIBE, uri));
            boolean said = policy == MatchPolicy.EXACT
                    ? role.allows(Action.SUBSCRIBE, pattern)
                    : role.covers(Action.SUBSCRIBE, pattern, policy);
            assertThat(said).as("%s '%s' by %s", policy, pattern, rules).isEqualTo(all);
            covered += said ? 1 : 0;
        }
        assertThat(covered).isBetween(300, 5_700);
    }

    private static void uris(String prefix, int depth, List<String> uris) {
        for (String name : ALL_NAMES) {
            uris.add(prefix + name);
            if (depth > 1) {
                uris(prefix + name + ".", depth - 1, uris);
            }
        }
    }

    private static String pattern(Random random, MatchPolicy policy, int depth) {
        while (true) {
            List<String> names = new ArrayList<>();
            for (int n = random.nextInt(depth); n >= 0; n--) {
                boolean gap = policy == MatchPolicy.WILDCARD && random.nextInt(3) == 0
                        || policy == MatchPolicy.PREFIX && n == 0 && random.nextInt(3) == 0;
                names.add(gap ? "" : NAMES.get(random.nextInt(NAMES.size())));
            }
            String pattern = String.join(".", names);
            if (Uris.isPattern(pattern, policy)) {
                return pattern;
            }
        }
    }
}
