package io.millwright.controller.internal.options;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells JSON from other text, so that the controller wants no library. Thread-safe. */
public final class JsonSyntax {
    private static final Pattern SCALAR =
            Pattern.compile("true|false|null|-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[eE][+-]?[0-9]++)?"
                    + "|\"(?:[^\"\\\\\\x00-\\x1f]|\\\\(?:[\"\\\\/bfnrt]|u[0-9a-fA-F]{4}))*+\"");
    private static final int DEEPEST = 500;

    private JsonSyntax() {}

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
