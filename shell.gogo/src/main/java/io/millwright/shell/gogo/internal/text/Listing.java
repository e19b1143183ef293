package io.millwright.shell.gogo.internal.text;

import java.util.AbstractList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * What a command that lists returns: the values, for scripts ({@code each}), and how they print. Immutable.
 *
 * @param <T> the values
 */
public final class Listing<T> extends AbstractList<T> {
    private final List<T> items;
    private final BiFunction<? super List<T>, Screen, String> printer;

    /**
     * A list.
     *
     * @param items the values
     * @param printer makes the text for people, for a screen
     */
    public Listing(List<T> items, BiFunction<? super List<T>, Screen, String> printer) {
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
     * @param screen where it is shown
     * @return without a line end after the last line
     */
    public String text(Screen screen) {
        return printer.apply(items, screen);
    }

    @Override
    public String toString() {
        return text(Screen.PIPE);
    }
}
