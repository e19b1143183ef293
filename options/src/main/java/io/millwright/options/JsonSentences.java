package io.millwright.options;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a parser's complaint about a text that is no JSON means to its author: a parser speaks of its own classes and switches, and
 * quotes the text, which may hold secrets. Thread-safe.
 */
public final class JsonSentences {
    private static final Map<Pattern, String> SENTENCES = sentences();

    private JsonSentences() {}

    private static Map<Pattern, String> sentences() {
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("[Ee]nd-of-input", "the text ends too early");
        rows.put("comment|^Unexpected character \\('#'", "comments are not allowed in JSON; remove them");
        rows.put("^Number value length", "a number has more digits than can be read");
        rows.put("nesting depth", "objects and lists are nested too deep");
        rows.put("exceeds the maximum", "a text is longer than can be read");
        rows.put(
                "^Unrecognized token|^Non-standard token",
                "a text must be in double quotes; without them only numbers, true, false and null may stand");
        rows.put(
                "expected a v",
                "no value can begin with what stands here; is there a comma too many, or are single quotes used?");
        rows.put(
                "double-quote to start field name",
                "a key in double quotes should stand here; is there a comma too many, or are quotes missing?");
        rows.put("colon to separate", "a colon should stand here, between a key and its value");
        rows.put(
                "comma to separate",
                "a comma or a closing bracket should stand here; is the comma after the previous value missing?");
        rows.put(
                "^Illegal unquoted character",
                "a text may not contain a line end or other control character as it is; write \\n, \\t or \\u00XX");
        rows.put(
                "[Ee]scape|hex-digit",
                "after a backslash only \" \\ / b f n r t may stand, or u and four hex digits; a backslash itself is \\\\");
        rows.put("^Illegal character", "a control character stands here; only blanks, tabs and line ends may");
        rows.put("close marker", "another bracket was opened last than the one that is closed here");
        rows.put("root-level", "something follows the value");
        rows.put(
                "[Ll]eading zero",
                "a number does not begin with needless zeros; what is no number is in double quotes");
        rows.put(
                "[Nn]umeric value|[Dd]ecimal point|digit",
                "this is no number of JSON: no '+' before it, and digits before and after its point and its e; what is no"
                        + " number is in double quotes");
        rows.put("^Expected a field name", "a key must be a plain text, not a list or an object");
        Map<Pattern, String> compiled = new LinkedHashMap<>();
        rows.forEach((said, means) -> compiled.put(Pattern.compile(said), means));
        return compiled;
    }

    /**
     * The sentence for a complaint.
     *
     * @param complaint what the parser says
     * @return what is wrong, without its place
     */
    public static String of(@Nullable String complaint) {
        String said = complaint == null ? "" : complaint;
        return SENTENCES.entrySet().stream()
                .filter(row -> row.getKey().matcher(said).find())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("this is no JSON");
    }
}
