package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.Documents;
import io.millwright.controller.api.text.Json;
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

/** {@code worker:reopen-logs}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=reopen-logs", Command.OWN_STREAMS})
public final class ReopenLogsCommand extends Command {
    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public ReopenLogsCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                        "worker:reopen-logs",
                        "[--json]",
                        """
                        Closes the log files of all workers; the next line of each goes to the file of its name. For the
                        last step of a log rotator that has moved the files (logrotate: postrotate)."""),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws InterruptedException {
        int workers = await(node(call).reopenLogs(call.caller()));
        return call.json() ? Json.write(Documents.of("workers", workers)) : null;
    }
}
