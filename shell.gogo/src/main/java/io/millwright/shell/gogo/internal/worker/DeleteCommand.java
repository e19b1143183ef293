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

/** {@code worker:delete}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=delete", Command.OWN_STREAMS})
public final class DeleteCommand extends Command {
    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public DeleteCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:delete",
                                "ID...",
                                """
                        Deletes the configurations of workers that were saved (worker:start --save, or made by hand in
                        Config Admin), which stops them; their logs and records stay. What a file configures is deleted
                        in that file.""")
                        .wordsFrom(1)
                        .takes(Operand.KNOWN),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws CommandFailed, InterruptedException {
        Each.id(call, id -> await(node(call).deleteWorker(id, call.caller())));
        return null;
    }
}
