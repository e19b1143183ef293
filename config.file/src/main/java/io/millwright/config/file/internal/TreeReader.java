package io.millwright.config.file.internal;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.millwright.controller.api.Problem;
import io.millwright.options.WrittenNumber;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads a text into a tree that knows its lines. The elements of the root's longest member, a list, are handed out one by one
 * and not kept. For one text and one thread.
 */
final class TreeReader {
    /** A number of JSON, which is one to YAML too. */
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[eE][+-]?[0-9]++)?");

    /** The tags of YAML for what JSON has too; a binary value is refused by itself. */
    private static final Pattern KNOWN_TAG =
            Pattern.compile("tag:yaml\\.org,2002:(?:str|int|float|bool|null|map|seq|binary)");

    private final Syntax syntax;
    private final String text;
    private final JsonParser parser;
    private final List<Problem> problems;
    private final Deque<Level> open = new ArrayDeque<>();

    private final String streamed;
    private final ElementHandler handler;

    /** Takes the elements of the streamed list. */
    interface ElementHandler {
        /** Takes the element with that index; it is forgotten afterwards. */
        void element(int index, Node element);
    }

    /** An object or list that is not at its end, and the step of the path that is being read in it. */
    private static final class Level {
        final int line;
        String step = "";

        Level(int line) {
            this.line = line;
        }
    }

    private TreeReader(
            Syntax syntax,
            String text,
            JsonParser parser,
            List<Problem> problems,
            String streamed,
            ElementHandler handler) {
        this.syntax = syntax;
        this.text = text;
        this.parser = parser;
        this.problems = problems;
        this.streamed = streamed;
        this.handler = handler;
    }

    /**
     * Reads a text.
     *
     * @param problems gets what is wrong but can be read over: keys given twice, numbers out of range
     * @param streamed the member of the root that, if it is a list, comes out empty
     * @param handler gets that list's elements, while the text is read
     * @throws MalformedException if the text cannot be read to its end
     */
    static Node read(Syntax syntax, String text, List<Problem> problems, String streamed, ElementHandler handler)
            throws MalformedException {
        TreeReader reader = null;
        try (JsonParser parser = syntax.open(text)) {
            reader = new TreeReader(syntax, text, parser, problems, streamed, handler);
            return reader.document();
        } catch (JsonProcessingException e) {
            Level innermost = reader == null ? null : reader.open.peekLast();
            throw syntax.explain(e, text, innermost == null ? 0 : innermost.line);
        } catch (IOException | YAMLException e) {
            throw new MalformedException(1, "the " + syntax + " cannot be read: " + e.getMessage());
        }
    }

    private Node document() throws IOException, MalformedException {
        if (parser.nextToken() == null) {
            throw new MalformedException(
                    1,
                    "the file is empty; it must hold an object, at least "
                            + (syntax == Syntax.JSON ? "{\"version\": 2}" : "version: 2"));
        }
        Node root = value(line());
        if (parser.nextToken() != null) {
            throw new MalformedException(
                    line(), "there is more after the end of the document; one file holds one object");
        }
        return root;
    }

    private Node value(int line) throws IOException, MalformedException {
        refuseTag();
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> object(line);
            case START_ARRAY -> list(line);
            case VALUE_STRING -> string(line);
            case VALUE_NUMBER_INT -> new Node(line, integer(line));
            case VALUE_NUMBER_FLOAT -> new Node(line, decimal(line));
            case VALUE_TRUE -> new Node(line, Boolean.TRUE);
            case VALUE_FALSE -> new Node(line, Boolean.FALSE);
            case VALUE_NULL -> new Node(line, null);
            default ->
                throw new MalformedException(
                        line,
                        "binary and other special values are not supported; write a text, number, list or object");
        };
    }

    private Node object(int line) throws IOException, MalformedException {
        Level level = enter(line);
        Map<String, Node> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            int keyLine = line();
            refuseTag();
            level.step = key;
            refuseHalves(keyLine, key);
            parser.nextToken();
            boolean stream = open.size() == 1 && key.equals(streamed) && !members.containsKey(key);
            Node member =
                    stream && parser.currentToken() == JsonToken.START_ARRAY ? list(keyLine, handler) : value(keyLine);
            Node first = members.putIfAbsent(key, member);
            if (first != null) {
                report(keyLine, "the key '" + key + "' is given twice, first in line " + first.line() + "; remove one");
            }
        }
        open.removeLast();
        return new Node(line, members);
    }

    private Node list(int line) throws IOException, MalformedException {
        List<Node> elements = new ArrayList<>(4);
        list(line, (index, element) -> elements.add(element));
        return new Node(line, elements);
    }

    private Node list(int line, ElementHandler elements) throws IOException, MalformedException {
        Level level = enter(line);
        for (int index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
            level.step = "[" + index + "]";
            elements.element(index, value(line()));
        }
        open.removeLast();
        return new Node(line, List.of());
    }

    private Level enter(int line) throws MalformedException {
        if (open.size() == Syntax.MAX_DEPTH) {
            throw new MalformedException(
                    line(), "objects and lists are nested more than " + Syntax.MAX_DEPTH + " levels deep");
        }
        Level level = new Level(line);
        open.addLast(level);
        return level;
    }

    private Node string(int line) throws IOException, MalformedException {
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            throw new MalformedException(line(), "aliases ('*name') are not supported; write the value out here");
        }
        String string = parser.getText();
        refuseHalves(line, string);
        return new Node(line, string);
    }

    private void refuseHalves(int line, String text) {
        if (hasHalfACharacter(text)) {
            report(
                    line,
                    "the text has half of a character (a surrogate without its other half), which no file, argument or "
                            + "variable can hold; write both halves, as in \\ud83d\\ude00");
        }
    }

    private static boolean hasHalfACharacter(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isHighSurrogate(text.charAt(i))
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** A tag of another kind of value than there are would be read over in silence. */
    private void refuseTag() throws IOException, MalformedException {
        if (syntax == Syntax.YAML
                && parser.getTypeId() instanceof String tag
                && !tag.isEmpty()
                && !KNOWN_TAG.matcher(tag).matches()) {
            throw new MalformedException(
                    line(),
                    "tags ('!name') but those of plain values ('!!str', '!!int' …) are not supported; write a plain value");
        }
    }

    private Object integer(int line) throws IOException {
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            report(line, "the number is out of range; whole numbers are at most " + Long.MAX_VALUE);
            return 0L;
        }
        return asWritten(parser.getLongValue());
    }

    private Object decimal(int line) throws IOException {
        if (!Double.isFinite(parser.getDoubleValue())) {
            report(line, "the number is out of range; it must be finite and below " + Double.MAX_VALUE);
            return 0L;
        }
        return asWritten(parser.getDoubleValue());
    }

    /** The number; but what YAML takes for another one than it looks like (0755, 1_0) stays a text, an argument it may be. */
    private Object asWritten(Number number) throws IOException {
        String written = parser.getText();
        if (written.equals(number.toString())) {
            return number;
        }
        return NUMBER.matcher(written).matches() ? new WrittenNumber(written) : written;
    }

    private void report(int line, String message) {
        StringBuilder path = new StringBuilder();
        for (Level level : open) {
            if (!path.isEmpty() && !level.step.startsWith("[")) {
                path.append('.');
            }
            path.append(level.step);
        }
        problems.add(Problem.of(path.toString(), line, message, Problem.Kind.DEFINITION));
    }

    private int line() {
        JsonLocation location = parser.currentTokenLocation();
        return Math.max(1, location.getLineNr());
    }
}
