package io.millwright.controller.internal.options;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.text.Json;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Options with dotted keys only, the way Config Admin keeps them. Thread-safe. */
public final class FlatOptions {
    private FlatOptions() {}

    /**
     * Makes nested objects dotted keys; what an option takes as a JSON value stays one.
     *
     * @param options keys dotted or nested
     * @return a new map in the same order
     */
    public static Map<String, @Nullable Object> of(Map<String, ? extends @Nullable Object> options) {
        Map<String, @Nullable Object> flat = new LinkedHashMap<>();
        options.forEach((key, value) -> add(flat, key, value));
        return flat;
    }

    private static void add(Map<String, @Nullable Object> flat, String key, @Nullable Object value) {
        if (value instanceof Map<?, ?> members && !members.isEmpty() && !key.equals(CommonOptions.STDIN_VALUE)) {
            members.forEach((name, member) -> add(flat, key + "." + name, member));
        } else {
            flat.put(key, value);
        }
    }

    /**
     * Options with some of them changed.
     *
     * @param options what there is
     * @param changes what takes its place; {@code null} takes an option away
     * @return a new map with dotted keys
     */
    public static Map<String, @Nullable Object> changed(
            Map<String, ? extends @Nullable Object> options, Map<String, ? extends @Nullable Object> changes) {
        Map<String, @Nullable Object> result = of(options);
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
     * @throws NodeException {@link ErrorCode#INVALID_CONFIGURATION} if a value cannot be kept
     */
    public static Map<String, Object> storable(Map<String, ? extends @Nullable Object> options) {
        Map<String, Object> stored = new LinkedHashMap<>();
        of(options).forEach((key, value) -> {
            if (value instanceof Map<?, ?> map && map.isEmpty() && !key.equals(CommonOptions.STDIN_VALUE)) {
                return;
            }
            if (value != null) {
                stored.put(key, storable(key, value));
            }
        });
        return stored;
    }

    private static Object storable(String key, Object value) {
        if (value instanceof String
                || value instanceof Boolean
                || value.getClass().isArray()) {
            return value;
        } else if (key.equals(CommonOptions.STDIN_VALUE)) {
            return Json.write(value);
        } else if (value instanceof Integer || value instanceof Long || value instanceof Double) {
            return value;
        } else if (value instanceof Collection<?> list) {
            if (list.stream().anyMatch(e -> e == null || e instanceof Collection || e instanceof Map)) {
                throw new NodeException(
                        ErrorCode.INVALID_CONFIGURATION,
                        "the value of '" + key + "' has lists or objects in a list, which no configuration can keep");
            }
            return list.stream().map(String::valueOf).toArray(String[]::new);
        }
        return value.toString();
    }

    /** The thing a key is about: a short form and its long form, a variable and its secret are one, said in two ways. */
    private static String one(String key) {
        if (key.equals(CommonOptions.RESTART)) {
            return CommonOptions.RESTART_POLICY;
        }
        if (key.startsWith(CommonOptions.STDIN_VALUE + ".")) {
            return CommonOptions.STDIN_VALUE;
        }
        boolean secret = key.startsWith(CommonOptions.ENV_VARS + ".")
                && (key.endsWith(VariableReader.SECRET_END) || key.endsWith(VariableReader.SECRET_FILE_END));
        return secret ? key.substring(0, key.lastIndexOf('.')) : key;
    }
}
