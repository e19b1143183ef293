package io.millwright.options;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a list that stands in one text as a JSON array of texts, numbers and booleans: the way to give several values in files
 * that know only text, such as {@code .cfg}. Thread-safe.
 */
public final class TextArray {
    private static final Pattern ELEMENT = Pattern.compile(
            "\\s*(?:\"((?:[^\"\\\\\\x00-\\x1f]|\\\\(?:[\"\\\\/bfnrt]|u[0-9a-fA-F]{4}))*+)\"|(true|false|-?[0-9][0-9.eE+-]*+))\\s*");

    private TextArray() {}

    /**
     * Reads a text.
     *
     * @param text what was given
     * @return the elements as texts, {@code null} if the text is no such array
     */
    public static @Nullable List<String> read(String text) {
        String trimmed = text.trim();
        if (!trimmed.startsWith("[") || !trimmed.endsWith("]")) {
            return null;
        }
        List<String> elements = new ArrayList<>();
        if (trimmed.substring(1, trimmed.length() - 1).isBlank()) {
            return elements;
        }
        Matcher matcher = ELEMENT.matcher(trimmed);
        int position = 1;
        while (matcher.region(position, trimmed.length()).lookingAt()) {
            String quoted = matcher.group(1);
            elements.add(quoted == null ? matcher.group(2) : unescape(quoted));
            char next = matcher.end() < trimmed.length() ? trimmed.charAt(matcher.end()) : ' ';
            if (next == ']') {
                return matcher.end() == trimmed.length() - 1 ? elements : null;
            }
            if (next != ',') {
                return null;
            }
            position = matcher.end() + 1;
        }
        return null;
    }

    static String unescape(String quoted) {
        if (quoted.indexOf('\\') < 0) {
            return quoted;
        }
        StringBuilder plain = new StringBuilder(quoted.length());
        for (int i = 0; i < quoted.length(); i++) {
            char c = quoted.charAt(i);
            if (c != '\\') {
                plain.append(c);
                continue;
            }
            char escaped = quoted.charAt(++i);
            switch (escaped) {
                case 'b' -> plain.append('\b');
                case 'f' -> plain.append('\f');
                case 'n' -> plain.append('\n');
                case 'r' -> plain.append('\r');
                case 't' -> plain.append('\t');
                case 'u' -> {
                    plain.append((char) Integer.parseInt(quoted.substring(i + 1, i + 5), 16));
                    i += 4;
                }
                default -> plain.append(escaped);
            }
        }
        return plain.toString();
    }
}
