package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.CommandExit;
import io.millwright.controller.api.CommandSpec;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.text.Json;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.CommandFailed;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.UsageError;
import io.millwright.shell.gogo.internal.Values;
import io.millwright.shell.gogo.internal.complete.Operand;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:exec}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=exec", Command.OWN_STREAMS})
public final class ExecCommand extends Command {
    private static final String TIMEOUT = "--timeout";
    private static final String INPUT = "-i";

    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public ExecCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:exec",
                                "ID [-i] [--timeout TIME] [--json] -- PROGRAM [ARGUMENT...]",
                                """
                        Runs a command as the worker's program runs: in its directory, with its environment, user and limits. The worker
                        may run or not. What the command writes comes as it is, on the two streams it writes to; its exit code is that
                        of this command, 128 and the signal's number if a signal ended it. ^C ends it with all it has begun.
                          -i              gives it what is typed or piped in; without it, its input is at its end
                          --timeout TIME  after which it is killed: 500ms, 20s, 5m; default: never
                          --json          a document for each line, {stream, text}, and one for the end""")
                        .flags(INPUT)
                        .options(TIMEOUT)
                        .words(1, 1)
                        .takes(Operand.KNOWN),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws CommandFailed, InterruptedException {
        List<String> words = call.arguments().rest();
        if (words == null || words.isEmpty()) {
            throw new UsageError("the command to run is missing; it goes after '--'");
        }
        CommandSpec command = CommandSpec.of(words)
                .withTimeout(Values.duration(call.arguments(), TIMEOUT))
                .withOpenInput(call.arguments().has(INPUT));
        CommandStreams streams = new CommandStreams(call, command.openInput());
        try {
            CompletableFuture<CommandExit> exit = node(call)
                    .execWorker(call.id(), command, streams, call.caller())
                    .toCompletableFuture();
            CommandExit ended;
            try {
                ended = await(exit);
            } catch (NodeException e) {
                checkInput(streams);
                throw e;
            }
            checkInput(streams);
            return ended(call, streams, ended);
        } catch (InterruptedException e) {
            streams.cancel();
            call.exitCode(INTERRUPTED);
            throw new CommandFailed("interrupted; the command is ended");
        } finally {
            streams.close();
        }
    }

    private static void checkInput(CommandStreams streams) throws CommandFailed {
        IOException fault = streams.inputFault();
        if (fault != null) {
            throw new CommandFailed(
                    "its input could not be read to the end: " + fault.getMessage() + "; the command is ended");
        }
    }

    private static @Nullable Object ended(Invocation call, CommandStreams streams, CommandExit exit)
            throws CommandFailed {
        int code = ExitCodes.of(exit.code(), exit.signal());
        call.exitCode(code);
        if (call.json()) {
            streams.flush();
            return Json.write(exit.toMap());
        } else if (code != 0) {
            throw new CommandFailed(String.valueOf(exit.reason()));
        }
        return null;
    }
}
