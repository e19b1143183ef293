package io.millwright.controller.api.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes text from anywhere harmless on a terminal: what a terminal would take for a command, or for another order of the letters,
 * is shown as its number, {@code \x1b} for ESC. Nothing else is changed, and printable text is returned as it is. Thread-safe.
 */
public final class Printable {
    private static final String RESET = "\u001b[0m";

    /** Select Graphic Rendition: colours, bold, underlined; it writes nothing, moves nothing and asks nothing. */
    private static final Pattern SGR = Pattern.compile("\u001b\\[[0-9;:]*m");

    private Printable() {}

    /**
     * One line of text, for a cell of a table, a name, a title.
     *
     * @param text any text
     * @return the text without line ends: those and tabulators are spaces, all other controls visible
     */
    public static String line(String text) {
        return isPlain(text) ? text : escape(text, false);
    }

    /**
     * Text of several lines, for messages.
     *
     * @param text any text
     * @return the text with its line feeds and tabulators, all other controls visible
     */
    public static String lines(String text) {
        return isPlain(text) ? text : escape(text, true);
    }

    /**
     * A line a program wrote, with its colours.
     *
     * @param text any text
     * @return as {@link #lines}, but colours (SGR sequences) stay, and end with the text; a carriage return before a line end,
     *     as Windows programs write it, is left out
     */
    public static String coloured(String text) {
        if (isPlain(text)) {
            return text;
        }
        String kept = text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        StringBuilder line = new StringBuilder(kept.length() + 16);
        Matcher colours = SGR.matcher(kept);
        String last = RESET;
        int at = 0;
        while (colours.find()) {
            line.append(escape(kept.substring(at, colours.start()), true)).append(colours.group());
            last = colours.group();
            at = colours.end();
        }
        line.append(escape(kept.substring(at), true));
        return last.equals(RESET) || last.equals("\u001b[m")
                ? line.toString()
                : line.append(RESET).toString();
    }

    /** Nearly all text is; it costs no copy. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    private static String escape(String text, boolean keepsLines) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (c == '\n' || c == '\t') {
                safe.append(keepsLines ? (char) c : ' ');
            } else if (Character.isISOControl(c)) {
                safe.append(String.format("\\x%02x", c));
            } else if (isMisleading(c)) {
                safe.append(String.format("\\u%04x", c));
            } else {
                safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }

    /** Line ends of Unicode, characters that turn the order of others round, halves of a pair. */
    static boolean isMisleading(int c) {
        return c == 0x2028
                || c == 0x2029
                || (c >= 0x202a && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069)
                || (c >= 0xd800 && c <= 0xdfff);
    }
}
