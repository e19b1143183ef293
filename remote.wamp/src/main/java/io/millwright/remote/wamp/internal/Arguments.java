package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Operation;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.options.Units;
import io.millwright.wamp.message.Payload;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a call, by name: positional ones in the order of the operation's parameters, or keywords. What is wrong is said with
 * {@link ErrorCode#INVALID_ARGUMENT}. Immutable.
 */
final class Arguments {
    /** Keywords of the reference system that stand for one of ours. */
    private static final Map<String, String> ALSO =
            Map.of("worker_id", "id", "worker_type", "type", "worker_options", "options");

    private final Map<String, @Nullable Object> values;

    private Arguments(Map<String, @Nullable Object> values) {
        this.values = values;
    }

    /**
     * Reads the arguments of a call.
     *
     * @param operation what is called
     * @param payload what came with the call
     * @throws NodeException if there is one too many, or one that the operation does not have
     */
    static Arguments of(Operation operation, Payload payload) {
        List<String> names =
                operation.parameters().stream().map(Operation.Parameter::name).toList();
        Map<String, @Nullable Object> values = new HashMap<>();
        List<Object> positional = payload.args();
        if (positional.size() > names.size()) {
            throw wrong(operation.text() + " takes " + (names.isEmpty() ? "no arguments" : String.join(", ", names))
                    + "; there are " + positional.size() + " positional arguments");
        }
        for (int i = 0; i < positional.size(); i++) {
            values.put(names.get(i), positional.get(i));
        }
        payload.kwargs().forEach((key, value) -> {
            String name = ALSO.getOrDefault(key, key);
            if (!names.contains(name)) {
                throw wrong(operation.text() + " takes no '" + key + "'; "
                        + (names.isEmpty() ? "it takes no arguments" : "it takes " + String.join(", ", names)));
            }
            if (values.containsKey(name)) {
                throw wrong("'" + name + "' is given twice");
            }
            values.put(name, value);
        });
        return new Arguments(values);
    }

    static NodeException wrong(String message) {
        return new NodeException(ErrorCode.INVALID_ARGUMENT, message);
    }

    private static NodeException wrong(String name, String right, @Nullable Object value) {
        return wrong("'" + name + "' must be " + right + ", is " + kind(value));
    }

    /** What a value is, in words; never a long or secret text. */
    private static String kind(@Nullable Object value) {
        if (value == null) {
            return "missing";
        } else if (value instanceof String) {
            return "a text";
        } else if (value instanceof Number || value instanceof Boolean) {
            return String.valueOf(value);
        }
        return value instanceof List ? "a list" : value instanceof Map ? "an object" : "binary";
    }

    private @Nullable Object value(String name) {
        return values.get(name);
    }

    WorkerId id() {
        String id = text("id");
        if (id == null) {
            throw wrong("id", "the id of a worker", null);
        }
        return new WorkerId(id);
    }

    /** A worker to start: options flat, nested, or a whole item of node.json. */
    WorkerSpec spec() {
        String type = text("type");
        Map<String, @Nullable Object> options = options();
        Object inItem = options.get("type");
        if (type == null && inItem instanceof String text && options.get("options") instanceof Map) {
            type = text;
        }
        if (type == null) {
            throw wrong("type", "a worker type", null);
        }
        return WorkerSpec.of(
                id(), type, options.get("options") instanceof Map<?, ?> inner ? item(options, inner) : options);
    }

    private static Map<String, @Nullable Object> item(Map<String, @Nullable Object> item, Map<?, ?> inner) {
        Map<String, @Nullable Object> options = new LinkedHashMap<>(item);
        options.keySet().removeAll(List.of("id", "type", "options"));
        inner.forEach((key, value) -> options.put(String.valueOf(key), value));
        return options;
    }

    Map<String, @Nullable Object> options() {
        return map("options");
    }

    Map<String, @Nullable Object> map(String name) {
        Object value = value(name);
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> given) {
            given.forEach((key, one) -> map.put(String.valueOf(key), one));
        } else if (value != null) {
            throw wrong(name, "an object", value);
        }
        return map;
    }

    @Nullable
    String text(String name) {
        Object value = value(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw wrong(name, "a text", value);
    }

    String required(String name) {
        String text = text(name);
        if (text == null) {
            throw wrong(name, "a text", null);
        }
        return text;
    }

    boolean flag(String name) {
        Object value = value(name);
        if (value == null || value instanceof Boolean) {
            return value != null && (Boolean) value;
        }
        throw wrong(name, "true or false", value);
    }

    /** One of some words; the first where nothing is said. */
    String word(String name, String... words) {
        String text = text(name);
        if (text == null) {
            return words[0];
        }
        if (!List.of(words).contains(text)) {
            throw wrong("'" + name + "' must be one of " + String.join(", ", words) + ", is '" + text + "'");
        }
        return text;
    }

    @Nullable
    Long number(String name) {
        Object value = value(name);
        if (value == null) {
            return null;
        }
        try {
            if (value instanceof Number number) {
                return new BigDecimal(number.toString()).longValueExact();
            }
        } catch (ArithmeticException | NumberFormatException broken) {
            throw wrong(name, "a whole number", value);
        }
        throw wrong(name, "a whole number", value);
    }

    int number(String name, int byDefault) {
        Long number = number(name);
        if (number == null) {
            return byDefault;
        }
        if (number < Integer.MIN_VALUE || number > Integer.MAX_VALUE) {
            throw wrong(name, "a number of a sensible size", number);
        }
        return number.intValue();
    }

    @Nullable
    Duration duration(String name) {
        Object value = value(name);
        if (value == null) {
            return null;
        }
        Duration duration = value instanceof Number || value instanceof String ? Units.duration(value) : null;
        if (duration == null) {
            throw wrong("'" + name + "' must be a length of time, for example 20s or a number of seconds, is "
                    + (value instanceof String text ? "'" + text + "'" : kind(value)));
        }
        return duration;
    }

    @Nullable
    Instant time(String name) {
        String text = text(name);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw wrong("'" + name + "' must be a time like 2026-01-31T12:00:00Z, is '" + text + "'");
        }
    }

    List<String> texts(String name) {
        Object value = value(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw wrong(name, "a list of texts", value);
        }
        List<String> texts = new ArrayList<>();
        for (Object one : list) {
            if (!(one instanceof String text)) {
                throw wrong(name, "a list of texts", one);
            }
            texts.add(text);
        }
        return List.copyOf(texts);
    }

    List<Integer> numbers(String name) {
        Object value = value(name);
        if (!(value instanceof List<?> list) || !list.stream().allMatch(Number.class::isInstance)) {
            throw wrong(name, "a list of numbers", value);
        }
        return list.stream().map(one -> ((Number) one).intValue()).collect(Collectors.toUnmodifiableList());
    }

    WorkerSelector selector() {
        Object value = value("selector");
        List<String> patterns = value instanceof String one ? List.of(one) : texts("selector");
        if (patterns.isEmpty()) {
            throw wrong("'selector' must name workers: a list of ids and patterns, for example [\"web-*\"]");
        }
        return WorkerSelector.of(patterns);
    }

    Signal signal() {
        return Signal.of(required("signal"));
    }

    /** Whether something was given. */
    boolean has(String name) {
        return value(name) != null;
    }

    byte[] bytes(String name) {
        Object value = value(name);
        if (value instanceof byte[] bytes) {
            return bytes;
        } else if (value instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        } else if (value == null) {
            return new byte[0];
        }
        throw wrong(name, "a text or bytes", value);
    }
}
