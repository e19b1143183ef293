package io.millwright.controller.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants to run: an id, a worker type and its options as they were given, not yet checked. Immutable.
 */
public final class WorkerSpec {
    private final WorkerId id;
    private final String type;
    private final Map<String, ? extends @Nullable Object> options;

    private WorkerSpec(WorkerId id, String type, Map<String, ? extends @Nullable Object> options) {
        this.id = Objects.requireNonNull(id, "id");
        this.type = Objects.requireNonNull(type, "type");
        this.options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    /**
     * Makes one.
     *
     * @param id the worker's id
     * @param type the worker type's name, for example {@code guest}
     * @param options option values; keys may be dotted ({@code stop.signal}) or nested maps, values are strings,
     * numbers, booleans, maps, or arrays or collections of these
     * @return the value
     */
    public static WorkerSpec of(WorkerId id, String type, Map<String, ? extends @Nullable Object> options) {
        return new WorkerSpec(id, type, options);
    }

    /** The worker's id. */
    public WorkerId id() {
        return id;
    }

    /** The worker type's name, for example {@code guest}. */
    public String type() {
        return type;
    }

    /**
     * Option values; keys may be dotted ({@code stop.signal}) or nested maps, values are strings, numbers, booleans,
     * maps, or arrays or collections of these.
     */
    public Map<String, ? extends @Nullable Object> options() {
        return options;
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

    @Override
    public String toString() {
        return "WorkerSpec[" + id + ", " + type + "]";
    }
}
