package io.millwright.controller.internal.options;

import java.util.Collection;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** As much JSON as standard input needs, so that the controller wants no library. Thread-safe. */
public final class Json {
    private static final Pattern SCALAR =
            Pattern.compile("true|false|null|-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[eE][+-]?[0-9]++)?"
                    + "|\"(?:[^\"\\\\\\x00-\\x1f]|\\\\(?:[\"\\\\/bfnrt]|u[0-9a-fA-F]{4}))*+\"");
    private static final int DEEPEST = 500;

    private Json() {}

    /**
     * Writes a value without spaces.
     *
     * @param value maps, collections, texts, numbers, booleans and {@code null}; any other object as its text
     */
    public static String write(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(@Nullable Object value, StringBuilder out) {
        if (value instanceof Map<?, ?> map) {
            char before = '{';
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(before);
                quote(String.valueOf(entry.getKey()), out);
                out.append(':');
                write(entry.getValue(), out);
                before = ',';
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof Collection<?> list) {
            char before = '[';
            for (Object element : list) {
                out.append(before);
                write(element, out);
                before = ',';
            }
            out.append(list.isEmpty() ? "[]" : "]");
        } else if (value == null || value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else {
            quote(value.toString(), out);
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c == '\n') {
                out.append("\\n");
            } else if (c < ' ' || Character.isSurrogate(c) && !isPaired(text, i)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private static boolean isPaired(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }

    /** Whether a text is one well-formed JSON value. */
    public static boolean isJson(String text) {
        return new Reader(text).isWhole();
    }

    /** Reads to see whether it can be read; for one thread. */
    private static final class Reader {
        private final String text;
        private final Matcher scalar;
        private int at;

        Reader(String text) {
            this.text = text;
            this.scalar = SCALAR.matcher(text);
        }

        boolean isWhole() {
            return value(0) && next() == 0 && at == text.length();
        }

        private boolean value(int depth) {
            char c = next();
            if (depth > DEEPEST) {
                return false;
            }
            if (c == '{' || c == '[') {
                at++;
                return elements(c == '{', depth + 1);
            }
            return scalar();
        }

        private boolean elements(boolean object, int depth) {
            char end = object ? '}' : ']';
            if (next() == end) {
                at++;
                return true;
            }
            while (true) {
                if (object && !(next() == '"' && scalar() && take(':')) || !value(depth)) {
                    return false;
                }
                if (!take(',')) {
                    return take(end);
                }
            }
        }

        private boolean scalar() {
            if (!scalar.region(at, text.length()).lookingAt()) {
                return false;
            }
            at = scalar.end();
            return true;
        }

        private boolean take(char wanted) {
            boolean there = next() == wanted;
            at += there ? 1 : 0;
            return there;
        }

        /** The next character that is no space, 0 at the end. */
        private char next() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            return at < text.length() ? text.charAt(at) : 0;
        }
    }
}
