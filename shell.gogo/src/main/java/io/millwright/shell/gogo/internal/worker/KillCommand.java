package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.StopOptions;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.CommandFailed;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.complete.Operand;
import io.millwright.shell.gogo.internal.text.WorkerViews;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:kill}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=kill", Command.OWN_STREAMS})
public final class KillCommand extends Command {
    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public KillCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:kill",
                                "ID|GLOB... | --all [--once] [--json]",
                                """
                        Ends workers with SIGKILL at once. Returns when they are gone.
                        Several are one operation: when one fails the rest goes on, and the command fails at the end.
                        Globs have * and ? and may need quotes. A configured worker rests after restarts of the node too, until
                        it is started.
                          --once  for now only: the node's next start starts it""")
                        .flags("--all", "--once")
                        .wordsFrom(0)
                        .takes(Operand.LIVE),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws CommandFailed, InterruptedException {
        Selection selection = Selection.of(call);
        return selection.result(
                call,
                node(call),
                await(node(call)
                        .stopWorkers(
                                selection.selector(),
                                StopOptions.KILL.withOnce(call.arguments().has("--once")),
                                call.caller())),
                WorkerViews::stops);
    }
}
