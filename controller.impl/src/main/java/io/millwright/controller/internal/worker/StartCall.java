package io.millwright.controller.internal.worker;

import io.millwright.controller.api.StartProgress;
import io.millwright.controller.api.StartResult;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A caller that starts a worker: it hears that the start is under way before it hears what has become of that, though several threads tell
 * callers. All but the answer is of the controller loop.
 */
final class StartCall {
    private final WorkerEvents events;
    private final Consumer<StartProgress> progress;
    private final CompletableFuture<StartResult> started = new CompletableFuture<>();
    private volatile CompletableFuture<Void> told = CompletableFuture.completedFuture(null);

    /**
     * @param progress the caller's
     * @param result what the caller waits for
     */
    StartCall(WorkerEvents events, Consumer<StartProgress> progress, CompletableFuture<StartResult> result) {
        this.events = events;
        this.progress = progress;
        started.whenComplete((value, fault) -> told.whenComplete((nothing, thrown) -> {
            if (fault == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(fault);
            }
        }));
    }

    /** What becomes of the start. */
    CompletableFuture<StartResult> started() {
        return started;
    }

    /** The start begins: from now on no answer comes before {@link #tell} has told the caller. */
    void expect() {
        told = new CompletableFuture<>();
    }

    /** Tells the caller that the start is under way. */
    void tell(StartProgress accepted) {
        CompletableFuture<Void> telling = told;
        events.afterwards(() -> {
            try {
                progress.accept(accepted);
            } finally {
                telling.complete(null);
            }
        });
    }
}
