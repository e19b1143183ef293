package io.millwright.shell.gogo.internal.node;

import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code node:status}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=node", "osgi.command.function=status", Command.OWN_STREAMS})
public final class StatusCommand extends Command {
    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public StatusCommand(@Reference NodeAccess node) {
        super(Usage.of("node:status", "[--json]", "Shows the node at this moment."), node);
    }

    @Override
    protected @Nullable Object run(Invocation call) {
        return call.result(node(call).getStatus());
    }
}
