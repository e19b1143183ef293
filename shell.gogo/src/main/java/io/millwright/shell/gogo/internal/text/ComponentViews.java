package io.millwright.shell.gogo.internal.text;

import io.millwright.controller.api.text.Printable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the components of a container look, as it answers of them. Thread-safe. */
public final class ComponentViews {
    private ComponentViews() {}

    /** One line each. */
    public static String table(List<Map<?, ?>> components, Screen screen) {
        if (components.isEmpty()) {
            return "no components";
        }
        TextTable table = new TextTable()
                .whole("ID")
                .whole("STATE")
                .column("UPTIME", 2, 6)
                .column("RESTARTS", 3, 8)
                .column("WHAT", 1, 10)
                .column("WHY", 1, 10);
        for (Map<?, ?> one : components) {
            table.row(
                    one.get("id"),
                    one.get("state"),
                    uptime(one.get("uptime")),
                    one.get("restarts"),
                    one.get("location"),
                    one.get("error") instanceof Map<?, ?> error ? error.get("message") : null);
        }
        return table.text(screen.width());
    }

    /** All there is to say of each. */
    public static String details(List<? extends @Nullable Object> components, Screen screen) {
        StringBuilder all = new StringBuilder();
        for (Object component : components) {
            if (component instanceof Map<?, ?> one) {
                Block block = new Block();
                one.forEach((key, value) -> {
                    if (!key.equals("error")) {
                        block.add(String.valueOf(key), key.equals("uptime") ? uptime(value) : value);
                    }
                });
                Object trace = null;
                if (one.get("error") instanceof Map<?, ?> error) {
                    block.add("error", error.get("message"));
                    trace = error.get("trace");
                }
                all.append(all.length() == 0 ? "" : "\n").append(block.text(screen));
                if (trace != null) {
                    all.append('\n').append(Printable.lines(trace.toString()));
                }
            }
        }
        return all.toString();
    }

    private static @Nullable String uptime(@Nullable Object seconds) {
        return seconds instanceof Number number
                ? Texts.duration(Duration.ofMillis(Math.round(number.doubleValue() * 1000)))
                : null;
    }
}
