package io.millwright.wamp.internal.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.serial.Serializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JSON with Jackson's streaming parser. */
final class JsonInput extends Input {
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Serializer.MAX_DEPTH)
                    .maxNumberLength(Serializer.MAX_DIGITS)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final JsonParser parser;
    private final boolean escapedNul;
    /** The token that begins the next element, {@code null} when it is not read yet. */
    private @Nullable JsonToken ahead;

    private int end;

    JsonInput(byte[] bytes) {
        escapedNul = check(bytes);
        try {
            parser = FACTORY.createParser(bytes);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Refuses what is not UTF-8 text or has bytes that JSON has nowhere; answers whether {@code \\u0000} is in it. */
    private static boolean check(byte[] bytes) {
        int invalid = Utf8.invalidAt(bytes, 0, bytes.length);
        if (invalid != bytes.length) {
            throw new WampProtocolException("this is no JSON: not UTF-8 at byte " + invalid);
        }
        boolean nul = false;
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t') {
                throw new WampProtocolException("this is no JSON: a control character at byte " + i);
            }
            nul |= b == '0' && i >= 5 && isEscapedNul(bytes, i - 5);
        }
        return nul;
    }

    private static boolean isEscapedNul(byte[] bytes, int i) {
        return bytes[i] == '\\'
                && bytes[i + 1] == 'u'
                && bytes[i + 2] == '0'
                && bytes[i + 3] == '0'
                && bytes[i + 4] == '0';
    }

    private static WampProtocolException broken(Exception e) {
        if (e instanceof JsonEOFException) {
            return new WampProtocolException("this is no JSON: it ends too early", e);
        }
        if (e instanceof StreamConstraintsException) {
            return new WampProtocolException(
                    "this is no JSON that is taken: it is nested more than " + Serializer.MAX_DEPTH
                            + " levels deep, or has a number of more than " + Serializer.MAX_DIGITS + " digits",
                    e);
        }
        String reason = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.toString();
        StringBuilder shown = new StringBuilder("this is no JSON: ");
        for (int i = 0; i < Math.min(200, reason.length()); i++) {
            char c = reason.charAt(i);
            shown.append(c < ' ' || c > '~' ? '?' : c);
        }
        return new WampProtocolException(shown.toString(), e);
    }

    /** Whatever Jackson throws at a peer's bytes is the peer's fault. */
    private JsonToken token() {
        try {
            JsonToken token = parser.nextToken();
            if (token == null) {
                throw new WampProtocolException("this is no JSON: it ends too early");
            }
            return token;
        } catch (IOException | IllegalStateException | IndexOutOfBoundsException e) {
            throw broken(e);
        }
    }

    @Override
    void beginMessage() {
        if (token() != JsonToken.START_ARRAY) {
            throw new WampProtocolException("a message is a list; this JSON is none");
        }
    }

    @Override
    boolean hasNext() {
        if (ahead == null) {
            ahead = token();
        }
        return ahead != JsonToken.END_ARRAY;
    }

    @Override
    int begin() {
        hasNext();
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    @Override
    int end() {
        return end;
    }

    @Override
    @Nullable
    Object next(boolean keep) {
        JsonToken token = ahead == null ? token() : ahead;
        ahead = null;
        Object value = read(token, 1, keep);
        if (!keep) {
            finish();
            end = (int) parser.currentLocation().getByteOffset();
        }
        return value;
    }

    /** The parser leaves a text where it begins until it is asked for. */
    private void finish() {
        try {
            parser.finishToken();
        } catch (IOException | IllegalStateException | IndexOutOfBoundsException e) {
            throw broken(e);
        }
    }

    @Override
    void endMessage() {
        try {
            if (parser.nextToken() != null) {
                throw new WampProtocolException("this is no JSON: something follows the message");
            }
        } catch (IOException | IllegalStateException | IndexOutOfBoundsException e) {
            throw broken(e);
        }
    }

    @Override
    boolean mustDecode() {
        return escapedNul;
    }

    private @Nullable Object read(JsonToken token, int depth, boolean keep) {
        count();
        return switch (token) {
            case START_ARRAY -> list(deeper(depth), keep);
            case START_OBJECT -> map(deeper(depth), keep);
            case VALUE_STRING -> keep ? text() : SOMETHING;
            case VALUE_NUMBER_INT -> whole();
            case VALUE_NUMBER_FLOAT -> floating();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> null;
            default -> throw new WampProtocolException("this is no JSON: a value is missing");
        };
    }

    private List<?> list(int depth, boolean keep) {
        List<Object> list = SOME_LIST;
        for (JsonToken token = token(); token != JsonToken.END_ARRAY; token = token()) {
            Object value = read(token, depth, keep);
            if (keep) {
                list = list.isEmpty() ? new ArrayList<>() : list;
                list.add(value);
            }
        }
        return list.isEmpty() ? list : Collections.unmodifiableList(list);
    }

    private Map<String, ?> map(int depth, boolean keep) {
        Map<String, Object> map = SOME_MAP;
        for (JsonToken token = token(); token != JsonToken.END_OBJECT; token = token()) {
            count();
            String key = keep ? name() : "";
            Object value = read(token(), depth, keep);
            if (keep) {
                map = map.isEmpty() ? new LinkedHashMap<>() : map;
                map.put(key, value);
            }
        }
        return map.isEmpty() ? map : Collections.unmodifiableMap(map);
    }

    private String name() {
        try {
            return parser.currentName();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private Object text() {
        String text;
        try {
            text = parser.getText();
        } catch (IOException | IllegalStateException | IndexOutOfBoundsException e) {
            throw broken(e);
        }
        return text.isEmpty() || text.charAt(0) != 0 ? text : binary(text);
    }

    private static byte[] binary(String text) {
        try {
            return Base64.getDecoder().decode(text.substring(1));
        } catch (IllegalArgumentException e) {
            throw new WampProtocolException(
                    "a text that begins with U+0000 is a binary value, and what follows must be Base64", e);
        }
    }

    private Object whole() {
        try {
            return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    ? parser.getBigIntegerValue()
                    : (Object) parser.getLongValue();
        } catch (IOException | NumberFormatException e) {
            throw broken(e);
        }
    }

    private Object floating() {
        try {
            double value = parser.getDoubleValue();
            if (Double.isInfinite(value)) {
                throw new WampProtocolException("this is no JSON that can be kept: a number is beyond a double");
            }
            return value;
        } catch (IOException | NumberFormatException e) {
            throw broken(e);
        }
    }
}
