package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.CommandFailed;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.text.WorkerViews;
import java.util.List;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:start}. Thread-safe. */
@Component(
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=start"})
public final class StartCommand extends Command {
    private static final String DRY_RUN = "--dry-run";

    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public StartCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:start",
                                "ID TYPE [KEY=VALUE...] [--json FILE|-] [-- EXECUTABLE [ARG...]] | ID|GLOB... | --all",
                                """
                        Starts a worker and returns when it is started; or starts workers the node knows.
                        """
                                        + StartRequest.HELP
                                        + """

                          --dry-run     says what the start would do, and starts nothing; see worker:plan

                        Two words alone are two ids if a worker is known by the second, else an id and a type.
                        With --json as the last word the result is printed as JSON.""")
                        .flags("--all", DRY_RUN)
                        .jsonMayTakeFile()
                        .wordsFrom(0),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws CommandFailed, InterruptedException {
        NodeController node = node();
        boolean dryRun = call.arguments().has(DRY_RUN);
        if (!call.arguments().has("--all") && StartRequest.namesType(call, node)) {
            WorkerSpec spec = StartRequest.of(call);
            if (dryRun) {
                return Plan.result(call, List.of(await(node.getPlanner().start(spec))));
            }
            return call.result(await(node.startWorker(spec, call.caller())));
        }
        Selection selection = Selection.of(call);
        if (dryRun) {
            return Plan.result(call, selection, await(node.getPlanner().start(selection.selector())));
        }
        return selection.result(
                call, await(node.startWorkers(selection.selector(), call.caller())), WorkerViews::starts);
    }
}
