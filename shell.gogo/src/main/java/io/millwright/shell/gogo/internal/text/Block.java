package io.millwright.shell.gogo.internal.text;

import io.millwright.controller.api.text.Printable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys and values below each other, long values wrapped. For one thread. */
public final class Block {
    private final List<String> keys = new ArrayList<>();
    private final List<String> values = new ArrayList<>();

    /**
     * Adds a line.
     *
     * @param key what it is
     * @param value its value; {@code null} leaves the line out
     * @return this
     */
    public Block add(String key, @Nullable Object value) {
        if (value != null) {
            keys.add(Printable.line(key));
            values.add(value.toString());
        }
        return this;
    }

    /**
     * The lines.
     *
     * @param screen where they are shown
     * @return without a line end after the last
     */
    public String text(Screen screen) {
        int width = keys.stream().mapToInt(Texts::columns).max().orElse(0);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            String key = keys.get(i) + " ".repeat(width - Texts.columns(keys.get(i)) + 2);
            for (String part : Texts.wrap(values.get(i), Math.max(20, screen.width() - width - 2))) {
                lines.add((key + part).stripTrailing());
                key = " ".repeat(width + 2);
            }
        }
        return String.join("\n", lines);
    }
}
