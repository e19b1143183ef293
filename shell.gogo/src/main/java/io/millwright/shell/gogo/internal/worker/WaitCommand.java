package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.WorkerExit;
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

/** {@code worker:wait}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=wait", Command.OWN_STREAMS})
public final class WaitCommand extends Command {
    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public WaitCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:wait",
                                "ID [--json]",
                                """
                        Waits until a worker has ended and no restart follows. The exit code is the worker's own, 128 and the
                        signal's number if a signal ended it (SIGKILL: 137, SIGTERM: 143), 1 if it never had a process.""")
                        .words(1, 1)
                        .takes(Operand.LIVE),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws InterruptedException {
        WorkerExit exit = await(node(call).awaitExit(call.id()));
        call.exitCode(ExitCodes.of(exit));
        return call.result(exit);
    }
}
