package io.millwright.shell.gogo.internal.text;

import java.util.AbstractList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What a command that lists returns: the values, for scripts ({@code each}), and how they print. Immutable.
 *
 * @param <T> the values
 */
public final class Listing<T> extends AbstractList<T> {
    private final List<T> items;
    private final BiFunction<? super List<T>, TableStyle, String> printer;

    /**
     * A list that prints in its own way.
     *
     * @param items the values
     * @param printer makes the text for people
     */
    public Listing(List<T> items, Function<? super List<T>, String> printer) {
        this(items, (list, style) -> printer.apply(list));
    }

    /**
     * A list that prints as a table.
     *
     * @param items the values
     * @param printer makes the text for people, with tables in a style
     */
    public Listing(List<T> items, BiFunction<? super List<T>, TableStyle, String> printer) {
        this.items = List.copyOf(items);
        this.printer = printer;
    }

    @Override
    public T get(int index) {
        return items.get(index);
    }

    @Override
    public int size() {
        return items.size();
    }

    /**
     * The text for people.
     *
     * @return without a line end after the last line
     */
    public String text() {
        return text(TableStyle.PLAIN);
    }

    /**
     * The text for people, in the style of where it is shown.
     *
     * @param style how tables look
     * @return without a line end after the last line
     */
    public String text(TableStyle style) {
        return printer.apply(items, style);
    }

    @Override
    public String toString() {
        return text();
    }
}
