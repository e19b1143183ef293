package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.HistoryQuery;
import io.millwright.controller.api.NodeController.Detail;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerRun;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.complete.Operand;
import io.millwright.shell.gogo.internal.text.Listing;
import io.millwright.shell.gogo.internal.text.WorkerViews;
import java.util.List;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:history}. Thread-safe. */
@Component(
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=history", Command.OWN_STREAMS})
public final class HistoryCommand extends Command {
    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public HistoryCommand(@Reference NodeAccess node) {
        super(
                Usage.of("worker:history", "[ID] [--json]", "Shows the runs of workers that have ended, oldest first.")
                        .words(0, 1)
                        .takes(Operand.KNOWN),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) {
        WorkerId id = call.arguments().words().isEmpty() ? null : call.id();
        List<WorkerRun> runs =
                node(call).getHistory(HistoryQuery.ALL.withWorker(id)).runs();
        if (id != null && runs.isEmpty()) {
            // a worker nobody knows is an error, one that never ended is not
            node(call).getWorker(id, Detail.PLAIN);
        }
        return call.result(new Listing<>(runs, WorkerViews::runs));
    }
}
