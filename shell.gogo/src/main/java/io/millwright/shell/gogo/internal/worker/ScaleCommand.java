package io.millwright.shell.gogo.internal.worker;

import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.UsageError;
import io.millwright.shell.gogo.internal.complete.Operand;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:scale}. Thread-safe. */
@Component(
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
                                "GROUP N [--json]",
                                """
                        Gives a group (option instances) N instances: starts those that are missing, or ends those with the highest
                        numbers, and leaves the others alone. It holds until the node starts again or the group's configuration
                        says another number; to keep it, write it there.""")
                        .words(2, 2)
                        .takes(Operand.KNOWN),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws InterruptedException {
        return call.result(await(node(call).scaleWorker(call.id(), number(call.word(1)), call.caller())));
    }

    private static int number(String word) {
        try {
            return Integer.parseInt(word);
        } catch (NumberFormatException e) {
            throw new UsageError("'" + word + "' is not a number of instances");
        }
    }
}
