package io.millwright.controller.api;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds the machine-readable form of values; every {@link Document} uses it, so there is one mapping. Thread-safe. */
public final class Documents {
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Documents() {}

    /**
     * Makes a document from alternating keys and values, converting each value with {@link #convert}.
     *
     * @param keysAndValues an even number of elements, each even one a {@code String} key
     * @return an unmodifiable map that keeps the order given
     * @throws IllegalArgumentException if the count is odd or a key is not a string
     */
    public static Map<String, @Nullable Object> of(@Nullable Object... keysAndValues) {
        if (keysAndValues.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "keys and values must alternate, got " + keysAndValues.length + " elements");
        }
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            if (!(keysAndValues[i] instanceof String key)) {
                throw new IllegalArgumentException("element " + i + " must be a string key, is " + keysAndValues[i]);
            }
            map.put(key, convert(keysAndValues[i + 1]));
        }
        return Collections.unmodifiableMap(map);
    }

    /**
     * Converts one value: documents and maps to maps, collections to lists, instants, durations (seconds) and enums
     * (lower case) to their text or number, other objects than strings, numbers and booleans to their string.
     *
     * @param value what to convert, may be {@code null}
     * @return the converted value, {@code null} for {@code null}
     */
    public static @Nullable Object convert(@Nullable Object value) {
        if (value == null || value instanceof String || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Number) {
            return value;
        }
        if (value instanceof Document document) {
            return document.toMap();
        }
        if (value instanceof Instant instant) {
            return time(instant);
        }
        if (value instanceof Duration duration) {
            return seconds(duration);
        }
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> converted = new LinkedHashMap<>();
            map.forEach((k, v) -> converted.put(String.valueOf(k), convert(v)));
            return Collections.unmodifiableMap(converted);
        }
        if (value instanceof Collection<?> collection) {
            List<@Nullable Object> converted = new ArrayList<>(collection.size());
            for (Object element : collection) {
                converted.add(convert(element));
            }
            return Collections.unmodifiableList(converted);
        }
        return value.toString();
    }

    /**
     * The text form of an instant.
     *
     * @param instant when
     * @return ISO-8601 in UTC with exactly three digits of milliseconds
     */
    public static String time(Instant instant) {
        return MILLIS.format(instant);
    }

    /**
     * The number form of a duration.
     *
     * @param duration how long
     * @return seconds with millisecond precision
     */
    public static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
