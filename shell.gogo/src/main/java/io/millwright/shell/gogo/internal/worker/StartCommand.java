package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.CommandFailed;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.UsageError;
import io.millwright.shell.gogo.internal.complete.Operand;
import io.millwright.shell.gogo.internal.text.WorkerViews;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:start}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=start", Command.OWN_STREAMS})
public final class StartCommand extends Command {
    private static final String DRY_RUN = "--dry-run";
    private static final String SAVE = "--save";

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
                                "ID TYPE [KEY=VALUE...] [--json FILE|-] [--save] [-- EXECUTABLE [ARG...]] | ID|GLOB... | --all",
                                """
                        Starts a worker and returns when it is started; or starts workers the node knows.
                        """
                                        + StartRequest.HELP
                                        + """

                          --save        keeps it in the node's configurations (config/, which only the node's user can
                                        read; secrets are in it as given, secretFile keeps them out): it is started
                                        again when the node is; worker:delete undoes it
                          --dry-run     says what the start would do, and starts nothing; see worker:plan

                        Two words alone are two ids if a worker is known by the second, else an id and a type.
                        With --json as the last word the result is printed as JSON.""")
                        .flags("--all", SAVE, DRY_RUN)
                        .jsonMayTakeFile()
                        .wordsFrom(0)
                        .takes(Operand.NOT_LIVE, Operand.TYPE_OR_NOT_LIVE, Operand.OPTION),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws CommandFailed, InterruptedException {
        NodeController node = node(call);
        boolean dryRun = call.arguments().has(DRY_RUN);
        boolean save = call.arguments().has(SAVE);
        if (!call.arguments().has("--all") && StartRequest.namesType(call, node)) {
            WorkerSpec spec = StartRequest.of(call);
            if (dryRun) {
                return Plan.result(call, await(node.getPlanner().start(spec)));
            }
            return call.result(
                    await(save ? node.saveWorker(spec, call.caller()) : node.startWorker(spec, call.caller())));
        }
        if (save) {
            throw new UsageError("--save is for a start with a type and options; a known worker has its own");
        }
        Selection selection = Selection.of(call);
        if (dryRun) {
            return Plan.result(call, node, selection, await(node.getPlanner().start(selection.selector())));
        }
        return selection.result(
                call, node, await(node.startWorkers(selection.selector(), call.caller())), WorkerViews::starts);
    }
}
