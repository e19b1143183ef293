package io.millwright.controller.api.worker;

import java.util.Objects;

/**
 * The value of an environment variable: plain text, a secret, or the name of a file that holds a secret. Immutable;
 * its string form never shows a secret.
 *
 * @param kind which of the three
 * @param text the text, the secret, or the file's path (relative to the node directory)
 */
public record Variable(Kind kind, String text) {
    /** What shows in place of a secret. */
    public static final String MASK = "******";

    /** The kinds of values. */
    public enum Kind {
        /** Text, shown and expanded ({@code ${NAME}}). */
        PLAIN,
        /** Text that is never shown and not expanded. */
        SECRET,
        /** The path of a file whose content (without one line end at its end) is never shown. */
        SECRET_FILE
    }

    /** Checks that nothing is missing. */
    public Variable {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(text, "text");
    }

    /**
     * Whether the value must never be shown.
     *
     * @return true for both secret kinds
     */
    public boolean isSecret() {
        return kind != Kind.PLAIN;
    }

    @Override
    public String toString() {
        return isSecret() ? MASK : text;
    }
}
