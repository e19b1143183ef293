package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.NodeController.CheckDepth;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.text.Json;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.CommandFailed;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.complete.Operand;
import io.millwright.shell.gogo.internal.text.Listing;
import io.millwright.shell.gogo.internal.text.NodeViews;
import java.util.List;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:check}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=check", Command.OWN_STREAMS})
public final class CheckCommand extends Command {
    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public CheckCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:check",
                                "ID TYPE [KEY=VALUE...] [--json FILE|-] [-- EXECUTABLE [ARG...]]",
                                """
                        Says everything that is wrong with a start, and starts nothing. Exit code 1 if there is something.
                        """
                                        + StartRequest.HELP)
                        .jsonMayTakeFile()
                        .wordsFrom(2)
                        .takes(Operand.KNOWN, Operand.TYPE, Operand.OPTION),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws CommandFailed, InterruptedException {
        WorkerSpec spec = StartRequest.of(call);
        List<Problem> problems = await(node(call).check(spec, CheckDepth.FULL));
        if (problems.isEmpty()) {
            return call.result(new Listing<>(problems, NodeViews::problems));
        }
        call.exitCode(1);
        if (call.json()) {
            call.print(Json.write(problems));
        }
        throw CommandFailed.of(NodeException.invalid("worker '" + spec.id() + "'", problems));
    }
}
