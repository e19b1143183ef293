package io.millwright.controller.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of one worker in an operation on several: a result or an error, never both. Immutable.
 * @param <T> the single operation's result
 */
public final class Outcome<T extends Document> implements Document {
    private final WorkerId id;
    private final @Nullable T result;
    private final @Nullable NodeException error;

    private Outcome(WorkerId id, @Nullable T result, @Nullable NodeException error) {
        this.id = Objects.requireNonNull(id, "id");
        this.result = result;
        this.error = error;
    }

    /**
     * What was asked for was done.
     *
     * @param id the worker
     * @param result the single operation's result
     * @param <T> the single operation's result
     * @return the outcome
     */
    public static <T extends Document> Outcome<T> of(WorkerId id, T result) {
        return new Outcome<>(id, Objects.requireNonNull(result, "result"), null);
    }

    /**
     * It failed.
     *
     * @param id the worker
     * @param error the single operation's error
     * @param <T> the single operation's result
     * @return the outcome
     */
    public static <T extends Document> Outcome<T> failed(WorkerId id, NodeException error) {
        return new Outcome<>(id, null, Objects.requireNonNull(error, "error"));
    }

    /** The worker. */
    public WorkerId id() {
        return id;
    }

    /** The result, {@code null} if it failed. */
    public @Nullable T result() {
        return result;
    }

    /** The error, {@code null} if it succeeded. */
    public @Nullable NodeException error() {
        return error;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        if (result != null) {
            return result.toMap();
        }
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("id", id.value());
        if (error != null) {
            map.putAll(error.toMap());
        }
        return map;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof Outcome<?> that
                        && id.equals(that.id)
                        && Objects.equals(result, that.result)
                        && Objects.equals(error, that.error);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, result, error);
    }

    @Override
    public String toString() {
        return "Outcome" + toMap();
    }
}
