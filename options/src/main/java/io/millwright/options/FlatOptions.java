package io.millwright.options;

import io.millwright.controller.api.text.Json;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionType;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Options with dotted keys only, the way Config Admin keeps them. Immutable and thread-safe. */
public final class FlatOptions {
    private final Map<String, OptionDefinition> definitions = new HashMap<>();
    private final Map<String, String> shortForms = new HashMap<>();
    private final Map<String, FlatOptions> inner = new HashMap<>();

    /**
     * The flat form of some options; keys that none of them has are made flat as if they were groups.
     *
     * @param definitions the options there are
     */
    public FlatOptions(Collection<OptionDefinition> definitions) {
        for (OptionDefinition option : definitions) {
            this.definitions.putIfAbsent(option.key(), option);
            if (option.shortForm() != null) {
                shortForms.putIfAbsent(option.shortForm(), option.key());
            }
            if (!option.members().isEmpty()) {
                inner.putIfAbsent(option.key(), new FlatOptions(option.members()));
            }
        }
    }

    /**
     * The type of the option that a key is, or is a part of.
     *
     * @param key a dotted key
     * @return {@code null} if there is none
     */
    public @Nullable OptionType type(String key) {
        OptionDefinition option = definitions.get(key);
        if (option != null) {
            return option.type();
        }
        for (int dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
            String start = key.substring(0, dot);
            OptionDefinition holder = definitions.get(start);
            FlatOptions members = inner.get(start);
            int next = key.indexOf('.', dot + 1);
            if (members != null) {
                return next < 0 ? null : members.type(key.substring(next + 1));
            } else if (holder != null && (isWhole(holder.type()) || holder.type() == OptionType.VARIABLES)) {
                return holder.type();
            }
        }
        return null;
    }

    /**
     * Whether a value of some type is one value whatever is in it.
     *
     * @param type a type, {@code null} for that of an unknown option
     * @return true if objects and lists in it are not taken apart
     */
    public static boolean isWhole(@Nullable OptionType type) {
        return type == OptionType.ANY || type == OptionType.JSON_TEXT;
    }

    /**
     * Makes nested objects and lists of objects dotted keys; what an option takes as a JSON value stays one.
     *
     * @param options keys dotted or nested
     * @return a new map in the same order
     */
    public Map<String, @Nullable Object> of(Map<String, ? extends @Nullable Object> options) {
        Map<String, @Nullable Object> flat = new LinkedHashMap<>();
        options.forEach((key, value) -> add(flat, key, value));
        return flat;
    }

    private void add(Map<String, @Nullable Object> flat, String key, @Nullable Object value) {
        OptionType type = type(key);
        Object read = inner.containsKey(key) && value instanceof String text ? JsonSyntax.structure(text) : value;
        if (read instanceof Map<?, ?> members && !members.isEmpty() && !isWhole(type)) {
            members.forEach((name, member) -> add(flat, key + "." + name, member));
        } else if (type == OptionType.OBJECT_LIST
                && read instanceof Collection<?> list
                && list.stream().allMatch(Map.class::isInstance)
                && !list.isEmpty()) {
            int index = 0;
            for (Object element : list) {
                add(flat, key + "." + index, element);
                index++;
            }
        } else {
            flat.put(key, value);
        }
    }

    /**
     * Options with some of them changed.
     *
     * @param options what there is
     * @param changes what takes its place; {@code null} takes an option away, a list takes the place of a whole list of objects
     * @return a new map with dotted keys
     */
    public Map<String, @Nullable Object> changed(
            Map<String, ? extends @Nullable Object> options, Map<String, ? extends @Nullable Object> changes) {
        Map<String, @Nullable Object> result = of(options);
        changes.forEach((key, value) -> {
            if (inner.containsKey(key) && !(value instanceof Map)) {
                result.keySet().removeIf(other -> other.startsWith(key + "."));
            }
        });
        of(changes).forEach((key, value) -> {
            result.keySet().removeIf(other -> one(other).equals(one(key)));
            if (value != null) {
                result.put(key, value);
            }
        });
        return result;
    }

    /**
     * Options with values that Config Admin can keep: lists are arrays, and a JSON value is its text.
     *
     * @param options checked options, as they were given
     * @return a new map with dotted keys
     */
    public Map<String, Object> storable(Map<String, ? extends @Nullable Object> options) {
        Map<String, Object> stored = new LinkedHashMap<>();
        of(options).forEach((key, value) -> {
            OptionType type = type(key);
            if (value != null && !(value instanceof Map<?, ?> map && map.isEmpty() && !isWhole(type))) {
                stored.put(key, storable(type, value));
            }
        });
        return stored;
    }

    private static Object storable(@Nullable OptionType type, Object value) {
        boolean plain = value instanceof String || value instanceof Boolean;
        if (plain || value.getClass().isArray() && !isWhole(type)) {
            return value;
        } else if (type == OptionType.JSON_TEXT) {
            return Json.write(value);
        } else if (value instanceof Integer || value instanceof Long || value instanceof Double) {
            return value;
        } else if (value instanceof Collection<?> list && !isWhole(type)) {
            boolean flat = list.stream().noneMatch(e -> e == null || e instanceof Collection || e instanceof Map);
            return flat ? list.stream().map(String::valueOf).toArray(String[]::new) : Json.write(list);
        }
        boolean structure = value instanceof Collection
                || value instanceof Map
                || value.getClass().isArray();
        return structure ? Json.write(value) : value.toString();
    }

    /** The thing a key is about: a short form and its long form, a variable and its secret are one, said in two ways. */
    private String one(String key) {
        String longForm = shortForms.getOrDefault(key, key);
        OptionType type = type(longForm);
        if (isWhole(type) && !definitions.containsKey(longForm)) {
            for (int dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
                if (definitions.containsKey(key.substring(0, dot))) {
                    return key.substring(0, dot);
                }
            }
        }
        boolean secret = type == OptionType.VARIABLES
                && (key.endsWith(VariableReader.SECRET_END) || key.endsWith(VariableReader.SECRET_FILE_END));
        return secret ? key.substring(0, key.lastIndexOf('.')) : longForm;
    }
}
