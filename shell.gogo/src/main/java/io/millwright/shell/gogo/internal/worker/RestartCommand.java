package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.RestartOptions;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.StopOptions;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.CommandFailed;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.Values;
import io.millwright.shell.gogo.internal.complete.Operand;
import io.millwright.shell.gogo.internal.text.WorkerViews;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:restart}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=restart", Command.OWN_STREAMS})
public final class RestartCommand extends Command {
    private static final String FIRST_FAILURE_ENDS = "--first-failure-ends";
    private static final String SIGNAL = "--signal";
    private static final String TIMEOUT = "--timeout";

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
                                "ID|GLOB... | --all [--type T] [--at-once N] [--first-failure-ends] [--signal S] [--timeout T]",
                                """
                        Stops workers if they run, then starts them with the options they have.
                          --type T     only those of this type; alone, all of this type
                          --at-once N  at most N at the same time (default: all; with --type: 3)
                          --first-failure-ends
                                       those not yet begun when one fails keep running as they are
                          --signal S, --timeout T
                                       in place of the workers' stop.signal and stop.timeout, this time, as of worker:stop""")
                        .flags("--all", FIRST_FAILURE_ENDS)
                        .options("--type", "--at-once", SIGNAL, TIMEOUT)
                        .wordsFrom(0)
                        .takes(Operand.LIVE)
                        .value("--type", Operand.TYPE)
                        .value(SIGNAL, Operand.SIGNAL),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws CommandFailed, InterruptedException {
        Selection selection = Selection.of(call);
        int atOnce = call.arguments().number("--at-once", call.arguments().value("--type") == null ? 0 : 3);
        String signal = call.arguments().value(SIGNAL);
        RestartOptions options = RestartOptions.ALL_AT_ONCE
                .withAtOnce(atOnce)
                .withFirstFailureEnds(call.arguments().has(FIRST_FAILURE_ENDS))
                .withStop(StopOptions.GRACEFUL
                        .withTimeout(Values.duration(call.arguments(), TIMEOUT))
                        .withSignal(signal == null ? null : Signal.of(signal)));
        return selection.result(
                call,
                node(call),
                await(node(call).restartWorkers(selection.selector(), options, call.caller())),
                WorkerViews::starts);
    }
}
