package io.millwright.options;

import org.jspecify.annotations.Nullable;

/**
 * A number that no other type of number would write as its source does (2.50, 1e3): a number where one is wanted, and the text as it
 * stands where that is an argument of a program. Immutable.
 */
public final class WrittenNumber extends Number {
    private static final long serialVersionUID = 1L;

    private final String text;

    /**
     * Makes one.
     *
     * @param text a number of JSON
     */
    public WrittenNumber(String text) {
        this.text = text;
    }

    @Override
    public int intValue() {
        return (int) doubleValue();
    }

    @Override
    public long longValue() {
        return (long) doubleValue();
    }

    @Override
    public float floatValue() {
        return (float) doubleValue();
    }

    @Override
    public double doubleValue() {
        return Double.parseDouble(text);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WrittenNumber that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The number as it is written. */
    @Override
    public String toString() {
        return text;
    }
}
