package io.millwright.controller.api;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Some ended runs, and where older ones are. Immutable. */
public final class HistoryPage implements Document {
    private final List<WorkerRun> runs;
    private final @Nullable Long before;

    private HistoryPage(List<WorkerRun> runs, @Nullable Long before) {
        this.runs = List.copyOf(runs);
        this.before = before;
    }

    /**
     * Makes one.
     *
     * @param runs oldest first
     * @param before what to ask with for the page of older ones; {@code null} if there are none
     * @return the value
     */
    public static HistoryPage of(List<WorkerRun> runs, @Nullable Long before) {
        return new HistoryPage(runs, before);
    }

    /** The runs, oldest first. */
    public List<WorkerRun> runs() {
        return runs;
    }

    /** What to ask with for the page of older ones; {@code null} if there are none. */
    public @Nullable Long before() {
        return before;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of("runs", runs, "before", before);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof HistoryPage that && runs.equals(that.runs) && Objects.equals(before, that.before);
    }

    @Override
    public int hashCode() {
        return Objects.hash(runs, before);
    }

    @Override
    public String toString() {
        return "HistoryPage" + toMap();
    }
}
