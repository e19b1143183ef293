package io.millwright.worker.runtime.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON that a node writes, and writes what is to be read again. A worker has no library for it, so that its application may bring whichever it likes; what is no
 * JSON is found out, if not always at once. For one thread.
 */
public final class JsonText {
    private static final int DEEPEST = 200;

    private final String text;
    private int at;

    private JsonText(String text) {
        this.text = text;
    }

    /**
     * The value of a text.
     *
     * @return a text, {@link Boolean}, {@link Long}, {@link Double}, a list or a map; {@code null} for {@code null}
     * @throws IllegalArgumentException if it is no JSON
     */
    public static @Nullable Object parse(String text) {
        JsonText json = new JsonText(text);
        Object value = json.value(0);
        if (json.next() != 0) {
            throw json.wrong();
        }
        return value;
    }

    /**
     * The text of a value.
     *
     * @param value as {@link #parse} answers; what is none of these is written as its text
     */
    public static String write(@Nullable Object value) {
        StringBuilder json = new StringBuilder();
        write(json, value);
        return json.toString();
    }

    private static void write(StringBuilder json, @Nullable Object value) {
        if (value == null || value instanceof Boolean || isNumber(value)) {
            json.append(value);
        } else if (value instanceof Map<?, ?> map) {
            String before = "{";
            for (Map.Entry<?, ?> one : map.entrySet()) {
                quote(json.append(before), String.valueOf(one.getKey()));
                write(json.append(':'), one.getValue());
                before = ",";
            }
            json.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            String before = "[";
            for (Object one : list) {
                write(json.append(before), one);
                before = ",";
            }
            json.append(list.isEmpty() ? "[]" : "]");
        } else {
            quote(json, value.toString());
        }
    }

    private static boolean isNumber(Object value) {
        return value instanceof Number number && Double.isFinite(number.doubleValue());
    }

    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    private IllegalArgumentException wrong() {
        return new IllegalArgumentException("this is no JSON at character " + at);
    }

    /** The next character that is no white space, 0 at the end. */
    private char next() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    private @Nullable Object value(int depth) {
        if (depth > DEEPEST) {
            throw wrong();
        }
        return switch (next()) {
            case '{' -> map(depth + 1);
            case '[' -> list(depth + 1);
            case '"' -> string();
            default -> word();
        };
    }

    private Map<String, @Nullable Object> map(int depth) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        at++;
        while (!isEnd('}', map.isEmpty())) {
            if (next() != '"') {
                throw wrong();
            }
            String key = string();
            if (next() != ':') {
                throw wrong();
            }
            at++;
            map.put(key, value(depth));
        }
        return Collections.unmodifiableMap(map);
    }

    private List<@Nullable Object> list(int depth) {
        List<@Nullable Object> list = new ArrayList<>();
        at++;
        while (!isEnd(']', list.isEmpty())) {
            list.add(value(depth));
        }
        return Collections.unmodifiableList(list);
    }

    /** Whether there is no further element; goes past the end or the comma. */
    private boolean isEnd(char end, boolean first) {
        char next = next();
        if (next != end && first) {
            return false;
        }
        if (next != end && next != ',') {
            throw wrong();
        }
        at++;
        return next == end;
    }

    private String string() {
        StringBuilder plain = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return plain.toString();
            }
            plain.append(c == '\\' ? escaped() : c);
        }
        throw wrong();
    }

    private char escaped() {
        if (at >= text.length()) {
            throw wrong();
        }
        char c = text.charAt(at++);
        int known = "bfnrt".indexOf(c);
        if (known >= 0) {
            return "\b\f\n\r\t".charAt(known);
        }
        if (c != 'u') {
            return c;
        }
        if (at + 4 > text.length()) {
            throw wrong();
        }
        at += 4;
        return (char) Integer.parseInt(text.substring(at - 4, at), 16);
    }

    private @Nullable Object word() {
        int begin = at;
        while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(begin, at);
        switch (word) {
            case "true":
                return Boolean.TRUE;
            case "false":
                return Boolean.FALSE;
            case "null":
                return null;
            default:
                break;
        }
        try {
            return Long.valueOf(word);
        } catch (NumberFormatException e) {
            // No whole number, or a large one.
            return Double.valueOf(word);
        }
    }
}
