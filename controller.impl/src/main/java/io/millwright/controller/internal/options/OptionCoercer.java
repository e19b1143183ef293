package io.millwright.controller.internal.options;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns a raw value, typed or plain text, into the value its definition asks for, or says why that cannot be.
 * Thread-safe if the environment it looks names up in is.
 */
final class OptionCoercer {
    /** Why a value will not do, as a sentence; without a stack trace, for it is an answer and not a fault. */
    static final class BadValue extends Exception {
        private static final long serialVersionUID = 1L;

        BadValue(String sentence) {
            super(sentence, null, false, false);
        }

        String sentence() {
            return String.valueOf(getMessage());
        }
    }

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^${}]*)\\}");
    private static final long PERCENT = 100;
    private static final int SHOWN = 80;

    private final Function<String, @Nullable String> environment;

    OptionCoercer(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    /** The value, never {@code null}; VARIABLES are not made here but by their names. */
    Object coerce(OptionDefinition option, Object raw) throws BadValue {
        switch (option.type()) {
            case STRING:
                return string(option, raw);
            case BOOLEAN:
                return bool(option, raw);
            case INTEGER:
                return integer(option, raw);
            case NUMBER:
                return number(option, raw);
            case DURATION:
                return duration(option, raw);
            case SIZE:
                return size(option, raw);
            case SIGNAL:
                return signal(option, raw);
            case STRINGS:
                return strings(option, raw);
            case INTEGERS:
                return integers(option, raw);
            case BOOLEAN_OR_STRINGS:
                return isBoolean(raw) ? bool(option, raw) : strings(option, raw);
            case ANY:
                return any(raw);
            case VARIABLES:
            default:
                throw wrong(option, raw);
        }
    }

    private static String string(OptionDefinition option, Object raw) throws BadValue {
        if (!(raw instanceof String text)) {
            throw wrong(option, raw);
        }
        if (text.isEmpty()) {
            throw new BadValue("is empty; give a text, or leave the key out");
        }
        return checkText(option, text);
    }

    private static String checkText(OptionDefinition option, String text) throws BadValue {
        if (text.indexOf('\0') >= 0) {
            throw new BadValue("contains a NUL character, which no program can be given; leave it out");
        }
        if (!option.allowed().isEmpty() && !option.allowed().contains(text)) {
            String nearest = NearestKey.find(text, option.allowed());
            throw new BadValue(shown(option, text) + " is not allowed; use one of "
                    + String.join(", ", option.allowed())
                    + (nearest == null || option.isSecret() ? "" : " (did you mean '" + nearest + "'?)"));
        }
        return text;
    }

    private static boolean isBoolean(Object raw) {
        return raw instanceof Boolean
                || raw instanceof String text
                        && (text.trim().equalsIgnoreCase("true")
                                || text.trim().equalsIgnoreCase("false")
                                || REFERENCE.matcher(text.trim()).matches());
    }

    private Boolean bool(OptionDefinition option, Object raw) throws BadValue {
        if (raw instanceof Boolean value) {
            return value;
        }
        if (!isBoolean(raw)) {
            throw wrong(option, raw);
        }
        String text = ((String) raw).trim().toLowerCase(Locale.ROOT);
        Matcher reference = REFERENCE.matcher(((String) raw).trim());
        if (!reference.matches()) {
            return Boolean.valueOf(text);
        }
        String name = reference.group(1);
        String value = name.isEmpty() ? null : environment.apply(name);
        String found = value == null ? "" : value.trim().toLowerCase(Locale.ROOT);
        if (!found.isEmpty() && !found.equals("true") && !found.equals("false")) {
            // The value is not shown: what is in the node's environment may be a secret.
            throw new BadValue("'${" + name + "}' is neither true nor false in the node's environment; set " + name
                    + " to true or false, or unset it (false)");
        }
        return found.equals("true");
    }

    private static Long integer(OptionDefinition option, Object raw) throws BadValue {
        BigDecimal number = Units.decimal(raw);
        Long value = number == null ? null : Units.whole(number);
        if (value == null) {
            throw wrong(option, raw);
        }
        checkRange(option, raw, BigDecimal.valueOf(value));
        return value;
    }

    private static Double number(OptionDefinition option, Object raw) throws BadValue {
        Object bare = raw;
        if (isPercentage(option) && raw instanceof String text && text.trim().endsWith("%")) {
            bare = text.trim().substring(0, text.trim().length() - 1);
        }
        BigDecimal number = Units.decimal(bare);
        if (number == null) {
            throw wrong(option, raw);
        }
        checkRange(option, raw, number);
        return number.doubleValue();
    }

    /** A number limited to 0 to 100 is a percentage and may carry its sign. */
    static boolean isPercentage(OptionDefinition option) {
        return option.type() == OptionType.NUMBER
                && Long.valueOf(0).equals(option.minimum())
                && Long.valueOf(PERCENT).equals(option.maximum());
    }

    private static Duration duration(OptionDefinition option, Object raw) throws BadValue {
        Duration value = Units.duration(raw);
        if (value == null) {
            throw wrong(option, raw);
        }
        if (value.compareTo(Units.LONGEST) > 0) {
            throw new BadValue(shown(option, raw) + " is too long; the most is " + Units.text(Units.LONGEST));
        }
        checkRange(option, raw, BigDecimal.valueOf(value.toNanos(), 6));
        return value;
    }

    private static Long size(OptionDefinition option, Object raw) throws BadValue {
        Long value = Units.size(raw);
        if (value == null) {
            throw wrong(option, raw);
        }
        checkRange(option, raw, BigDecimal.valueOf(value));
        return value;
    }

    private static Signal signal(OptionDefinition option, Object raw) throws BadValue {
        if (raw instanceof String text) {
            try {
                return Signal.of(text);
            } catch (NodeException e) {
                throw wrong(option, raw);
            }
        }
        throw wrong(option, raw);
    }

    private static List<String> strings(OptionDefinition option, Object raw) throws BadValue {
        List<String> texts = new ArrayList<>();
        for (Object element : elements(raw)) {
            String text = text(element);
            if (text == null) {
                throw new BadValue(
                        element == raw
                                ? wrong(option, raw).sentence()
                                : "element " + texts.size() + ": " + notText(option, element));
            }
            texts.add(checkText(option, text));
        }
        return List.copyOf(texts);
    }

    private static List<Long> integers(OptionDefinition option, Object raw) throws BadValue {
        // Files that know only text have no other way to give several numbers.
        Collection<?> elements =
                raw instanceof String text ? Arrays.asList(text.trim().split("[,\\s]+")) : elements(raw);
        List<Long> numbers = new ArrayList<>();
        for (Object element : elements) {
            BigDecimal number = element == null ? null : Units.decimal(element);
            Long value = number == null ? null : Units.whole(number);
            if (value == null) {
                throw wrong(option, element == null ? raw : element);
            }
            checkRange(option, element, BigDecimal.valueOf(value));
            numbers.add(value);
        }
        return List.copyOf(numbers);
    }

    /** The elements of a list or array; anything else is its own only element. */
    private static Collection<?> elements(Object raw) {
        if (raw instanceof Collection<?> collection) {
            return collection;
        }
        if (raw.getClass().isArray()) {
            List<@Nullable Object> list = new ArrayList<>();
            for (int i = 0; i < Array.getLength(raw); i++) {
                list.add(Array.get(raw, i));
            }
            return list;
        }
        return List.of(raw);
    }

    /** The text of a text or a whole number; {@code null} for others, for 1.10 and yes would silently become 1.1 and true. */
    static @Nullable String text(@Nullable Object raw) {
        if (raw instanceof String || raw instanceof Character) {
            return raw.toString();
        }
        boolean whole = raw instanceof Long
                || raw instanceof Integer
                || raw instanceof Short
                || raw instanceof Byte
                || raw instanceof BigInteger;
        return whole ? String.valueOf(raw) : null;
    }

    private static String notText(OptionDefinition option, @Nullable Object raw) {
        String what = raw == null ? "null" : shown(option, raw);
        return what + " is not a text; write it in quotes";
    }

    private static Object any(Object raw) throws BadValue {
        Object value = frozen(raw);
        if (value == null) {
            throw new BadValue(
                    "holds something that is no JSON value; use texts, numbers, booleans, lists and objects");
        }
        return value;
    }

    private static @Nullable Object frozen(Object raw) {
        if (raw instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                Object value = entry.getValue();
                Object frozen = value == null ? null : frozen(value);
                if (value != null && frozen == null) {
                    return null;
                }
                copy.put(String.valueOf(entry.getKey()), frozen);
            }
            return Collections.unmodifiableMap(copy);
        }
        if (raw instanceof Collection<?> || raw.getClass().isArray()) {
            List<@Nullable Object> copy = new ArrayList<>();
            for (Object value : elements(raw)) {
                Object frozen = value == null ? null : frozen(value);
                if (value != null && frozen == null) {
                    return null;
                }
                copy.add(frozen);
            }
            return Collections.unmodifiableList(copy);
        }
        if (raw instanceof Number) {
            return Double.isFinite(((Number) raw).doubleValue()) || raw instanceof BigInteger ? raw : null;
        }
        return raw instanceof String || raw instanceof Boolean ? raw : raw instanceof Character ? raw.toString() : null;
    }

    private static void checkRange(OptionDefinition option, Object raw, BigDecimal value) throws BadValue {
        Long minimum = minimum(option);
        Long maximum = option.maximum();
        if (minimum != null && value.compareTo(BigDecimal.valueOf(minimum)) < 0
                || maximum != null && value.compareTo(BigDecimal.valueOf(maximum)) > 0) {
            throw new BadValue(shown(option, raw) + " is out of range; must be " + range(option));
        }
    }

    private static @Nullable Long minimum(OptionDefinition option) {
        boolean neverNegative = option.type() == OptionType.DURATION || option.type() == OptionType.SIZE;
        Long minimum = option.minimum();
        return minimum == null && neverNegative ? Long.valueOf(0) : minimum;
    }

    private static String range(OptionDefinition option) {
        Long minimum = minimum(option);
        Long maximum = option.maximum();
        if (minimum == null) {
            return "at most " + limit(option, maximum);
        }
        return maximum == null
                ? "at least " + limit(option, minimum)
                : limit(option, minimum) + " to " + limit(option, maximum);
    }

    private static String limit(OptionDefinition option, @Nullable Long limit) {
        if (limit == null) {
            return "";
        }
        switch (option.type()) {
            case DURATION:
                return Units.text(Duration.ofMillis(limit));
            case SIZE:
                return Units.sizeText(limit);
            default:
                return limit + (isPercentage(option) ? "%" : "");
        }
    }

    private static BadValue wrong(OptionDefinition option, Object raw) {
        boolean ranged = option.minimum() != null || option.maximum() != null;
        return new BadValue(shown(option, raw) + " is not " + expected(option)
                + (ranged ? ", " + range(option) : "")
                + (option.allowed().isEmpty() ? "" : ", one of " + String.join(", ", option.allowed())));
    }

    private static String expected(OptionDefinition option) {
        switch (option.type()) {
            case STRING:
                return "a text";
            case BOOLEAN:
                return "true, false or ${NAME} of the node's environment";
            case INTEGER:
                return "a whole number";
            case NUMBER:
                return isPercentage(option) ? "a number of percent (10 or \"10%\")" : "a number";
            case DURATION:
                return "a length of time: write for example 500ms, 20s, 5m, 2h, 1d, PT20S (ISO-8601), or a number of seconds";
            case SIZE:
                return "a size: write for example 64KiB, 10MiB, 1GB, or a whole number of bytes";
            case SIGNAL:
                return "a signal name: use one of " + Arrays.toString(Signal.values());
            case STRINGS:
                return "a list of texts or one text";
            case INTEGERS:
                return "a list of whole numbers";
            case BOOLEAN_OR_STRINGS:
                return "true, false or a list of texts";
            case VARIABLES:
                return "an object of variables, for example {\"NAME\": \"value\"}";
            default:
                return "a value";
        }
    }

    /** The value as a person may see it: not at all if secret, and never long. */
    static String shown(OptionDefinition option, Object raw) {
        if (option.isSecret() || option.type() == OptionType.VARIABLES) {
            return "the value";
        }
        if (raw instanceof Map) {
            return "an object";
        }
        if (raw instanceof Collection || raw.getClass().isArray()) {
            return "a list";
        }
        if (raw instanceof String text) {
            String printable = text.replaceAll("\\p{Cntrl}", "?");
            return "'" + (printable.length() > SHOWN ? printable.substring(0, SHOWN) + "…" : printable) + "'";
        }
        return raw instanceof Number || raw instanceof Boolean
                ? raw.toString()
                : "a " + raw.getClass().getName();
    }
}
