package io.millwright.controller.api;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Names the workers an operation on several is for. Immutable. */
public final class WorkerSelector {
    /** Every worker the operation makes sense for. */
    public static final WorkerSelector ALL = new WorkerSelector(List.of("*"), List.of());

    private final List<String> patterns;
    private final List<String> types;

    private WorkerSelector(List<String> patterns, List<String> types) {
        this.patterns = patterns;
        this.types = types;
    }

    /**
     * Selects by ids and globs.
     *
     * @param patterns ids, or globs with {@code *} and {@code ?}; an id that matches nothing is answered with
     *     {@link ErrorCode#NO_SUCH_WORKER}, a glob that matches nothing is not an error
     * @return the selector
     */
    public static WorkerSelector of(String... patterns) {
        return new WorkerSelector(List.of(patterns), List.of());
    }

    /**
     * Selects by ids and globs.
     *
     * @param patterns as in {@link #of(String...)}
     * @return the selector
     */
    public static WorkerSelector of(Collection<String> patterns) {
        return new WorkerSelector(List.copyOf(patterns), List.of());
    }

    /**
     * The same, narrowed to some worker types.
     *
     * @param types names of worker types; empty for all
     * @return a changed copy
     */
    public WorkerSelector withTypes(Collection<String> types) {
        return new WorkerSelector(patterns, List.copyOf(types));
    }

    /** Ids and globs, as in {@link #of(String...)}. */
    public List<String> patterns() {
        return patterns;
    }

    /** Worker types to narrow it to; empty for all. */
    public List<String> types() {
        return types;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof WorkerSelector that && patterns.equals(that.patterns) && types.equals(that.types);
    }

    @Override
    public int hashCode() {
        return Objects.hash(patterns, types);
    }

    @Override
    public String toString() {
        return "WorkerSelector" + patterns + (types.isEmpty() ? "" : " of " + types);
    }
}
