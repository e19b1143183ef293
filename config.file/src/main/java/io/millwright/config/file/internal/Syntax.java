package io.millwright.config.file.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.millwright.options.JsonSentences;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * The two languages a node file may be written in: makes their parsers and says in a sentence what breaks their rules. The
 * sentences never quote values of the text, which may be secrets.
 */
enum Syntax {
    /** RFC 8259, nothing added. */
    JSON {
        @Override
        JsonParser open(String text) throws IOException {
            return JsonFactory.builder()
                    .streamReadConstraints(constraints())
                    .build()
                    .createParser(text);
        }
    },
    /** YAML without anchors and with one document. */
    YAML {
        @Override
        JsonParser open(String text) throws IOException {
            LoaderOptions options = new LoaderOptions();
            options.setCodePointLimit(Integer.MAX_VALUE);
            return YAMLFactory.builder()
                    .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
                    // "executable: yes" names a program.
                    .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
                    .loaderOptions(options)
                    .streamReadConstraints(constraints())
                    .build()
                    .createParser(text);
        }
    };

    private static final Pattern THING = Pattern.compile("'?<([a-z ]+)>'?");
    private static final Map<String, String> THINGS = Map.of(
            "stream end", "the end of the text",
            "block end", "the end of the lines that belong together",
            "block mapping start", "an object's first key",
            "block sequence start", "a list",
            "scalar", "a value",
            "document start", "'---'");

    /** How deep objects and lists may be nested. */
    static final int MAX_DEPTH = 100;

    abstract JsonParser open(String text) throws IOException;

    private static StreamReadConstraints constraints() {
        return StreamReadConstraints.builder()
                // The tree's reader counts for itself, one level earlier and with a better sentence.
                .maxNestingDepth(MAX_DEPTH + 10)
                .build();
    }

    /** What a parser's exception means; {@code openLine} is where the innermost open object or list began, 0 for none. */
    MalformedException explain(JsonProcessingException fault, String text, int openLine) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof MarkedYAMLException marked) {
                return explain(marked);
            } else if (cause instanceof ReaderException unreadable) {
                return explain(unreadable, text);
            }
        }
        JsonLocation location = fault.getLocation();
        int line = location == null ? 1 : Math.max(1, location.getLineNr());
        String at = location == null || location.getColumnNr() < 1 ? "" : " at column " + location.getColumnNr();
        return malformed(line, at, sentence(fault, openLine));
    }

    private MalformedException malformed(int line, String at, String sentence) {
        return new MalformedException(line, "the " + name() + " is malformed" + at + ": " + sentence);
    }

    private String sentence(JsonProcessingException fault, int openLine) {
        String sentence = JsonSentences.of(fault.getOriginalMessage());
        if (fault instanceof JsonEOFException) {
            return sentence + (openLine == 0 ? "" : "; what was opened in line " + openLine + " is not closed");
        }
        return sentence.startsWith("comments ") ? sentence + ", or use node.yaml, where '#' begins one" : sentence;
    }

    private MalformedException explain(MarkedYAMLException fault) {
        Mark mark = fault.getProblemMark() != null ? fault.getProblemMark() : fault.getContextMark();
        String said = fault.getProblem() == null ? "it cannot be read" : plain(fault.getProblem());
        if (said.contains("'\\t")) {
            said += "; indent with spaces, not with tabs";
        } else if (said.contains("mapping values are not allowed here")) {
            said += "; is the indentation right, and are texts with ': ' in them quoted?";
        } else if (said.startsWith("expected " + THINGS.get("block end"))) {
            said = "this does not belong to the lines before; is the indentation right?";
        }
        Mark context = fault.getContextMark();
        if (mark != null && context != null && context.getLine() != mark.getLine()) {
            said += " (" + plain(String.valueOf(fault.getContext())) + " that begins in line " + (context.getLine() + 1)
                    + ")";
        }
        return malformed(
                mark == null ? 1 : mark.getLine() + 1,
                mark == null ? "" : " at column " + (mark.getColumn() + 1),
                said);
    }

    private MalformedException explain(ReaderException fault, String text) {
        int position = Math.max(0, Math.min(fault.getPosition(), text.length()));
        int line = 1
                + (int) text.substring(0, position)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        return malformed(
                line,
                "",
                "the character U+%04X is not allowed; write an escape in double quotes"
                        .formatted(fault.getCodePoint()));
    }

    /** The first line, with the things of YAML called as their authors call them. */
    private static String plain(String said) {
        int end = said.indexOf('\n');
        String line = (end < 0 ? said : said.substring(0, end))
                .replace("that cannot start any token", "that no value begins with");
        return THING.matcher(line)
                .replaceAll(thing -> Matcher.quoteReplacement(THINGS.getOrDefault(thing.group(1), thing.group(1))));
    }
}
