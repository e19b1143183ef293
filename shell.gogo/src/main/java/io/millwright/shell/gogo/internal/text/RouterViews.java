package io.millwright.shell.gogo.internal.text;

import io.millwright.controller.api.text.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How the answers of an application router look. Thread-safe. */
public final class RouterViews {
    private RouterViews() {}

    /**
     * Lists as tables, an object with its keys.
     *
     * @param what the word of the command, which says of what a list is
     */
    public static @Nullable Object of(String what, @Nullable Object value, Screen screen) {
        if (value instanceof List<?> list) {
            return list.isEmpty() ? "none" : table(what, list).text(screen.width());
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

    private static TextTable table(String what, List<?> list) {
        return switch (what) {
            case "realms" -> realms(list);
            case "transports" -> transports(list);
            case "sessions" -> sessions(list);
            default -> names(list);
        };
    }

    private static TextTable names(List<?> list) {
        TextTable table = new TextTable().whole("NAME");
        list.forEach(table::row);
        return table;
    }

    private static Map<?, ?> inner(Map<?, ?> map, String key) {
        return map.get(key) instanceof Map<?, ?> inner ? inner : Map.of();
    }

    private static TextTable realms(List<?> list) {
        TextTable table = new TextTable()
                .whole("REALM")
                .column("URI", 1, 10)
                .column("ROLES", 2, 10)
                .whole("SESSIONS")
                .whole("REGISTRATIONS")
                .whole("SUBSCRIPTIONS");
        for (Object one : list) {
            Map<?, ?> realm = (Map<?, ?>) one;
            Map<?, ?> figures = inner(realm, "figures");
            String roles = inner(realm, "roles").keySet().stream()
                    .map(String::valueOf)
                    .sorted()
                    .collect(Collectors.joining(","));
            table.row(
                    realm.get("id"),
                    realm.get("name"),
                    roles,
                    figures.get("sessions"),
                    figures.get("registrations"),
                    figures.get("subscriptions"));
        }
        return table;
    }

    private static TextTable transports(List<?> list) {
        TextTable table = new TextTable()
                .whole("TRANSPORT")
                .whole("TYPE")
                .column("ADDRESS", 1, 10)
                .whole("STATE")
                .whole("CONNECTIONS")
                .whole("TAKEN")
                .whole("REFUSED");
        for (Object one : list) {
            Map<?, ?> transport = (Map<?, ?>) one;
            table.row(
                    transport.get("id"),
                    inner(transport, "options").get("type"),
                    transport.get("address"),
                    transport.get("state"),
                    transport.get("connections"),
                    transport.get("taken"),
                    transport.get("refused"));
        }
        return table;
    }

    private static TextTable sessions(List<?> list) {
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
        return table;
    }
}
