package io.millwright.remote.cli;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.CallerKind;
import io.millwright.controller.api.WorkerId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A document of the node's as it came over the wire, read by keys. A value that is not of the kind that is asked for is refused: the node is of
 * another version then. Immutable.
 */
final class Values {
    private final Map<String, Object> map;

    private Values(Map<String, Object> map) {
        this.map = map;
    }

    @SuppressWarnings("unchecked") // keys of maps are texts in all serializers
    static Values of(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return new Values((Map<String, Object>) map);
        }
        throw strange("a document", value);
    }

    private static IllegalArgumentException strange(String wanted, @Nullable Object value) {
        return new IllegalArgumentException("the node answers " + (value == null ? "nothing" : "'" + value + "'")
                + " where " + wanted + " is expected; it may be of another version than this client");
    }

    /** Each of a list. */
    static <T> List<T> list(@Nullable Object value, Function<Values, T> one) {
        List<T> list = new ArrayList<>();
        for (Object element : plain(value)) {
            list.add(one.apply(of(element)));
        }
        return List.copyOf(list);
    }

    private static List<?> plain(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw strange("a list", value);
    }

    <T> List<T> list(String key, Function<Values, T> one) {
        return list(map.get(key), one);
    }

    Map<String, Object> all() {
        return map;
    }

    boolean has(String key) {
        return map.get(key) != null;
    }

    @Nullable
    Values inner(String key) {
        return has(key) ? of(map.get(key)) : null;
    }

    String text(String key) {
        String text = textOrNull(key);
        if (text == null) {
            throw strange("a text for " + key, null);
        }
        return text;
    }

    @Nullable
    String textOrNull(String key) {
        Object value = map.get(key);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw strange("a text for " + key, value);
    }

    /** Bytes; a serializer that has none may bring them as a text. */
    byte[] bytes(String key) {
        return map.get(key) instanceof byte[] bytes ? bytes : text(key).getBytes(StandardCharsets.UTF_8);
    }

    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        plain(map.get(key)).forEach(value -> texts.add(String.valueOf(value)));
        return List.copyOf(texts);
    }

    List<Integer> numbers(String key) {
        return numbers(map.get(key));
    }

    /** A list of numbers. */
    static List<Integer> numbers(@Nullable Object value) {
        List<Integer> numbers = new ArrayList<>();
        for (Object one : plain(value)) {
            if (!(one instanceof Number number)) {
                throw strange("a number", one);
            }
            numbers.add(number.intValue());
        }
        return List.copyOf(numbers);
    }

    boolean flag(String key) {
        return Boolean.TRUE.equals(map.get(key));
    }

    @Nullable
    Double decimalOrNull(String key) {
        Object value = map.get(key);
        if (value == null || value instanceof Number) {
            return value == null ? null : ((Number) value).doubleValue();
        }
        throw strange("a number", value);
    }

    long number(String key) {
        Long number = numberOrNull(key);
        if (number == null) {
            throw strange("a number for " + key, null);
        }
        return number;
    }

    @Nullable
    Long numberOrNull(String key) {
        Object value = map.get(key);
        if (value == null) {
            return null;
        }
        if (value instanceof Number number) {
            return number.longValue();
        }
        throw strange("a number for " + key, value);
    }

    @Nullable
    Integer intOrNull(String key) {
        Long number = numberOrNull(key);
        return number == null ? null : Math.toIntExact(number);
    }

    Instant time(String key) {
        Instant time = timeOrNull(key);
        if (time == null) {
            throw strange("a time for " + key, null);
        }
        return time;
    }

    @Nullable
    Instant timeOrNull(String key) {
        String text = textOrNull(key);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw strange("a time for " + key, text);
        }
    }

    Duration duration(String key) {
        Duration duration = durationOrNull(key);
        if (duration == null) {
            throw strange("a length of time for " + key, null);
        }
        return duration;
    }

    @Nullable
    Duration durationOrNull(String key) {
        Object value = map.get(key);
        if (value == null) {
            return null;
        }
        if (value instanceof Number seconds) {
            return Duration.ofMillis(Math.round(seconds.doubleValue() * 1000));
        }
        throw strange("a length of time for " + key, value);
    }

    WorkerId id() {
        return new WorkerId(text("id"));
    }

    Caller caller(String key) {
        Caller caller = callerOrNull(key);
        if (caller == null) {
            throw strange("a caller for " + key, null);
        }
        return caller;
    }

    @Nullable
    Caller callerOrNull(String key) {
        String who = textOrNull(key);
        if (who == null) {
            return null;
        }
        int colon = who.indexOf(':');
        String kind = colon < 0 ? who : who.substring(0, colon);
        CallerKind known = constant(CallerKind.class, kind);
        return known == CallerKind.FRAMEWORK ? Caller.FRAMEWORK : Caller.of(known, who.substring(colon + 1));
    }

    <E extends Enum<E>> E word(Class<E> type, String key) {
        return constant(type, text(key));
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String text) {
        try {
            return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw strange("a word for " + type.getSimpleName(), text);
        }
    }
}
