package io.millwright.testkit;

import io.millwright.controller.api.Problem;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.options.Checked;
import io.millwright.options.FlatOptions;
import io.millwright.options.OptionChecker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns sample options into the values a type gets to see, by the code that a node does it with. Lists in them can be changed, so
 * that a type that does so is found out.
 */
final class OptionReader {
    private OptionReader() {}

    /** Values, and what the definitions refuse. */
    record Reading(OptionValues values, List<Problem> problems) {}

    /** Reads options; keys that no definition has are taken for shared ones and left out. */
    static Reading read(List<OptionDefinition> definitions, Map<String, Object> options) {
        FlatOptions flat = new FlatOptions(definitions);
        Map<String, Object> own = new HashMap<>(options);
        own.keySet().removeIf(key -> flat.type(key) == null);
        Checked checked;
        try {
            checked = new OptionChecker(definitions, name -> null).check(own);
        } catch (IllegalArgumentException e) {
            // A default that is no value of its option has a check of its own.
            return new Reading(
                    new OptionValues(Map.of(), Set.of()),
                    List.of(Problem.definition("", String.valueOf(e.getMessage()))));
        }
        Map<String, Object> values = new HashMap<>();
        Set<String> given = new HashSet<>();
        checked.values().asMap().forEach((key, value) -> {
            values.put(key, value instanceof List<?> list ? new ArrayList<>(list) : value);
            if (checked.values().isGiven(key)) {
                given.add(key);
            }
        });
        return new Reading(new OptionValues(values, given), checked.problems());
    }

    /**
     * The value, of the class {@link io.millwright.controller.api.worker.OptionType} names.
     *
     * @throws IllegalArgumentException if it is none, with a sentence that says why
     */
    static Object value(OptionDefinition option, Object raw) {
        OptionDefinition bare = option.within("kit");
        Checked checked = new OptionChecker(List.of(bare), name -> null).check(Map.of(bare.key(), raw));
        if (!checked.ok()) {
            throw new IllegalArgumentException(checked.problems().get(0).message());
        }
        Object value = checked.values().any(bare.key());
        return value == null ? raw : value;
    }
}
