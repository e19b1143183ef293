package io.millwright.config.file.internal;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the known key a mistyped one was probably meant to be. */
final class NearestKey {
    private NearestKey() {}

    /** The known key with the fewest changed letters (case does not count), {@code null} if none is near. */
    static @Nullable String among(Collection<String> known, String typed) {
        String best = null;
        int bestDistance = Math.max(2, Math.min(typed.length(), 24) / 3) + 1;
        for (String candidate : known) {
            int distance = distance(candidate, typed);
            if (distance < bestDistance && distance < candidate.length()) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** How many letters must be inserted, removed, replaced or swapped with their neighbour. */
    static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > 8) {
            return Integer.MAX_VALUE;
        }
        String x = a.toLowerCase(Locale.ROOT);
        String y = b.toLowerCase(Locale.ROOT);
        int[][] table = new int[x.length() + 1][y.length() + 1];
        for (int i = 0; i <= x.length(); i++) {
            for (int j = 0; j <= y.length(); j++) {
                table[i][j] = i == 0 ? j : j == 0 ? i : step(table, x, y, i, j);
            }
        }
        return table[x.length()][y.length()];
    }

    private static int step(int[][] table, String x, String y, int i, int j) {
        int same = x.charAt(i - 1) == y.charAt(j - 1) ? 0 : 1;
        int best = Math.min(table[i - 1][j - 1] + same, Math.min(table[i - 1][j], table[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && x.charAt(i - 1) == y.charAt(j - 2) && x.charAt(i - 2) == y.charAt(j - 1);
        return swapped ? Math.min(best, table[i - 2][j - 2] + 1) : best;
    }
}
