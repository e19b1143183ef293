package io.millwright.options;

import io.millwright.controller.api.Signal;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.api.worker.Variable;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Makes option values fit to be shown to anybody. Thread-safe. */
public final class Masking {
    private Masking() {}

    /**
     * The values in force, given or default, as they may be shown.
     *
     * @param definitions the options there are; only these are shown, in this order
     * @param values their values
     * @return an unmodifiable map by dotted key, each variable under a key of its own: secrets as {@link Variable#MASK},
     *     lengths of time, sizes and signals as texts that would be accepted as options
     */
    public static Map<String, Object> display(Collection<OptionDefinition> definitions, OptionValues values) {
        Map<String, Object> shown = new LinkedHashMap<>();
        display("", definitions, values, shown);
        return new CompactMap<>(shown);
    }

    private static void display(
            String prefix, Collection<OptionDefinition> definitions, OptionValues values, Map<String, Object> shown) {
        for (OptionDefinition option : definitions) {
            String key = prefix.isEmpty() ? option.key() : prefix + option.key();
            Object value = values.any(option.key());
            if (value == null) {
                continue;
            }
            if (option.type() == OptionType.VARIABLES) {
                values.variables(option.key())
                        .forEach((name, variable) ->
                                shown.put(key + "." + name, option.isSecret() ? Variable.MASK : variable.toString()));
            } else if (option.type() == OptionType.OBJECTS) {
                values.objects(option.key())
                        .forEach((name, inner) -> display(key + "." + name + ".", option.members(), inner, shown));
            } else if (option.type() == OptionType.OBJECT_LIST) {
                int index = 0;
                for (OptionValues inner : values.objectList(option.key())) {
                    display(key + "." + index + ".", option.members(), inner, shown);
                    index++;
                }
            } else {
                shown.put(key, option.isSecret() ? Variable.MASK : readable(option, value));
            }
        }
    }

    private static Object readable(OptionDefinition option, Object value) {
        if (value instanceof Duration duration) {
            return Units.text(duration);
        }
        if (value instanceof Long bytes && option.type() == OptionType.SIZE) {
            return Units.sizeText(bytes);
        }
        if (value instanceof Signal signal) {
            return signal.text();
        }
        if (value instanceof Double number && option.type() == OptionType.NUMBER) {
            Long whole = Units.whole(BigDecimal.valueOf(number));
            return Objects.<Object>requireNonNullElse(whole, number);
        }
        return value;
    }
}
