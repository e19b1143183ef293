package io.millwright.testkit;

import java.util.Locale;

/** What counts as a sentence. */
final class Sentences {
    private Sentences() {}

    /** Whether a text says something: more than one word, and not what a machine prints for a fault or an object. */
    static boolean isSaid(String text) {
        String trimmed = text.trim();
        String lower = trimmed.toLowerCase(Locale.ROOT);
        return trimmed.indexOf(' ') > 0
                && !lower.startsWith("java.")
                && !lower.contains("exception:")
                && !trimmed.matches(".*[A-Za-z]@[0-9a-f]{4,}.*");
    }
}
