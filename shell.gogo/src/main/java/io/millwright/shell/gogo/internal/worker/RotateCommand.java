package io.millwright.shell.gogo.internal.worker;

import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.CommandFailed;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.complete.Operand;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:rotate}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=rotate", Command.OWN_STREAMS})
public final class RotateCommand extends Command {
    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public RotateCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:rotate",
                                "ID...",
                                """
                        Rotates the log files of workers now: the next line of each goes to a new file, and what was there is
                        kept, compressed and deleted as log.* says. An empty file stays.""")
                        .wordsFrom(1)
                        .takes(Operand.KNOWN),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws CommandFailed, InterruptedException {
        Each.id(call, id -> await(node(call).rotateLog(id, call.caller())));
        return null;
    }
}
