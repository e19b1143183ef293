package io.millwright.shell.gogo.internal.text;

import io.millwright.controller.api.text.Json;
import io.millwright.controller.api.text.Printable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the answers of an application router look. Thread-safe. */
public final class RouterViews {
    private RouterViews() {}

    /** Sessions as a table, other lists one a line, an object with its keys. */
    public static @Nullable Object of(@Nullable Object value, Screen screen) {
        if (value instanceof List<?> list) {
            boolean sessions = !list.isEmpty() && list.stream().allMatch(Map.class::isInstance);
            return list.isEmpty() ? "none" : sessions ? sessions(list, screen) : lines(list);
        } else if (value instanceof Map<?, ?> map) {
            Block block = new Block();
            map.forEach((key, one) -> {
                if (one instanceof Map<?, ?> inner) {
                    inner.forEach((name, each) -> block.add("  " + name, shown(each)));
                } else if (one != null) {
                    block.add(String.valueOf(key), shown(one));
                }
            });
            return block.text(screen);
        }
        return value == null ? null : shown(value);
    }

    private static Object shown(@Nullable Object value) {
        return value instanceof Map || value instanceof List ? Json.write(value) : String.valueOf(value);
    }

    private static String lines(List<?> list) {
        StringBuilder lines = new StringBuilder();
        list.forEach(one -> lines.append(lines.length() == 0 ? "" : "\n").append(Printable.lines(String.valueOf(one))));
        return lines.toString();
    }

    private static String sessions(List<?> list, Screen screen) {
        TextTable table = new TextTable()
                .whole("SESSION")
                .whole("REALM")
                .column("AUTHID", 1, 10)
                .whole("ROLE")
                .whole("METHOD")
                .column("FROM", 1, 10)
                .whole("RECEIVED")
                .whole("SENT")
                .whole("LOST")
                .whole("REFUSED");
        for (Object one : list) {
            Map<?, ?> session = (Map<?, ?>) one;
            Object from = session.get("transport") instanceof Map<?, ?> transport
                    ? transport.get("listener") + " " + transport.get("peer")
                    : "";
            table.row(
                    session.get("session"),
                    session.get("realm"),
                    session.get("authid"),
                    session.get("authrole"),
                    session.get("authmethod"),
                    from,
                    session.get("received"),
                    session.get("sent"),
                    session.get("lost"),
                    session.get("refused"));
        }
        return table.text(screen.width());
    }
}
