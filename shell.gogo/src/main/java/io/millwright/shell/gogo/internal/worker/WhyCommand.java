package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.Documents;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.NodeController.Detail;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.text.Json;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.complete.Operand;
import io.millwright.shell.gogo.internal.text.WorkerViews;
import java.util.List;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:why}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=why", Command.OWN_STREAMS})
public final class WhyCommand extends Command {
    private static final int LINES = 10;

    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public WhyCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:why",
                                "ID [--json]",
                                """
                        Says why a worker is as it is: the chain of causes, the nearest first, and its last lines, for
                        who may read logs.""")
                        .words(1, 1)
                        .takes(Operand.KNOWN),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) {
        WorkerInfo worker = node(call).getWorker(call.id(), Detail.PLAIN);
        List<LogEntry> log = logOf(worker.id(), call);
        return call.json()
                ? Json.write(Documents.of(
                        "id", worker.id(),
                        "status", worker.status(),
                        "why", worker.why(),
                        "restarts", worker.restarts(),
                        "next_start", worker.nextStart(),
                        "exit", worker.exit(),
                        "log", log))
                : WorkerViews.why(worker, log, call.screen());
    }

    /** Its last lines; {@code null} if the caller may not read logs. */
    private @Nullable List<LogEntry> logOf(WorkerId id, Invocation call) {
        try {
            return node(call).getWorkerLog(id, LINES);
        } catch (NodeException e) {
            if (e.code() == ErrorCode.NOT_AUTHORIZED) {
                return null;
            }
            throw e;
        }
    }
}
