package io.millwright.shell.gogo.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.millwright.options.JsonSentences;
import io.millwright.options.WrittenNumber;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JSON values a user gave: options of a worker. Its errors name the place and never quote a value. Thread-safe. */
public final class JsonInput {
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private JsonInput() {}

    /** Text that is not the JSON that was asked for; the message has the place. */
    public static final class Invalid extends Exception {
        private static final long serialVersionUID = 1L;

        Invalid(String message) {
            super(message);
        }
    }

    /**
     * Reads a whole text.
     *
     * @param text one JSON value
     * @return strings, numbers, booleans, lists, maps or {@code null}
     * @throws Invalid if it is something else
     */
    public static @Nullable Object value(String text) throws Invalid {
        try (JsonParser json = FACTORY.createParser(new StringReader(text))) {
            json.nextToken();
            Object value = value(json);
            if (json.nextToken() != null) {
                throw invalid(json, "something follows the value");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw invalid(e);
        } catch (IOException e) {
            throw new Invalid(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reads an object and stops at its closing brace, so that an operator who types needs no end of input.
     *
     * @param input where it comes from
     * @return its members
     * @throws Invalid if it is something else
     * @throws IOException if reading fails
     */
    public static Map<String, @Nullable Object> object(Reader input) throws Invalid, IOException {
        // not closed: the reader is the caller's
        JsonParser json = FACTORY.createParser(input);
        json.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
        try {
            JsonToken first = json.nextToken();
            if (first == null) {
                throw new Invalid("it is empty; a JSON object {\"option\": value, ...} is needed");
            }
            if (first != JsonToken.START_OBJECT) {
                throw invalid(json, "a JSON object {\"option\": value, ...} is needed");
            }
            Map<String, @Nullable Object> members = members(json);
            StringWriter rest = new StringWriter();
            json.releaseBuffered(rest);
            if (!rest.toString().isBlank()) {
                throw invalid(json, "something follows the object");
            }
            return members;
        } catch (JsonProcessingException e) {
            throw invalid(e);
        }
    }

    private static @Nullable Object value(JsonParser json) throws IOException, Invalid {
        JsonToken token = json.currentToken();
        if (token == null) {
            throw invalid(json, "a value is missing");
        }
        return switch (token) {
            case START_OBJECT -> members(json);
            case START_ARRAY -> elements(json);
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> asWritten(json);
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> null;
            default -> throw invalid(json, "a value is missing");
        };
    }

    /** A number as it is written (1.10): an argument of a program it may be. */
    private static Number asWritten(JsonParser json) throws IOException {
        Number number = json.getNumberValue();
        return number.toString().equals(json.getText()) ? number : new WrittenNumber(json.getText());
    }

    private static Map<String, @Nullable Object> members(JsonParser json) throws IOException, Invalid {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            if (members.containsKey(name)) {
                throw invalid(json, "the key '" + name + "' is given twice");
            }
            members.put(name, value(json));
        }
        return members;
    }

    private static List<@Nullable Object> elements(JsonParser json) throws IOException, Invalid {
        List<@Nullable Object> elements = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value(json));
        }
        return elements;
    }

    private static Invalid invalid(JsonParser json, String what) {
        return new Invalid("line " + json.currentLocation().getLineNr() + ", column "
                + json.currentLocation().getColumnNr() + ": " + what);
    }

    private static Invalid invalid(JsonProcessingException e) {
        String what = JsonSentences.of(e.getOriginalMessage());
        if (e.getLocation() == null) {
            return new Invalid(what);
        }
        return new Invalid("line " + e.getLocation().getLineNr() + ", column "
                + e.getLocation().getColumnNr() + ": " + what);
    }
}
