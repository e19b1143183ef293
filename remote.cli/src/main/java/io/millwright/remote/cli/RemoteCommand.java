package io.millwright.remote.cli;

import io.millwright.controller.api.CommandExit;
import io.millwright.controller.api.CommandListener;
import io.millwright.controller.api.CommandSpec;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Operation;
import io.millwright.controller.api.RunningCommand;
import io.millwright.controller.api.WorkerId;
import io.millwright.wamp.client.PendingCall;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A command beside a worker, over a call: it ends with the call, and with the connection. Thread-safe. */
final class RemoteCommand implements RunningCommand, PipedCommand.Begun {
    private final PendingCall call;

    private RemoteCommand(PendingCall call) {
        this.call = call;
    }

    static CompletionStage<CommandExit> run(Calls calls, WorkerId id, CommandSpec command, CommandListener listener) {
        if (command.openInput()) {
            return new PipedCommand(input -> begin(calls, id, command, input, listener))
                    .begin(calls.ask(Operation.GET_WORKER, Map.of("id", id.value()), answer -> Boolean.TRUE), listener);
        }
        RemoteCommand begun = begin(calls, id, command, null, listener);
        listener.onBegin(begun);
        return begun.exit();
    }

    private static RemoteCommand begin(
            Calls calls, WorkerId id, CommandSpec command, byte @Nullable [] input, CommandListener listener) {
        Map<String, @Nullable Object> arguments = new HashMap<>();
        arguments.put("id", id.value());
        arguments.put("command", command.words());
        arguments.put("input", input);
        arguments.put(
                "timeout", command.timeout() == null ? null : command.timeout().toMillis() / 1000.0);
        return new RemoteCommand(calls.begin(
                Operation.EXEC_WORKER,
                arguments,
                part -> listener.onOutput(part.word(LogEntry.Stream.class, "stream"), part.bytes("data"))));
    }

    @Override
    public CompletableFuture<CommandExit> exit() {
        return Calls.result(call, answer -> {
            if (call.lost() > 0) {
                throw new NodeException(
                        ErrorCode.INTERNAL,
                        call.lost() + " parts of the command's output are lost: it came faster than it was read here;"
                                + " have the command write a file");
            }
            return exit(Values.of(answer));
        });
    }

    private static CommandExit exit(Values exit) {
        return CommandExit.of(
                exit.id(),
                exit.intOrNull("code"),
                exit.textOrNull("signal"),
                exit.textOrNull("reason"),
                exit.duration("duration"));
    }

    @Override
    public CompletionStage<Void> write(byte[] data) {
        return CompletableFuture.failedFuture(new IllegalStateException("its input is not open"));
    }

    @Override
    public void closeInput() {}

    @Override
    public void cancel() {
        call.cancel(true);
    }
}
