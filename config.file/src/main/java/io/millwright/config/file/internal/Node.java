package io.millwright.config.file.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value of a configuration text and the line it stands in (that of its key, where it has one). Not changed once read.
 *
 * @param line counted from 1
 * @param value a {@code String}, {@code Boolean}, {@code Long}, {@code Double}, {@link io.millwright.options.WrittenNumber}, {@code Map<String, Node>},
 *     {@code List<Node>}, or {@code null}
 */
record Node(int line, @Nullable Object value) {
    @SuppressWarnings("unchecked")
    @Nullable
    Map<String, Node> members() {
        return value instanceof Map<?, ?> ? (Map<String, Node>) value : null;
    }

    @SuppressWarnings("unchecked")
    @Nullable
    List<Node> elements() {
        return value instanceof List<?> ? (List<Node>) value : null;
    }

    /** The value as others take it: no lines. */
    @Nullable
    Object plain() {
        Map<String, Node> members = members();
        if (members != null) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            members.forEach((key, member) -> map.put(key, member.plain()));
            return map;
        }
        List<Node> elements = elements();
        if (elements != null) {
            List<@Nullable Object> list = new ArrayList<>(elements.size());
            elements.forEach(element -> list.add(element.plain()));
            return list;
        }
        return value;
    }

    /** What it is, for a sentence. */
    String kind() {
        if (value == null) {
            return "null (no value)";
        } else if (value instanceof String) {
            return "a text";
        } else if (value instanceof Boolean) {
            return "true or false";
        } else if (value instanceof Number) {
            return "a number";
        }
        return value instanceof List<?> ? "a list" : "an object";
    }
}
