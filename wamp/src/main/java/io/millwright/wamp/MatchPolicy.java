package io.millwright.wamp;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the URI of a subscription or a registration matches. */
public enum MatchPolicy {
    /** The URI itself. */
    EXACT,
    /** Each URI that begins with these characters; {@code ""} matches all. */
    PREFIX,
    /** Each URI with as many components, equal where the pattern's component is not empty. */
    WILDCARD;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The word in options: {@code exact}, {@code prefix}, {@code wildcard}. */
    public String word() {
        return word;
    }

    /** The policy of a word, {@code null} if there is none. */
    public static @Nullable MatchPolicy of(String word) {
        for (MatchPolicy policy : values()) {
            if (policy.word.equals(word)) {
                return policy;
            }
        }
        return null;
    }

    /** Whether a pattern of this policy, valid by {@link Uris#isPattern}, matches a valid URI. */
    public boolean matches(String pattern, String uri) {
        return switch (this) {
            case EXACT -> pattern.equals(uri);
            case PREFIX -> uri.startsWith(pattern);
            case WILDCARD -> matchesComponents(pattern, uri);
        };
    }

    private static boolean matchesComponents(String pattern, String uri) {
        int p = 0;
        int u = 0;
        while (true) {
            int patternEnd = end(pattern, p);
            int uriEnd = end(uri, u);
            int length = patternEnd - p;
            if (length > 0 && (length != uriEnd - u || !pattern.regionMatches(p, uri, u, length))) {
                return false;
            }
            boolean patternDone = patternEnd == pattern.length();
            boolean uriDone = uriEnd == uri.length();
            if (patternDone || uriDone) {
                return patternDone && uriDone;
            }
            p = patternEnd + 1;
            u = uriEnd + 1;
        }
    }

    private static int end(String text, int from) {
        int dot = text.indexOf('.', from);
        return dot < 0 ? text.length() : dot;
    }
}
