package io.millwright.wamp.router.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.Uris;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PatternMapTest {
    private static final List<String> NAMES = List.of("a", "b", "ab", "abc", "");

    private record Key(String pattern, MatchPolicy policy) {}

    @Test
    void findsWhatMatchesTheBestFirst() {
        Random random = new Random(3);
        for (int life = 0; life < 20; life++) {
            PatternMap<Key> map = new PatternMap<>();
            Map<Key, Boolean> model = new LinkedHashMap<>();
            for (int step = 0; step < 200; step++) {
                MatchPolicy policy = MatchPolicy.values()[random.nextInt(3)];
                String pattern = text(random);
                Key key = new Key(pattern, policy);
                if (Uris.isPattern(pattern, policy)) {
                    if (random.nextInt(3) == 0) {
                        map.remove(pattern, policy);
                        model.remove(key);
                    } else {
                        map.put(pattern, policy, key);
                        model.put(key, true);
                    }
                }
                assertThat(map.get(pattern, policy)).isEqualTo(model.containsKey(key) ? key : null);
                String uri = text(random);
                if (Uris.isUri(uri)) {
                    check(map, model, uri);
                }
            }
            new ArrayList<>(model.keySet()).forEach(key -> map.remove(key.pattern(), key.policy()));
            assertThat(map.isEmpty()).isTrue();
        }
    }

    private static void check(PatternMap<Key> map, Map<Key, Boolean> model, String uri) {
        List<Key> found = new ArrayList<>();
        map.match(uri, found::add);
        List<Key> expected = model.keySet().stream()
                .filter(key -> key.policy().matches(key.pattern(), uri))
                .sorted(PatternMapTest::better)
                .toList();
        assertThat(found).as(uri).isEqualTo(expected);
        assertThat(map.best(uri)).isEqualTo(expected.isEmpty() ? null : expected.get(0));
    }

    /** Exact, then the longest prefix, then the wildcard whose first gap, where they differ, comes later. */
    private static int better(Key a, Key b) {
        if (a.policy() != b.policy()) {
            return a.policy().compareTo(b.policy());
        }
        if (a.policy() == MatchPolicy.PREFIX) {
            return b.pattern().length() - a.pattern().length();
        }
        String[] as = a.pattern().split("\\.", -1);
        String[] bs = b.pattern().split("\\.", -1);
        for (int i = 0; i < as.length; i++) {
            if (as[i].isEmpty() != bs[i].isEmpty()) {
                return as[i].isEmpty() ? 1 : -1;
            }
        }
        return 0;
    }

    private static String text(Random random) {
        List<String> names = new ArrayList<>();
        for (int n = random.nextInt(4); n >= 0; n--) {
            names.add(NAMES.get(random.nextInt(NAMES.size())));
        }
        return String.join(".", names);
    }
}
