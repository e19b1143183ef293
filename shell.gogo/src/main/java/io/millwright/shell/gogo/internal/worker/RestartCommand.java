package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.RestartOptions;
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
import org.osgi.service.component.annotations.Reference;

/** {@code worker:restart}. Thread-safe. */
@Component(
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=restart", Command.OWN_STREAMS})
public final class RestartCommand extends Command {
    private static final String FIRST_FAILURE_ENDS = "--first-failure-ends";

    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public RestartCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:restart",
                                "ID|GLOB... | --all [--type TYPE] [--at-once N] [--first-failure-ends] [--json]",
                                """
                        Stops workers if they run, then starts them with the options they have.
                          --type TYPE  only those of this type; alone, all of this type
                          --at-once N  at most N at the same time (default: all; with --type: 3)
                          --first-failure-ends
                                       those not yet begun when one fails keep running as they are""")
                        .flags("--all", FIRST_FAILURE_ENDS)
                        .options("--type", "--at-once")
                        .wordsFrom(0)
                        .takes(Operand.LIVE)
                        .value("--type", Operand.TYPE),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws CommandFailed, InterruptedException {
        Selection selection = Selection.of(call);
        int atOnce = call.arguments().number("--at-once", call.arguments().value("--type") == null ? 0 : 3);
        RestartOptions options = RestartOptions.ALL_AT_ONCE
                .withAtOnce(atOnce)
                .withFirstFailureEnds(call.arguments().has(FIRST_FAILURE_ENDS));
        return selection.result(
                call,
                node(call),
                await(node(call).restartWorkers(selection.selector(), options, call.caller())),
                WorkerViews::starts);
    }
}
