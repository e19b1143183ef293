package io.millwright.shell.gogo.internal.worker;

import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.text.Listing;
import io.millwright.shell.gogo.internal.text.WorkerViews;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:types}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=types", Command.OWN_STREAMS})
public final class TypesCommand extends Command {
    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public TypesCommand(@Reference NodeAccess node) {
        super(
                Usage.of("worker:types", "[--json]", "Lists the worker types there are, and why some cannot be used."),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) {
        return call.result(new Listing<>(node(call).getWorkerTypes(), WorkerViews::types));
    }
}
