package io.millwright.controller.api;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a worker answered to a call of an operation of its own. Immutable. */
public final class WorkerAnswer implements Document {
    private final WorkerId id;
    private final @Nullable Object value;

    private WorkerAnswer(WorkerId id, @Nullable Object value) {
        this.id = Objects.requireNonNull(id, "id");
        this.value = Documents.convert(value);
    }

    /**
     * Makes one.
     *
     * @param id the worker
     * @param value what it answered, as {@link Documents#convert} takes it
     * @return the value
     */
    public static WorkerAnswer of(WorkerId id, @Nullable Object value) {
        return new WorkerAnswer(id, value);
    }

    /** The worker. */
    public WorkerId id() {
        return id;
    }

    /** What it answered: a text, a number, a boolean, a list, a map with texts as keys, or {@code null}. */
    public @Nullable Object value() {
        return value;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of("id", id, "value", value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof WorkerAnswer that && id.equals(that.id) && Objects.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, value);
    }

    @Override
    public String toString() {
        return "WorkerAnswer" + toMap();
    }
}
