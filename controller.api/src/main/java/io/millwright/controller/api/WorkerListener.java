package io.millwright.controller.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Whiteboard service for the ordered events and logs of workers. Register one to be called; set the service property
 * {@value #WORKER_ID} to see only some workers. Called by one thread at a time, for events and for the logs of all its workers
 * together; a slow listener loses the oldest entries of a bounded queue and is told how many with the next, it is never waited
 * for. What it throws is logged.
 */
@ConsumerType
public interface WorkerListener {
    /**
     * Service property ({@code String+}, optional): the ids of the workers to hear of; without it all of them. A listener with
     * anything else in it is left out.
     */
    String WORKER_ID = "worker.id";

    /**
     * A worker changed.
     *
     * @param event what happened
     * @param lost how many events were dropped just before this one
     */
    default void onEvent(NodeEvent event, long lost) {}

    /**
     * Whether {@link #onLog} is to be called; asked once, when the listener is bound, with a time limit of five seconds. Lines
     * come from the answer on.
     *
     * @return false unless overridden
     */
    default boolean wantsLog() {
        return false;
    }

    /**
     * A worker wrote lines.
     *
     * @param id the worker
     * @param entries at least one, oldest first
     * @param lost how many lines of that worker were dropped just before the first of these
     */
    default void onLog(WorkerId id, List<LogEntry> entries, long lost) {}
}
