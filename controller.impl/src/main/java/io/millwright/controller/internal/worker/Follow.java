package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.WorkerSpec;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A start that follows a stop. Immutable.
 *
 * @param spec what to start
 * @param caller the caller that asked
 * @param result completed with the start
 * @param pause how long to wait between the end and the start
 */
public record Follow(WorkerSpec spec, Caller caller, CompletableFuture<StartResult> result, Duration pause) {
    /** The same start, of what a newer configuration asks for. */
    public Follow of(WorkerSpec newer) {
        return new Follow(newer, caller, result, pause);
    }
}
