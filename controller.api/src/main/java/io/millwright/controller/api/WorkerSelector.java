package io.millwright.controller.api;

import java.util.List;

/**
 * Names the workers an operation on several is for. Immutable.
 *
 * @param patterns ids, or globs with {@code *} and {@code ?}; an id that matches nothing is answered with
 *     {@link ErrorCode#NO_SUCH_WORKER}, a glob that matches nothing is not an error
 * @param types worker types to narrow it to; empty for all
 */
public record WorkerSelector(List<String> patterns, List<String> types) {
    /** Every worker the operation makes sense for. */
    public static final WorkerSelector ALL = new WorkerSelector(List.of("*"), List.of());

    /** Keeps unmodifiable lists. */
    public WorkerSelector {
        patterns = List.copyOf(patterns);
        types = List.copyOf(types);
    }

    /**
     * Selects by ids and globs.
     *
     * @param patterns ids or globs
     * @return the selector
     */
    public static WorkerSelector of(String... patterns) {
        return new WorkerSelector(List.of(patterns), List.of());
    }
}
