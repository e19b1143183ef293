package io.millwright.controller.api.worker;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The value of an environment variable: plain text, a secret, or the name of a file that holds a secret. Immutable;
 * its string form never shows a secret.
 */
public final class Variable {
    private final Kind kind;
    private final String text;

    private Variable(Kind kind, String text) {
        this.kind = Objects.requireNonNull(kind, "kind");
        this.text = Objects.requireNonNull(text, "text");
    }

    /**
     * Makes one.
     *
     * @param kind which of the three
     * @param text the text, the secret, or the file's path (relative to the node directory)
     * @return the value
     */
    public static Variable of(Kind kind, String text) {
        return new Variable(kind, text);
    }

    /** Which of the three. */
    public Kind kind() {
        return kind;
    }

    /** The text, the secret, or the file's path (relative to the node directory). */
    public String text() {
        return text;
    }

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

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this || other instanceof Variable that && kind.equals(that.kind) && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, text);
    }
}
