package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.NodeController.Detail;
import io.millwright.shell.gogo.internal.Command;
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

/** {@code worker:info}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=info", Command.OWN_STREAMS})
public final class InfoCommand extends Command {
    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public InfoCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:info",
                                "[--stats] ID [--json]",
                                """
                        Shows all that is known of a worker, an ended one too. Secrets are masked.
                          --stats  with figures of its output and its process""")
                        .flags("--stats")
                        .words(1, 1)
                        .takes(Operand.KNOWN),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) {
        Detail detail = call.arguments().has("--stats") ? Detail.WITH_STATS : Detail.PLAIN;
        return call.result(node(call).getWorker(call.id(), detail));
    }
}
