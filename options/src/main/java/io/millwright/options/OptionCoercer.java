package io.millwright.options;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.text.Json;
import io.millwright.controller.api.worker.OptionDefinition;
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
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns a raw value, typed or plain text, into the value its definition asks for, or says why that cannot be.
 * Thread-safe if the environment it looks names up in is.
 */
public final class OptionCoercer {
    /** Why a value will not do, as a sentence; without a stack trace, for it is an answer and not a fault. */
    static final class BadValue extends Exception {
        private static final long serialVersionUID = 1L;

        private final Problem.Kind kind;

        BadValue(String sentence) {
            this(Problem.Kind.DEFINITION, sentence);
        }

        BadValue(Problem.Kind kind, String sentence) {
            super(sentence, null, false, false);
            this.kind = kind;
        }

        Problem problem(String path) {
            return Problem.of(path, null, sentence(), kind);
        }

        String sentence() {
            return String.valueOf(getMessage());
        }
    }

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^${}]*)\\}");

    private static final Set<String> YES = Set.of("true", "yes", "y", "on", "all", "1");
    private static final Set<String> NO = Set.of("false", "no", "n", "off", "none", "null", "0");
    /** Nobody begins a text like this; [a-z]* may be one. */
    private static final Pattern LIST_BEGINS = Pattern.compile("\\s*\\[\\s*\"");

    private static final Pattern ZERO_FIRST = Pattern.compile("[+-]?0+([0-9]+)");

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
                return integer(option, notOctal(option, raw));
            case NUMBER:
                return number(option, notOctal(option, raw));
            case DURATION:
                return duration(option, notOctal(option, raw));
            case SIZE:
                return size(option, notOctal(option, raw));
            case SIGNAL:
                return signal(option, raw);
            case STRINGS:
                return strings(option, raw);
            case INTEGERS:
                return integers(option, raw);
            case BOOLEAN_OR_STRINGS:
                if (raw instanceof Number && looksLike(raw.toString()) == null) {
                    throw wrong(option, raw);
                }
                return isBoolean(raw) ? bool(option, raw) : notBoolean(strings(option, raw));
            case ANY:
                return any(raw);
            case JSON_TEXT:
                return raw instanceof String text ? text : Json.write(any(raw));
            case OBJECTS:
            case OBJECT_LIST:
            case VARIABLES:
            default:
                throw wrong(option, raw);
        }
    }

    /** Texts, of which an only one is not another spelling of true or false: as a name it would select nothing, silently. */
    private static List<String> notBoolean(List<String> texts) throws BadValue {
        Boolean meant = texts.size() == 1 ? looksLike(texts.get(0)) : null;
        if (meant != null) {
            throw new BadValue("'" + texts.get(0) + "' looks like " + meant + ", not like a name; write " + meant
                    + " without quotes, or a list of names");
        }
        return texts;
    }

    /**
     * What a text is another spelling of.
     *
     * @param text any text
     * @return {@code null} if of neither true nor false
     */
    public static @Nullable Boolean looksLike(String text) {
        String word = text.trim().toLowerCase(Locale.ROOT);
        boolean yes = YES.contains(word);
        return yes || NO.contains(word) ? Boolean.valueOf(yes) : null;
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
            throw new BadValue(OptionSentences.shown(option, text) + " is not allowed; use one of "
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
        if (!found.equals("true") && !found.equals("false")) {
            // The value is not shown: what is in the node's environment may be a secret.
            throw new BadValue(
                    Problem.Kind.ENVIRONMENT,
                    "'${" + name + "}' is " + (value == null ? "not set" : "neither true nor false")
                            + " in the node's environment; "
                            + (name.isEmpty()
                                    ? "write the name of a variable in it"
                                    : "set " + name + " to true or false")
                            + ", or write true or false here");
        }
        return found.equals("true");
    }

    /** The number, but for one that is another number to readers of C and YAML. */
    private static Object notOctal(OptionDefinition option, Object raw) throws BadValue {
        Matcher matcher = ZERO_FIRST.matcher(raw instanceof String text ? text.trim() : "");
        if (matcher.matches()) {
            String right = option.isSecret() ? "it" : matcher.group(1);
            throw new BadValue(OptionSentences.shown(option, raw)
                    + " has a leading zero and may be meant as octal; write " + right
                    + " without it, or the decimal value");
        }
        return raw;
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
        if (OptionSentences.isPercentage(option)
                && raw instanceof String text
                && text.trim().endsWith("%")) {
            bare = text.trim().substring(0, text.trim().length() - 1);
        }
        BigDecimal number = Units.decimal(bare);
        if (number == null) {
            throw wrong(option, raw);
        }
        checkRange(option, raw, number);
        return number.doubleValue();
    }

    private static Duration duration(OptionDefinition option, Object raw) throws BadValue {
        Duration value = Units.duration(raw);
        if (value == null) {
            throw wrong(option, raw);
        }
        if (value.compareTo(Units.LONGEST) > 0) {
            throw new BadValue(
                    OptionSentences.shown(option, raw) + " is too long; the most is " + Units.text(Units.LONGEST));
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
        List<String> array = raw instanceof String one ? TextArray.read(one) : null;
        if (array == null
                && raw instanceof String one
                && LIST_BEGINS.matcher(one).lookingAt()) {
            throw new BadValue(OptionSentences.shown(option, raw)
                    + " begins like a list and is none; check its quotes, commas and ']', or, if it is meant as one text,"
                    + " write it as the only element of a list");
        }
        if (array == null && raw instanceof String one && JsonSyntax.structure(one) instanceof List) {
            throw new BadValue(OptionSentences.shown(option, raw)
                    + " is a list with lists, objects or null in it; write texts and numbers only, or, if it is meant as one"
                    + " text, write it as the only element of a list");
        }
        for (Object element : array == null ? elements(raw) : array) {
            String text = text(element);
            if (text == null) {
                throw new BadValue(
                        element == raw
                                ? OptionSentences.wrong(option, raw)
                                : "element " + texts.size() + ": " + notText(option, element));
            }
            texts.add(checkText(option, text));
        }
        return List.copyOf(texts);
    }

    private static List<Long> integers(OptionDefinition option, Object raw) throws BadValue {
        // Files that know only text have no other way to give several numbers.
        Collection<?> elements =
                raw instanceof String text ? Arrays.asList(bare(text).split("[,\\s]+")) : elements(raw);
        List<Long> numbers = new ArrayList<>();
        for (Object element : elements) {
            BigDecimal number = element == null ? null : Units.decimal(notOctal(option, element));
            Long value = number == null ? null : Units.whole(number);
            if (value == null) {
                throw wrong(option, element == null ? raw : element);
            }
            checkRange(option, element, BigDecimal.valueOf(value));
            numbers.add(value);
        }
        return List.copyOf(numbers);
    }

    private static String bare(String text) {
        List<String> array = TextArray.read(text);
        return array == null ? text.trim() : String.join(",", array);
    }

    /** The elements of a list or array; anything else is its own only element. */
    static Collection<?> elements(Object raw) {
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

    /** The text of a text or a finite number as it is written; {@code null} for others, for yes would silently become true. */
    static @Nullable String text(@Nullable Object raw) {
        boolean infinite =
                (raw instanceof Double || raw instanceof Float) && !Double.isFinite(((Number) raw).doubleValue());
        return raw instanceof String || raw instanceof Character || raw instanceof Number && !infinite
                ? raw.toString()
                : null;
    }

    private static String notText(OptionDefinition option, @Nullable Object raw) {
        String what = raw == null ? "null" : OptionSentences.shown(option, raw);
        return what + " is not a text; write it in quotes";
    }

    private static Object any(Object raw) throws BadValue {
        Object structure = raw instanceof String text ? JsonSyntax.structure(text) : null;
        Object value = frozen(structure == null ? raw : structure);
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
        if (raw instanceof Integer || raw instanceof Short || raw instanceof Byte) {
            return ((Number) raw).longValue();
        }
        if (raw instanceof Number) {
            double number = ((Number) raw).doubleValue();
            boolean kept = raw instanceof Long || raw instanceof Float || raw instanceof BigDecimal;
            return raw instanceof BigInteger || kept && Double.isFinite(number)
                    ? raw
                    : Double.isFinite(number) ? (Object) number : null;
        }
        return raw instanceof String || raw instanceof Boolean ? raw : raw instanceof Character ? raw.toString() : null;
    }

    private static BadValue wrong(OptionDefinition option, Object raw) {
        return new BadValue(OptionSentences.wrong(option, raw));
    }

    private static void checkRange(OptionDefinition option, Object raw, BigDecimal value) throws BadValue {
        Long minimum = OptionSentences.minimum(option);
        Long maximum = option.maximum();
        if (minimum != null && value.compareTo(BigDecimal.valueOf(minimum)) < 0
                || maximum != null && value.compareTo(BigDecimal.valueOf(maximum)) > 0) {
            throw new BadValue(
                    OptionSentences.shown(option, raw) + " is out of range; must be " + OptionSentences.range(option));
        }
    }
}
