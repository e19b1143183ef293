package io.millwright.options;

import io.millwright.controller.api.Signal;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sentences about values that will not do: what it is, and what would be right. Thread-safe. */
final class OptionSentences {
    private static final long PERCENT = 100;
    private static final int SHOWN = 80;

    private OptionSentences() {}

    /** A number limited to 0 to 100 is a percentage and may carry its sign. */
    static boolean isPercentage(OptionDefinition option) {
        return option.type() == OptionType.NUMBER
                && Long.valueOf(0).equals(option.minimum())
                && Long.valueOf(PERCENT).equals(option.maximum());
    }

    static @Nullable Long minimum(OptionDefinition option) {
        boolean neverNegative = option.type() == OptionType.DURATION || option.type() == OptionType.SIZE;
        Long minimum = option.minimum();
        return minimum == null && neverNegative ? Long.valueOf(0) : minimum;
    }

    static String range(OptionDefinition option) {
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

    static String wrong(OptionDefinition option, Object raw) {
        boolean ranged = option.minimum() != null || option.maximum() != null;
        return shown(option, raw) + " is not " + expected(option)
                + (ranged ? ", " + range(option) : "")
                + (option.allowed().isEmpty() ? "" : ", one of " + String.join(", ", option.allowed()));
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
                return "a signal name: use one of " + Signal.names();
            case STRINGS:
                return "a list of texts or one text";
            case INTEGERS:
                return "a list of whole numbers";
            case BOOLEAN_OR_STRINGS:
                return "true, false or a list of texts";
            case VARIABLES:
                return "an object of variables, for example {\"NAME\": \"value\"}, or a list of NAME=value";
            case OBJECTS:
                return "an object of named objects, for example {\"NAME\": {\"" + first(option)
                        + "\": …}}, or a list of" + " NAME." + first(option) + "=value";
            case OBJECT_LIST:
                return "a list of objects, for example [{\"" + first(option) + "\": …}]";
            default:
                return "a value";
        }
    }

    private static String first(OptionDefinition option) {
        return option.members().get(0).key();
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
