package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.UsageError;
import io.millwright.shell.gogo.internal.json.JsonInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code ID TYPE KEY=VALUE... [--json FILE|-] [-- EXECUTABLE ARG...]} into a worker's specification. */
final class StartRequest {
    /** A byte order mark, with which some editors begin a file. */
    private static final char MARK = '\ufeff';

    /** The lines of help that start and check share. */
    static final String HELP =
            """
              KEY=VALUE     an option, dotted (stop.timeout=5s); a value in [ ] or { } or " " is JSON
              --json FILE   a JSON object of options; '-' reads it from the input, which keeps secrets out of
                            the command line
              -- EXE ARG... executable and arguments""";

    private StartRequest() {}

    /** Whether the words are an id and a type, and not ids of known workers. */
    static boolean namesType(Invocation call, NodeController node) {
        Usage.Arguments arguments = call.arguments();
        List<String> words = arguments.words();
        if (arguments.rest() != null
                || arguments.value("--json") != null
                || words.stream().anyMatch(word -> word.indexOf('=') >= 0)) {
            return true;
        }
        return words.size() == 2 && isName(words.get(0)) && isName(words.get(1)) && !isKnown(words.get(1), node);
    }

    private static boolean isName(String word) {
        return word.indexOf('*') < 0 && word.indexOf('?') < 0;
    }

    private static boolean isKnown(String word, NodeController node) {
        try {
            node.getWorker(new WorkerId(word), NodeController.Detail.PLAIN);
            return true;
        } catch (NodeException e) {
            return false;
        }
    }

    /** The specification the words say. */
    static WorkerSpec of(Invocation call) {
        List<String> words = call.arguments().words();
        if (words.size() < 2 || words.get(0).indexOf('=') >= 0 || words.get(1).indexOf('=') >= 0) {
            throw new UsageError("the worker's id and type come first");
        }
        return WorkerSpec.of(call.id(), words.get(1), options(call, 2));
    }

    /** The options the words say, from one of them on. */
    static Map<String, @Nullable Object> options(Invocation call, int from) {
        List<String> words = call.arguments().words();
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        String file = call.arguments().value("--json");
        if (file != null) {
            options.putAll(file.equals("-") ? typed(call) : read(call, file));
        }
        Set<String> given = new HashSet<>();
        for (String word : words.subList(from, words.size())) {
            option(word, options, given);
        }
        List<String> command = call.arguments().rest();
        if (command != null) {
            command(command, options);
        }
        return options;
    }

    private static void option(String word, Map<String, @Nullable Object> options, Set<String> given) {
        int equals = word.indexOf('=');
        if (equals < 1) {
            throw new UsageError("'" + word + "' is not an option of the form KEY=VALUE");
        }
        String key = word.substring(0, equals);
        if (!given.add(key)) {
            throw new UsageError("option '" + key + "' is given twice");
        }
        options.put(key, value(key, word.substring(equals + 1)));
    }

    /** JSON where it looks like JSON, else the text: what numbers and booleans mean is for the option's type to say. */
    private static @Nullable Object value(String key, String text) {
        boolean structure = text.startsWith("[") || text.startsWith("{");
        if (!structure && !text.startsWith("\"")) {
            return text;
        }
        try {
            return JsonInput.value(text);
        } catch (JsonInput.Invalid e) {
            if (!structure) {
                return text;
            }
            throw new UsageError("the value of '" + key + "' begins like JSON and is none (" + e.getMessage()
                    + "); if it is a text, put it in double quotes as a JSON string");
        }
    }

    private static void command(List<String> command, Map<String, @Nullable Object> options) {
        if (command.isEmpty()) {
            throw new UsageError("an executable is missing after '--'");
        }
        for (String key : List.of("executable", "arguments")) {
            if (options.containsKey(key)) {
                throw new UsageError("'" + key + "' is given as an option and after '--'; give it once");
            }
        }
        options.put("executable", command.get(0));
        options.put("arguments", List.copyOf(command.subList(1, command.size())));
    }

    private static Map<String, @Nullable Object> typed(Invocation call) {
        try {
            return object(call.keyboard());
        } catch (JsonInput.Invalid e) {
            throw invalid("the JSON that was read from the input is not valid: " + e.getMessage());
        } catch (CharacterCodingException e) {
            throw invalid("the JSON that was read from the input is not UTF-8");
        } catch (IOException e) {
            throw invalid("the input could not be read: " + e);
        }
    }

    private static Map<String, @Nullable Object> read(Invocation call, String file) {
        try (InputStream in = Files.newInputStream(call.file(file))) {
            return object(in);
        } catch (JsonInput.Invalid e) {
            throw invalid(file + " is not valid JSON: " + e.getMessage());
        } catch (CharacterCodingException e) {
            throw invalid(file + " is not UTF-8");
        } catch (NoSuchFileException | InvalidPathException e) {
            throw new UsageError("there is no file '" + file
                    + "'; --json before a word names a file with options, as the last word it asks for JSON output");
        } catch (IOException e) {
            throw invalid(file + " could not be read: " + e);
        }
    }

    private static Map<String, @Nullable Object> object(InputStream in) throws IOException, JsonInput.Invalid {
        // a decoder that reports bytes that are no UTF-8 instead of replacing them
        PushbackReader reader = new PushbackReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
        int first = reader.read();
        if (first != MARK && first >= 0) {
            reader.unread(first);
        }
        return JsonInput.object(reader);
    }

    private static NodeException invalid(String message) {
        return new NodeException(ErrorCode.INVALID_CONFIGURATION, message);
    }
}
