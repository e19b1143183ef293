package io.millwright.remote.cli;

import io.millwright.controller.api.CommandExit;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.RunningCommand;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A command whose input is collected first, because it goes with the call, and which begins at the input's end. Thread-safe. */
final class PipedCommand implements RunningCommand {
    /** Well below the longest message that a listener takes. */
    static final int MOST = 8 << 20;

    private final Function<byte[], RemoteCommand> start;
    private final CompletableFuture<CommandExit> exit = new CompletableFuture<>();
    private final ByteArrayOutputStream input = new ByteArrayOutputStream();
    private @Nullable RemoteCommand begun;

    PipedCommand(Function<byte[], RemoteCommand> start) {
        this.start = start;
    }

    /** How it ends. */
    CompletableFuture<CommandExit> exit() {
        return exit;
    }

    @Override
    public synchronized CompletionStage<Void> write(byte[] data) {
        if (input.size() + data.length > MOST) {
            NodeException wrong = new NodeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the input of a command has at most " + (MOST >> 20)
                            + " MiB over the remote management; bring it as a file");
            exit.completeExceptionally(wrong);
            return CompletableFuture.failedFuture(wrong);
        }
        input.writeBytes(data);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized void closeInput() {
        if (begun != null || exit.isDone()) {
            return;
        }
        RemoteCommand command;
        try {
            command = start.apply(input.toByteArray());
        } catch (RuntimeException e) {
            exit.completeExceptionally(e);
            return;
        }
        begun = command;
        input.reset();
        command.exit().whenComplete((ended, fault) -> {
            if (fault == null) {
                exit.complete(ended);
            } else {
                exit.completeExceptionally(fault);
            }
        });
    }

    @Override
    public synchronized void cancel() {
        if (begun == null) {
            exit.completeExceptionally(new CancellationException("it had not begun"));
        } else {
            begun.cancel();
        }
    }
}
