package io.millwright.controller.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which ended runs are wanted: the newest that fit, at most so many. Immutable. */
public final class HistoryQuery {
    /** All there are. */
    public static final HistoryQuery ALL = new HistoryQuery(null, null, Integer.MAX_VALUE);

    private final @Nullable WorkerId worker;
    private final @Nullable Long before;
    private final int limit;

    private HistoryQuery(@Nullable WorkerId worker, @Nullable Long before, int limit) {
        this.worker = worker;
        this.before = before;
        this.limit = limit;
    }

    /**
     * The same for one worker.
     *
     * @param id the worker; {@code null} for all
     * @return a changed copy
     */
    public HistoryQuery withWorker(@Nullable WorkerId id) {
        return new HistoryQuery(id, before, limit);
    }

    /**
     * The same for older records only.
     *
     * @param number what {@link HistoryPage#before} of the page before said; {@code null} for the newest
     * @return a changed copy
     */
    public HistoryQuery withBefore(@Nullable Long number) {
        return new HistoryQuery(worker, number, limit);
    }

    /**
     * The same with another limit.
     *
     * @param most at most how many
     * @return a changed copy
     * @throws NodeException {@link ErrorCode#INVALID_ARGUMENT} if it is below 1
     */
    public HistoryQuery withLimit(int most) {
        if (most < 1) {
            throw new NodeException(ErrorCode.INVALID_ARGUMENT, "limit must be at least 1, is " + most);
        }
        return new HistoryQuery(worker, before, most);
    }

    /** The worker, {@code null} for all. */
    public @Nullable WorkerId worker() {
        return worker;
    }

    /** Only records before this one, {@code null} for the newest. */
    public @Nullable Long before() {
        return before;
    }

    /** At most how many. */
    public int limit() {
        return limit;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof HistoryQuery that
                        && Objects.equals(worker, that.worker)
                        && Objects.equals(before, that.before)
                        && limit == that.limit;
    }

    @Override
    public int hashCode() {
        return Objects.hash(worker, before, limit);
    }

    @Override
    public String toString() {
        return "HistoryQuery[worker=" + worker + ", before=" + before + ", limit=" + limit + "]";
    }
}
