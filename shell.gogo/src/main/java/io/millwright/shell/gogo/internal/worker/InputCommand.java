package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeController.InputEnd;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerId;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.UsageError;
import io.millwright.shell.gogo.internal.complete.Operand;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:input}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=input", Command.OWN_STREAMS})
public final class InputCommand extends Command {
    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public InputCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:input",
                                "ID [TEXT...|-] [--eof]",
                                """
                        Writes a line to the standard input of a worker that has it open (guest: stdin=open).
                          TEXT   the words, a space between them, and a line end; '--' first if one begins with '-'
                          -      everything that is typed or piped in, to its end
                          --eof  closes the input after it; alone, only closes it""")
                        .flags("--eof")
                        .wordsFrom(1)
                        .takes(Operand.LIVE, Operand.OTHER),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws InterruptedException {
        WorkerId id = call.id();
        List<String> all = call.arguments().allWords();
        List<String> text = all.subList(1, all.size());
        InputEnd end = call.arguments().has("--eof") ? InputEnd.CLOSE : InputEnd.KEEP_OPEN;
        if (call.arguments().rest() == null && text.equals(List.of("-"))) {
            try {
                copy(call, id);
            } finally {
                // The last piece, after an interrupt too: what comes next is another operation.
                finish(call, id, end);
            }
        } else if (!text.isEmpty()) {
            byte[] line = (String.join(" ", text) + "\n").getBytes(StandardCharsets.UTF_8);
            await(node(call).writeInput(id, line, end, call.caller()));
        } else if (end == InputEnd.CLOSE) {
            await(node(call).writeInput(id, new byte[0], end, call.caller()));
        } else {
            throw new UsageError("there is nothing to write: a text, '-' or --eof is missing");
        }
        return null;
    }

    private void finish(Invocation call, WorkerId id, InputEnd end) throws InterruptedException {
        CompletionStage<Void> done = node(call).writeInput(id, new byte[0], end, call.caller());
        if (end == InputEnd.CLOSE) {
            await(done);
        }
    }

    private void copy(Invocation call, WorkerId id) throws InterruptedException {
        InputStream keyboard = call.keyboard();
        byte[] buffer = new byte[8192];
        try {
            for (int count = keyboard.read(buffer); count >= 0; count = keyboard.read(buffer)) {
                await(node(call).writeInput(id, Arrays.copyOf(buffer, count), InputEnd.GOES_ON, call.caller()));
            }
        } catch (InterruptedIOException | ClosedByInterruptException e) {
            throw new InterruptedException();
        } catch (IOException e) {
            throw new NodeException(
                    ErrorCode.INVALID_ARGUMENT, "the input could not be read: " + e, List.of(), List.of(), null, e);
        }
    }
}
