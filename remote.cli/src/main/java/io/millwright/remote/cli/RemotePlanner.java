package io.millwright.remote.cli;

import io.millwright.controller.api.ChangePlanner;
import io.millwright.controller.api.ConfigurationChange;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Operation;
import io.millwright.controller.api.Outcome;
import io.millwright.controller.api.PlannedChange;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Asks a node what a change would do. A file is this machine's: the node gets its text. Thread-safe. */
final class RemotePlanner implements ChangePlanner {
    private final Calls calls;

    RemotePlanner(Calls calls) {
        this.calls = calls;
    }

    private static <T> CompletionStage<T> unavailable(String what) {
        return CompletableFuture.failedFuture(new NodeException(
                ErrorCode.FEATURE_UNAVAILABLE, what + " cannot be planned over the remote management"));
    }

    @Override
    public CompletionStage<List<PlannedChange>> start(WorkerSpec spec) {
        return unavailable("a start");
    }

    @Override
    public CompletionStage<List<Outcome<PlannedChange>>> start(WorkerSelector selector) {
        return unavailable("a start");
    }

    @Override
    public CompletionStage<List<PlannedChange>> options(WorkerId id, Map<String, ? extends @Nullable Object> options) {
        Map<String, ?> arguments = Map.of("id", id.value(), "options", options);
        return calls.ask(Operation.PLAN_WORKER, arguments, answer -> Values.list(answer, WorkerDocuments::planned));
    }

    @Override
    public CompletionStage<List<PlannedChange>> configurations(List<ConfigurationChange> changes) {
        return unavailable("a change of configurations");
    }

    @Override
    public CompletionStage<List<PlannedChange>> file(Path file) {
        try {
            Map<String, ?> arguments = Map.of("text", Files.readString(file));
            return calls.ask(Operation.PLAN_NODE, arguments, answer -> Values.list(answer, WorkerDocuments::planned));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(
                    new NodeException(ErrorCode.INVALID_ARGUMENT, "the file " + file + " cannot be read: " + e));
        }
    }
}
