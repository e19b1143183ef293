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

/** {@code worker:forget}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=forget", Command.OWN_STREAMS})
public final class ForgetCommand extends Command {
    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public ForgetCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:forget",
                                "ID...",
                                """
                        Drops the records of workers that do not live. A configured worker is forgotten by deleting its
                        configuration: worker:delete, or where it comes from.""")
                        .wordsFrom(1)
                        .takes(Operand.NOT_LIVE),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws CommandFailed, InterruptedException {
        Each.id(call, id -> await(node(call).forgetWorker(id, call.caller())));
        return null;
    }
}
