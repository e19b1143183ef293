package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopOptions;
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
 * @param stop how the stop is done
 * @param word when it was asked for, among all words: no worker that was stopped later is started for its sake
 */
public record Follow(
        WorkerSpec spec,
        Caller caller,
        CompletableFuture<StartResult> result,
        Duration pause,
        StopOptions stop,
        long word) {
    /** One that follows a stop as the worker's options have it, and for whose sake no worker is started that was stopped. */
    public Follow(WorkerSpec spec, Caller caller, CompletableFuture<StartResult> result, Duration pause) {
        this(spec, caller, result, pause, StopOptions.GRACEFUL, 0);
    }

    /** The same start, of what a newer configuration asks for. */
    public Follow of(WorkerSpec newer) {
        return new Follow(newer, caller, result, pause, stop, word);
    }
}
