package io.millwright.shell.gogo.internal.node;

import io.millwright.controller.api.ShutdownRequest;
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

/** {@code node:shutdown}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=node", "osgi.command.function=shutdown", Command.OWN_STREAMS})
public final class ShutdownCommand extends Command {
    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public ShutdownCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "node:shutdown",
                                "[--restart] [--mode WORD] [--json]",
                                """
                        Shuts the node down: stops all workers, then the node. Returns when the shutdown has begun.
                          --restart    starts a fresh node after it
                          --mode WORD  a word handed on to whoever hears of the shutdown""")
                        .flags("--restart")
                        .options("--mode"),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws InterruptedException {
        ShutdownRequest request = call.arguments().has("--restart") ? ShutdownRequest.RESTART : ShutdownRequest.STOP;
        return call.result(
                await(node(call).shutdown(request.withMode(call.arguments().value("--mode")), call.caller())));
    }
}
