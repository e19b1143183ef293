package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.ScaleOptions;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.UsageError;
import io.millwright.shell.gogo.internal.complete.Operand;
import io.millwright.shell.gogo.internal.text.WorkerViews;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:scale}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=scale", Command.OWN_STREAMS})
public final class ScaleCommand extends Command {
    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public ScaleCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:scale",
                                "GROUP N [--once] [--json]",
                                """
                        Gives a group (option instances) N instances: starts those that are missing, or ends those with the highest
                        numbers, and leaves the others alone. A configured group keeps the number over restarts of the node, until its
                        configuration says another one or this command says that of the configuration.
                          --once  for now only: the node's next start goes back to the configuration""")
                        .flags("--once")
                        .words(2, 2)
                        .takes(Operand.KNOWN),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws InterruptedException {
        ScaleOptions options =
                ScaleOptions.of(number(call.word(1))).withOnce(call.arguments().has("--once"));
        WorkerInfo group = await(node(call).scaleWorker(call.id(), options, call.caller()));
        return call.json() ? call.result(group) : WorkerViews.scaled(group);
    }

    private static int number(String word) {
        try {
            return Integer.parseInt(word);
        } catch (NumberFormatException e) {
            throw new UsageError("'" + word + "' is not a number of instances");
        }
    }
}
