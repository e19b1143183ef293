package io.millwright.controller.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Gets a worker's log as it comes. Called by one thread at a time, never with a lock held; entries wait in a bounded
 * queue, and what a slow listener misses is counted, not waited for.
 */
@ConsumerType
public interface LogListener {
    /**
     * Some new lines. May block; lines that come meanwhile queue up, and are dropped when the queue is full.
     *
     * @param entries at least one, oldest first
     * @param lost how many lines were dropped just before the first of these
     */
    void onLog(List<LogEntry> entries, long lost);

    /**
     * The same with the position of the last line; also called once at the beginning, with what comes first, which may be no lines. A
     * listener that follows again {@linkplain NodeController#followAfter after that position} gets each line once.
     *
     * @param entries oldest first; empty only at the beginning
     * @param lost as in {@link #onLog(List, long)}
     * @param position of the last line that was written so far, if it is not among those that wait; lines have positions one after the other
     */
    default void onLog(List<LogEntry> entries, long lost, long position) {
        if (!entries.isEmpty()) {
            onLog(entries, lost);
        }
    }

    /** The worker has ended for good and all its lines were delivered; called once, nothing follows. */
    default void onEnd() {}
}
