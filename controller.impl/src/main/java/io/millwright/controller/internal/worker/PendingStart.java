package io.millwright.controller.internal.worker;

import io.millwright.controller.api.Caller;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopMode;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.internal.launch.Admission;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A start that is being checked; a stop that comes meanwhile is kept until the answer is there. */
final class PendingStart {
    /** How a start came about, which says what is done for it. */
    enum Asked {
        /** A caller asks for this start: what the worker requires is started too, and what is not on its way ends the call. */
        CALL,
        /** The worker is to run: what it requires is started too. */
        WANTED,
        /** It comes back after an end: it waits for what it requires. */
        AGAIN
    }

    /** Told, in the loop, of a start that is refused. */
    interface Refusal {
        void refused(NodeException why, @Nullable Admission admission);
    }

    /** A stop that waits for what is being checked. */
    record Cancel(StopOptions options, Caller caller, CompletableFuture<StopResult> result, long word) {
        /** Another stop of the same: it is the word that holds, and a kill stays one. The first is answered with it. */
        Cancel again(StopOptions later, Caller by, long laterWord) {
            boolean kills = options.mode() == StopMode.KILL && later.mode() != StopMode.KILL;
            return new Cancel(kills ? StopOptions.KILL.withOnce(later.once()) : later, by, result, laterWord);
        }
    }

    final Caller caller;
    /** The caller that is told of the progress, {@code null} if none is. */
    @Nullable
    final StartCall call;

    final CompletableFuture<StartResult> result;
    /** When it was asked for, among all words. */
    final long word;

    final Asked asked;
    Refusal onRefusal;

    @Nullable
    Cancel cancel;

    /** What a configuration asks for that changed meanwhile. */
    @Nullable
    WorkerSpec newer;

    /** What is started if that which is being checked is refused. */
    @Nullable
    WorkerSpec otherwise;

    PendingStart(
            Caller caller,
            @Nullable StartCall call,
            CompletableFuture<StartResult> result,
            long word,
            Asked asked,
            Refusal onRefusal) {
        this.caller = caller;
        this.call = call;
        this.result = result;
        this.word = word;
        this.asked = asked;
        this.onRefusal = onRefusal;
    }
}
