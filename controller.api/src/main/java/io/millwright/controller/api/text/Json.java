package io.millwright.controller.api.text;

import io.millwright.controller.api.Documents;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Writes values as JSON: the only place that does, for the shell, files, the log and remote sessions. What a value becomes is
 * said by {@link Documents#convert}. Thread-safe; does not block.
 */
public final class Json {
    /** What the JVM writes to a terminal or stream in any other encoding would lose characters that it does not have. */
    private static final boolean ANY_CHARACTER = isUtf8(System::getProperty);

    private Json() {}

    /**
     * One JSON document on one line.
     *
     * @param value anything {@link Documents#convert} takes; a number that is none (NaN, infinite) is {@code null}
     * @return the text, without spaces, pure JSON in which nothing is a command to a terminal: all controls are escaped, and all
     *     characters beyond ASCII where UTF-8 is not the encoding of the JVM's standard output
     */
    public static String write(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return ANY_CHARACTER ? out.toString() : ascii(out);
    }

    /**
     * Whether standard output is in UTF-8, by the JVM's system properties: from JDK 18 on its default charset is UTF-8 in every locale. An
     * encoding that is not known is not UTF-8.
     */
    static boolean isUtf8(UnaryOperator<@Nullable String> properties) {
        for (String key : new String[] {"stdout.encoding", "native.encoding"}) {
            String name = properties.apply(key);
            if (name != null && !name.isBlank()) {
                try {
                    return Charset.forName(name).equals(StandardCharsets.UTF_8);
                } catch (IllegalArgumentException unknown) {
                    return false;
                }
            }
        }
        return Charset.defaultCharset().equals(StandardCharsets.UTF_8);
    }

    /** The same JSON in ASCII: what is beyond it stands in texts only. */
    static String ascii(CharSequence json) {
        StringBuilder out = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c > 0x7e) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static void write(@Nullable Object value, StringBuilder out) {
        if (value instanceof String text) {
            quote(text, out);
        } else if (value instanceof Map<?, ?> map) {
            char before = '{';
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(before);
                quote(String.valueOf(entry.getKey()), out);
                out.append(':');
                write(entry.getValue(), out);
                before = ',';
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof Iterable<?> list) {
            out.append('[');
            int begin = out.length();
            for (Object element : list) {
                if (out.length() > begin) {
                    out.append(',');
                }
                write(element, out);
            }
            out.append(']');
        } else if (value instanceof Number number) {
            out.append(Double.isFinite(number.doubleValue()) || isExact(number) ? number.toString() : "null");
        } else if (value == null || value instanceof Boolean) {
            out.append(value);
        } else {
            write(Documents.convert(value), out);
        }
    }

    /** A big number overflows a double and is a number all the same. */
    private static boolean isExact(Number number) {
        return !(number instanceof Double || number instanceof Float);
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    boolean half = Character.isSurrogate(c);
                    if (Character.isISOControl(c) || (half ? isHalf(text, i) : Printable.isMisleading(c))) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** Whether the character is a surrogate without its other half, which UTF-8 cannot write. */
    private static boolean isHalf(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }
}
