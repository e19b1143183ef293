package io.millwright.shell.gogo.internal.complete;

import io.millwright.controller.api.text.Printable;

/**
 * What a word may become; harmless on a terminal.
 *
 * @param value the whole word
 * @param description a few words about it, may be empty
 * @param isWhole whether the word ends there; else more must be typed
 */
public record Suggestion(String value, String description, boolean isWhole) {
    private static final int LONGEST = 70;

    static Suggestion whole(String value, String description) {
        return of(value, cut(description), true);
    }

    static Suggestion part(String value, String description) {
        return of(value, cut(description), false);
    }

    private static Suggestion of(String value, String description, boolean isWhole) {
        return new Suggestion(Printable.line(value), Printable.line(description), isWhole);
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 2) + "..";
    }
}
