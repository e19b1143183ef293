package io.millwright.controller.internal.worker;

import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerRun;
import org.jspecify.annotations.Nullable;

/**
 * How a worker has ended whose second run was still there: that is told when nothing of it is left. Immutable.
 *
 * @param exit how its current run, or its wait, ended
 * @param run the record of that
 * @param failed whether it was never started
 * @param reason why it is as it is, {@code null} if its exit says it
 * @param stop the stop that was asked for, {@code null} if nobody asked
 */
public record HeldEnd(
        WorkerExit exit, WorkerRun run, boolean failed, @Nullable String reason, @Nullable StopRequest stop) {
    /** The same, after a stop was asked for. */
    HeldEnd stoppedBy(StopRequest request) {
        return stop != null ? this : new HeldEnd(exit, run, failed, reason, request);
    }
}
