package io.millwright.remote.cli;

import io.millwright.controller.api.CommandExit;
import io.millwright.controller.api.CommandListener;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.RunningCommand;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A command whose input is collected first, because it goes with the call, and which begins at the input's end. Thread-safe. */
final class PipedCommand implements RunningCommand {
    /** Well below the longest message that a listener takes. */
    static final int MOST = 8 << 20;

    private final Function<byte[], Begun> start;
    private final CompletableFuture<CommandExit> exit = new CompletableFuture<>();
    /** Guarded by this, as what follows; no code of others runs under it. */
    private final ByteArrayOutputStream input = new ByteArrayOutputStream();

    private boolean ended;
    private boolean cancelled;
    private @Nullable Begun begun;

    /** The command itself, once its call is made. */
    interface Begun {
        /** How it ends. */
        CompletableFuture<CommandExit> exit();

        /** Ends it. */
        void cancel();
    }

    PipedCommand(Function<byte[], Begun> start) {
        this.start = start;
    }

    /**
     * Has the input read, unless it is known that there is no such worker: its caller should not type in vain.
     *
     * @param worker what was asked about the worker; what else it fails with does not matter, as the caller may not be allowed to ask
     * @param listener gets this command, to write to it
     * @return how it ends
     */
    CompletionStage<CommandExit> begin(CompletionStage<?> worker, CommandListener listener) {
        worker.whenComplete((found, fault) -> {
            Throwable cause =
                    fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
            if (cause instanceof NodeException error && error.code() == ErrorCode.NO_SUCH_WORKER) {
                exit.completeExceptionally(error);
                return;
            }
            try {
                listener.onBegin(this);
            } catch (RuntimeException e) {
                exit.completeExceptionally(e);
            }
        });
        return exit;
    }

    @Override
    public CompletionStage<Void> write(byte[] data) {
        NodeException wrong;
        synchronized (this) {
            if (ended) {
                return CompletableFuture.failedFuture(new IllegalStateException("its input is closed"));
            }
            if (input.size() + data.length <= MOST) {
                input.writeBytes(data);
                return CompletableFuture.completedFuture(null);
            }
            wrong = new NodeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the input of a command has at most " + (MOST >> 20)
                            + " MiB over the remote management; bring it as a file");
        }
        exit.completeExceptionally(wrong);
        return CompletableFuture.failedFuture(wrong);
    }

    @Override
    public void closeInput() {
        byte[] all;
        synchronized (this) {
            if (ended || exit.isDone()) {
                return;
            }
            ended = true;
            all = input.toByteArray();
            input.reset();
        }
        Begun command;
        try {
            command = start.apply(all);
        } catch (RuntimeException e) {
            exit.completeExceptionally(e);
            return;
        }
        boolean late;
        synchronized (this) {
            begun = command;
            late = cancelled;
        }
        command.exit().whenComplete((how, fault) -> {
            if (fault == null) {
                exit.complete(how);
            } else {
                exit.completeExceptionally(fault);
            }
        });
        if (late) {
            command.cancel();
        }
    }

    @Override
    public void cancel() {
        Begun command;
        boolean begins;
        synchronized (this) {
            command = begun;
            begins = ended;
            cancelled = true;
        }
        if (command != null) {
            command.cancel();
        } else if (!begins) {
            exit.completeExceptionally(new CancellationException("it had not begun"));
        }
    }
}
