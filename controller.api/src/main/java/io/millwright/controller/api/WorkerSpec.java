package io.millwright.controller.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants to run: an id, a worker type and its options as they were given, not yet checked. Immutable.
 *
 * @param id the worker's id
 * @param type the worker type's name, for example {@code guest}
 * @param options option values; keys may be dotted ({@code stop.signal}) or nested maps, values are strings, numbers,
 *     booleans, maps, or arrays or collections of these
 */
public record WorkerSpec(WorkerId id, String type, Map<String, ? extends @Nullable Object> options) {
    /** Keeps an unmodifiable copy of the options' first level. */
    public WorkerSpec {
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof WorkerSpec spec
                        && id.equals(spec.id)
                        && type.equals(spec.type)
                        && options.equals(spec.options);
    }

    /** Of id and type alone: the options of one worker are many, and seldom differ while both live. */
    @Override
    public int hashCode() {
        return 31 * id.hashCode() + type.hashCode();
    }
}
