package io.millwright.shell.karaf.internal;

/**
 * What a word may become.
 *
 * @param value the whole word
 * @param description a few words about it, may be empty
 * @param isWhole whether the word ends there; else more must be typed
 */
record Suggestion(String value, String description, boolean isWhole) {
    private static final int LONGEST = 70;

    static Suggestion whole(String value, String description) {
        return new Suggestion(value, cut(description), true);
    }

    static Suggestion part(String value, String description) {
        return new Suggestion(value, cut(description), false);
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 2) + "..";
    }
}
