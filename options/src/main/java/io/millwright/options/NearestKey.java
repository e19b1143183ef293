package io.millwright.options;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds what somebody meant by a key nobody knows: mistyped, nested wrongly, or only its last word. Thread-safe. */
public final class NearestKey {
    /** No key is as long; comparing such a text with each of them takes long, and it is like none. */
    private static final int LONGEST = 200;

    private NearestKey() {}

    /** The sentence's part that says what would be right. */
    public static String advice(String unknown, Collection<String> known) {
        String nearest = find(unknown, known);
        if (nearest != null) {
            return "did you mean '" + nearest + "'?";
        }
        int dot = unknown.indexOf('.');
        String group = shown(dot < 0 ? unknown : unknown.substring(0, dot));
        List<String> related =
                known.stream().filter(key -> key.startsWith(group + ".")).toList();
        return "known " + (related.isEmpty() ? "" : "there ") + "are "
                + (related.isEmpty() ? known : related).stream().sorted().collect(Collectors.joining(", "));
    }

    /**
     * A key as a message has it.
     *
     * @param key any text
     * @return its beginning, if it is longer than any key is
     */
    public static String shown(String key) {
        return key.length() > LONGEST ? key.substring(0, LONGEST) + "..." : key;
    }

    /** The key it most likely stands for, {@code null} if none is near. */
    public static @Nullable String find(String unknown, Collection<String> known) {
        if (unknown.length() > LONGEST) {
            return null;
        }
        String best = null;
        int bestScore = Integer.MAX_VALUE;
        for (String key : known) {
            int score = Math.min(
                    within(bare(unknown), bare(key)), within(bare(lastWord(unknown)), bare(lastWord(key))) + 1);
            if (score < bestScore) {
                best = key;
                bestScore = score;
            }
        }
        return bestScore < FAR ? best : null;
    }

    private static final int FAR = 1000;

    /** The distance if it is small for words of that length, else far. */
    private static int within(String a, String b) {
        int tolerated = Math.max(1, a.length() / 3);
        if (Math.abs(a.length() - b.length()) > tolerated || a.length() < 2) {
            return FAR;
        }
        int distance = distance(a, b);
        return distance <= tolerated ? distance : FAR;
    }

    private static String bare(String key) {
        return key.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
    }

    private static String lastWord(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    /**
     * How far two words are from each other.
     *
     * @param a a word
     * @param b a word
     * @return the insertions, deletions, changes, and exchanges of two neighbours that make one of the other
     */
    public static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int least = Math.min(cost[i - 1][j - 1] + change, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    least = Math.min(least, cost[i - 2][j - 2] + 1);
                }
                cost[i][j] = least;
            }
        }
        return cost[a.length()][b.length()];
    }
}
