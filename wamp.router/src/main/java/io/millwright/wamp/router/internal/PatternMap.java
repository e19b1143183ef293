package io.millwright.wamp.router.internal;

import io.millwright.wamp.MatchPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Values by pattern, found by the URIs that match. */
final class PatternMap<T> {
    private final Map<String, T> exact = new HashMap<>();
    private final TreeMap<String, T> prefix = new TreeMap<>();
    private final ComponentTree<T> wildcard = new ComponentTree<>();

    @Nullable
    T get(String pattern, MatchPolicy policy) {
        return switch (policy) {
            case EXACT -> exact.get(pattern);
            case PREFIX -> prefix.get(pattern);
            case WILDCARD -> wildcard.get(pattern);
        };
    }

    void put(String pattern, MatchPolicy policy, T value) {
        switch (policy) {
            case EXACT -> exact.put(pattern, value);
            case PREFIX -> prefix.put(pattern, value);
            case WILDCARD -> wildcard.put(pattern, value);
        }
    }

    void remove(String pattern, MatchPolicy policy) {
        switch (policy) {
            case EXACT -> exact.remove(pattern);
            case PREFIX -> prefix.remove(pattern);
            case WILDCARD -> wildcard.remove(pattern);
        }
    }

    boolean isEmpty() {
        return exact.isEmpty() && prefix.isEmpty() && wildcard.isEmpty();
    }

    /** All that match, the best first: the URI itself, prefixes from the longest, wildcards with names before gaps. */
    void match(String uri, Consumer<? super T> found) {
        T same = exact.get(uri);
        if (same != null) {
            found.accept(same);
        }
        matchPrefixes(uri, found);
        if (!wildcard.isEmpty()) {
            wildcard.match(uri, found);
        }
    }

    /** The one that a call goes to. */
    @Nullable
    T best(String uri) {
        T same = exact.get(uri);
        if (same != null || (prefix.isEmpty() && wildcard.isEmpty())) {
            return same;
        }
        List<T> found = new ArrayList<>();
        match(uri, found::add);
        return found.isEmpty() ? null : found.get(0);
    }

    private void matchPrefixes(String uri, Consumer<? super T> found) {
        String at = uri;
        while (!prefix.isEmpty()) {
            Map.Entry<String, T> entry = prefix.floorEntry(at);
            if (entry == null) {
                return;
            }
            String key = entry.getKey();
            int common = common(key, uri);
            if (common == key.length()) {
                found.accept(entry.getValue());
                if (common == 0) {
                    return;
                }
                at = key.substring(0, common - 1);
            } else {
                // A longer prefix of the URI than what both have in common stands after the key, and would have been
                // found.
                at = uri.substring(0, common);
            }
        }
    }

    private static int common(String a, String b) {
        int length = Math.min(a.length(), b.length());
        int i = 0;
        while (i < length && a.charAt(i) == b.charAt(i)) {
            i++;
        }
        return i;
    }

    Collection<T> values(MatchPolicy policy) {
        return switch (policy) {
            case EXACT -> exact.values();
            case PREFIX -> prefix.values();
            case WILDCARD -> wildcard.values();
        };
    }
}
