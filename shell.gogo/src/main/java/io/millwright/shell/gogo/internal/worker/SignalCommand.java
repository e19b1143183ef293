package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.Signal;
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

/** {@code worker:signal}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=signal", Command.OWN_STREAMS})
public final class SignalCommand extends Command {
    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public SignalCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:signal",
                                "ID SIGNAL",
                                "Sends a signal to the main process of a worker: HUP, USR1, TERM, ... with or without SIG.")
                        .words(2, 2)
                        .takes(Operand.LIVE, Operand.SIGNAL),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws InterruptedException {
        await(node(call).signalWorker(call.id(), Signal.of(call.word(1)), call.caller()));
        return null;
    }
}
