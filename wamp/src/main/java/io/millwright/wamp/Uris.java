package io.millwright.wamp;

import org.jspecify.annotations.Nullable;

/**
 * URIs by the protocol's loose rule: components that are parted by dots, each of one or more characters, none of them white space, a control character, a dot
 * or {@code #}; at most {@link #MAX_BYTES} bytes of UTF-8.
 */
public final class Uris {
    /** The longest URI, in bytes of UTF-8. */
    public static final int MAX_BYTES = 255;

    private Uris() {}

    /** Whether a text is a URI. */
    public static boolean isUri(String text) {
        return fault(text, MatchPolicy.EXACT) == null;
    }

    /**
     * Whether a text is a pattern of the policy: as a URI for {@link MatchPolicy#EXACT}; the last component may be empty for {@link
     * MatchPolicy#PREFIX}, each may be for {@link MatchPolicy#WILDCARD}.
     */
    public static boolean isPattern(String text, MatchPolicy policy) {
        return fault(text, policy) == null;
    }

    /**
     * Checks a URI.
     *
     * @param what what it is, for the sentence: {@code "the topic of SUBSCRIBE"}
     * @throws WampProtocolException with {@link WampErrors#INVALID_URI}
     */
    public static String check(String text, String what) {
        return check(text, MatchPolicy.EXACT, what);
    }

    /** Checks a pattern as {@link #isPattern} does, and throws as {@link #check(String, String)}. */
    public static String check(String text, MatchPolicy policy, String what) {
        String fault = fault(text, policy);
        if (fault != null) {
            throw WampProtocolException.invalidUri(what + " is no URI" + (policy == MatchPolicy.EXACT ? "" : " pattern")
                    + ": " + fault + " ('" + shown(text) + "')");
        }
        return text;
    }

    private static @Nullable String fault(String text, MatchPolicy policy) {
        if (bytes(text) > MAX_BYTES) {
            return "it is longer than " + MAX_BYTES + " bytes";
        }
        boolean anyEmpty = policy == MatchPolicy.WILDCARD;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '#' || Character.isWhitespace(c) || Character.isSpaceChar(c) || c < ' ') {
                return "white space, control characters and # are not allowed";
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return "half a character is not allowed";
                }
                i++;
            } else if (c == '.') {
                if (i == start && !anyEmpty) {
                    return "a component is empty";
                }
                start = i + 1;
            }
        }
        return start == text.length() && policy == MatchPolicy.EXACT ? "a component is empty" : null;
    }

    /** The length in UTF-8; a text that is far too long is not counted to its end. */
    private static int bytes(String text) {
        if (text.length() > MAX_BYTES) {
            return text.length();
        }
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a surrogate pair counts two of its four bytes.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }

    /** A text of a peer, short and harmless in a log. */
    private static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < 60; i++) {
            char c = text.charAt(i);
            boolean harmless = c < 0x7f ? c >= ' ' : Character.isLetterOrDigit(c);
            shown.append(harmless ? c : '?');
        }
        return text.length() > 60 ? shown.append("...").toString() : shown.toString();
    }
}
