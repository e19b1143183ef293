package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.text.Json;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.text.WorkerGraph;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:graph}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=graph", Command.OWN_STREAMS})
public final class GraphCommand extends Command {
    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public GraphCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:graph",
                                "[--dot] [--json]",
                                """
                        Shows which workers need others (after, requires), and how those are.
                          --dot  for Graphviz""")
                        .flags("--dot"),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) {
        WorkerGraph graph = WorkerGraph.of(node(call).listWorkers(Scope.ALL));
        if (call.json()) {
            return Json.write(graph.documents());
        }
        return call.arguments().has("--dot") ? graph.dot() : graph.text();
    }
}
