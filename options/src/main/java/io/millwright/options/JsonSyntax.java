package io.millwright.options;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells JSON from other text and reads it, so that nobody here wants a library. Thread-safe. */
public final class JsonSyntax {
    private static final Pattern SCALAR =
            Pattern.compile("true|false|null|-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[eE][+-]?[0-9]++)?"
                    + "|\"(?:[^\"\\\\\\x00-\\x1f]|\\\\(?:[\"\\\\/bfnrt]|u[0-9a-fA-F]{4}))*+\"");
    /** Beyond a long, and not so long that to read it takes long. */
    private static final Pattern WHOLE = Pattern.compile("-?[1-9][0-9]{0,99}");

    private static final int DEEPEST = 500;

    /** What is no JSON. */
    private static final Object BAD = new Object();

    private JsonSyntax() {}

    /** Whether a text is one well-formed JSON value. */
    public static boolean isJson(String text) {
        return new Reader(text).whole() != BAD;
    }

    /**
     * Reads an object or array.
     *
     * @return maps, lists, texts, booleans, {@code Long}, {@link BigInteger} and {@code Double} (or a {@link WrittenNumber} that neither would write
     *     like that); {@code null} if the text is nothing of the kind, or gives a key twice
     */
    public static @Nullable Object structure(String text) {
        String trimmed = text.trim();
        if (!trimmed.startsWith("{") && !trimmed.startsWith("[")) {
            return null;
        }
        Object value = new Reader(trimmed).whole();
        return value == BAD ? null : value;
    }

    /** Reads one text; for one thread. */
    private static final class Reader {
        private final String text;
        private final Matcher scalar;
        private int at;

        Reader(String text) {
            this.text = text;
            this.scalar = SCALAR.matcher(text);
        }

        @Nullable
        Object whole() {
            Object value = value(0);
            return next() == 0 && at == text.length() ? value : BAD;
        }

        private @Nullable Object value(int depth) {
            char c = next();
            if (depth > DEEPEST) {
                return BAD;
            } else if (c == '{') {
                at++;
                return object(depth + 1);
            } else if (c == '[') {
                at++;
                return array(depth + 1);
            }
            return scalar();
        }

        private Object object(int depth) {
            Map<String, @Nullable Object> members = new LinkedHashMap<>();
            if (take('}')) {
                return members;
            }
            do {
                Object name = next() == '"' ? scalar() : BAD;
                if (!(name instanceof String key) || !take(':')) {
                    return BAD;
                }
                Object value = value(depth);
                if (value == BAD || members.containsKey(key)) {
                    return BAD;
                }
                members.put(key, value);
            } while (take(','));
            return take('}') ? members : BAD;
        }

        private Object array(int depth) {
            List<@Nullable Object> elements = new ArrayList<>();
            if (take(']')) {
                return elements;
            }
            do {
                Object value = value(depth);
                if (value == BAD) {
                    return BAD;
                }
                elements.add(value);
            } while (take(','));
            return take(']') ? elements : BAD;
        }

        private @Nullable Object scalar() {
            if (!scalar.region(at, text.length()).lookingAt()) {
                return BAD;
            }
            String found = scalar.group();
            at = scalar.end();
            return switch (found) {
                case "true" -> Boolean.TRUE;
                case "false" -> Boolean.FALSE;
                case "null" -> null;
                default ->
                    found.startsWith("\"") ? TextArray.unescape(found.substring(1, found.length() - 1)) : number(found);
            };
        }

        private static Number number(String written) {
            BigDecimal number = Units.decimal(written);
            Long whole = number == null ? null : Units.whole(number);
            if (whole != null && whole.toString().equals(written)) {
                return whole;
            }
            if (whole == null && WHOLE.matcher(written).matches()) {
                return new BigInteger(written);
            }
            double fraction = Double.parseDouble(written);
            return Double.toString(fraction).equals(written) ? (Number) fraction : new WrittenNumber(written);
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
