package io.millwright.controller.internal.launch;

import io.millwright.controller.api.Documents;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.text.Json;
import io.millwright.controller.api.worker.OptionDefinition;
import io.millwright.controller.api.worker.OptionValues;
import io.millwright.controller.api.worker.Variable;
import io.millwright.controller.internal.options.NativeOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one line of JSON that a native worker reads first on its standard input: who it is, and how it joins. Thread-safe. */
public final class BirthLine {
    private static final int VERSION = 1;

    /**
     * What the line says of the node.
     *
     * @param id the node's id
     * @param directory the node directory, absolute
     * @param debugLifecycle whether each step of a life is marked on standard output
     */
    public record NodeFacts(String id, Path directory, boolean debugLifecycle) {}

    private BirthLine() {}

    /**
     * Makes the line of one run. It holds the run's token: it is for the worker's standard input and for nothing else.
     *
     * @param node the node
     * @param id the worker
     * @param group the group it is an instance of, {@code null} for none
     * @param type its type
     * @param run the number of the run
     * @param address realm, prefix, socket and serializers, as the channel host says them
     * @param token lets the run in once
     * @param introductions to other workers of the node, as {@link Introductions#of} says them
     * @param mark what lines on standard error begin with that are log records
     * @param plan what is launched
     * @return the line with its end, in UTF-8
     */
    public static byte[] of(
            NodeFacts node,
            WorkerId id,
            @Nullable String group,
            String type,
            long run,
            Map<String, ? extends @Nullable Object> address,
            String token,
            Map<String, ? extends @Nullable Object> introductions,
            String mark,
            Admission.Planned plan) {
        OptionValues options = plan.options();
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("v", VERSION);
        line.put("node_id", node.id());
        line.put("node_dir", node.directory().toString());
        Map<String, @Nullable Object> worker = new LinkedHashMap<>(Documents.of(
                "id",
                id,
                "type",
                type,
                "run",
                run,
                "title",
                options.string(NativeOptions.TITLE).orElse(id.value())));
        if (group != null) {
            worker.put("group", group);
        }
        line.put("worker", worker);
        line.putAll(address);
        line.put("token", token);
        line.putAll(introductions);
        line.put(
                "log",
                Documents.of("level", options.string(NativeOptions.LOG_LEVEL).orElse("info"), "mark", mark));
        line.put("debug_lifecycle", node.debugLifecycle());
        line.put("options", own(plan.own(), options));
        line.put("extra", plain(options.any(NativeOptions.EXTRA)));
        return (Json.write(line) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The keys of a type's own options, in their order; those of all native workers are told in places of their own. */
    static List<String> own(List<OptionDefinition> options) {
        return options.stream()
                .filter(option -> !NativeOptions.definitions().contains(option))
                .map(OptionDefinition::key)
                .toList();
    }

    /**
     * What a run is told of its type's own options, secrets too.
     *
     * @param keys those of the type's own options
     * @param options all of the worker's
     * @return a new map, values as JSON has them
     */
    public static Map<String, @Nullable Object> own(Collection<String> keys, OptionValues options) {
        Map<String, @Nullable Object> own = new LinkedHashMap<>();
        for (String key : keys) {
            Object value = options.any(key);
            if (value != null) {
                own.put(key, plain(value));
            }
        }
        return own;
    }

    /** A value as JSON has it; durations are seconds, sizes bytes. */
    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof OptionValues object) {
            return plain(object.asMap());
        } else if (value instanceof Variable variable) {
            // Made for the worker alone: it gets what is masked everywhere else.
            return variable.kind() == Variable.Kind.SECRET_FILE
                    ? Map.of("secretFile", variable.text())
                    : variable.text();
        } else if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> plain = new LinkedHashMap<>();
            map.forEach((key, one) -> plain.put(String.valueOf(key), plain(one)));
            return plain;
        } else if (value instanceof Collection<?> list) {
            List<@Nullable Object> plain = new ArrayList<>();
            list.forEach(one -> plain.add(plain(one)));
            return plain;
        }
        return Documents.convert(value);
    }
}
