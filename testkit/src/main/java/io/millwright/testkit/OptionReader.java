package io.millwright.testkit;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.api.worker.Variable;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns sample options into the values a type gets to see, as a node does by the same definitions. Lists in them can be
 * changed, so that a type that does so is found out.
 */
final class OptionReader {
    private static final Pattern AMOUNT = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*([A-Za-z]*)");
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
    private static final Map<String, Long> BYTES = Map.of(
            "",
            1L,
            "b",
            1L,
            "kb",
            1_000L,
            "mb",
            1_000_000L,
            "gb",
            1_000_000_000L,
            "kib",
            1L << 10,
            "mib",
            1L << 20,
            "gib",
            1L << 30);

    private OptionReader() {}

    /** Values, and what the definitions refuse. */
    record Reading(OptionValues values, List<Problem> problems) {}

    /** Reads options; keys that no definition has are taken for shared ones and left out. */
    static Reading read(List<OptionDefinition> definitions, Map<String, Object> options) {
        Map<String, Object> values = new HashMap<>();
        Set<String> given = new HashSet<>();
        List<Problem> problems = new ArrayList<>();
        for (OptionDefinition option : definitions) {
            Object raw = option.type() == OptionType.VARIABLES
                    ? variables(option.key() + ".", options)
                    : options.get(option.key());
            Object used = raw == null ? option.defaultValue() : raw;
            if (used == null) {
                if (option.isRequired()) {
                    problems.add(Problem.definition(option.key(), "is required and missing"));
                }
                continue;
            }
            try {
                values.put(option.key(), value(option, used));
                if (raw != null) {
                    given.add(option.key());
                }
            } catch (IllegalArgumentException e) {
                problems.add(Problem.definition(option.key(), String.valueOf(e.getMessage())));
            }
        }
        return new Reading(new OptionValues(values, given), problems);
    }

    private static @Nullable Object variables(String prefix, Map<String, Object> options) {
        Map<String, Variable> found = new LinkedHashMap<>();
        options.forEach((key, text) -> {
            if (key.startsWith(prefix)) {
                String name = key.substring(prefix.length());
                Variable.Kind kind = name.endsWith(".secret")
                        ? Variable.Kind.SECRET
                        : name.endsWith(".secretFile") ? Variable.Kind.SECRET_FILE : Variable.Kind.PLAIN;
                String bare = kind == Variable.Kind.PLAIN ? name : name.substring(0, name.lastIndexOf('.'));
                found.put(bare, Variable.of(kind, text.toString()));
            }
        });
        return found.isEmpty() ? null : found;
    }

    /** The value, of the class {@link OptionType} names, or an {@link IllegalArgumentException} that says why not. */
    static Object value(OptionDefinition option, Object raw) {
        Object value =
                switch (option.type()) {
                    case STRING -> allowed(option, text(raw));
                    case BOOLEAN -> bool(raw);
                    case INTEGER -> range(option, whole(raw));
                    case NUMBER -> number(raw).doubleValue();
                    case DURATION -> duration(option, raw);
                    case SIZE -> range(option, amount(raw, BYTES).longValueExact());
                    case SIGNAL -> signal(raw);
                    case STRINGS -> strings(option, raw);
                    case INTEGERS -> integers(option, raw);
                    case BOOLEAN_OR_STRINGS -> isBool(raw) ? bool(raw) : strings(option, raw);
                    case VARIABLES, ANY, JSON_TEXT, OBJECTS, OBJECT_LIST -> raw;
                };
        return value;
    }

    private static IllegalArgumentException no(Object raw, String wanted) {
        return new IllegalArgumentException("'" + raw + "' is not " + wanted);
    }

    private static String text(Object raw) {
        if (!(raw instanceof String text) || text.isEmpty()) {
            throw no(raw, "a text");
        }
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("it holds a NUL character");
        }
        return text;
    }

    private static String allowed(OptionDefinition option, String text) {
        if (!option.allowed().isEmpty() && !option.allowed().contains(text)) {
            throw no(text, "one of " + option.allowed());
        }
        return text;
    }

    private static boolean isBool(Object raw) {
        String text = raw.toString().trim().toLowerCase(Locale.ROOT);
        return raw instanceof Boolean || text.equals("true") || text.equals("false");
    }

    private static Boolean bool(Object raw) {
        if (!isBool(raw)) {
            throw no(raw, "true or false");
        }
        return Boolean.valueOf(raw.toString().trim().toLowerCase(Locale.ROOT));
    }

    private static BigDecimal number(Object raw) {
        try {
            return new BigDecimal(raw.toString().trim());
        } catch (NumberFormatException e) {
            throw no(raw, "a number");
        }
    }

    private static long whole(Object raw) {
        try {
            return number(raw).longValueExact();
        } catch (ArithmeticException e) {
            throw no(raw, "a whole number");
        }
    }

    private static long range(OptionDefinition option, long value) {
        Long least = option.minimum();
        Long most = option.maximum();
        if ((least != null && value < least) || (most != null && value > most)) {
            throw no(value, "within its limits, " + least + " to " + most);
        }
        return value;
    }

    private static BigDecimal amount(Object raw, Map<String, Long> units) {
        Matcher matcher = AMOUNT.matcher(raw.toString().trim());
        Long unit = matcher.matches() ? units.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
        if (unit == null) {
            throw no(raw, "a number with a unit of " + new java.util.TreeSet<>(units.keySet()));
        }
        return new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
    }

    private static Duration duration(OptionDefinition option, Object raw) {
        Duration value;
        try {
            value = raw.toString().startsWith("P")
                    ? Duration.parse(raw.toString())
                    : Duration.ofMillis(amount(raw, MILLIS).longValue());
        } catch (DateTimeParseException e) {
            throw no(raw, "a length of time");
        }
        range(option, value.toMillis());
        return value;
    }

    private static Signal signal(Object raw) {
        try {
            return Signal.of(raw.toString());
        } catch (NodeException e) {
            throw no(raw, "a signal");
        }
    }

    private static Collection<?> elements(Object raw) {
        if (raw instanceof Object[] array) {
            return List.of(array);
        }
        return raw instanceof Collection<?> collection ? collection : List.of(raw);
    }

    private static List<String> strings(OptionDefinition option, Object raw) {
        List<String> texts = new ArrayList<>();
        for (Object element : elements(raw)) {
            if (!(element instanceof String text)) {
                throw no(raw, "a list of texts");
            }
            texts.add(allowed(option, text));
        }
        return texts;
    }

    private static List<Long> integers(OptionDefinition option, Object raw) {
        List<Long> numbers = new ArrayList<>();
        for (Object element : elements(raw)) {
            numbers.add(range(option, whole(element)));
        }
        return numbers;
    }
}
