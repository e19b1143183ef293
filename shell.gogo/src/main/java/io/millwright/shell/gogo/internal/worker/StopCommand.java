package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeController.Scope;
import io.millwright.controller.api.Outcome;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.WorkerId;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.CommandFailed;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.Values;
import io.millwright.shell.gogo.internal.complete.Operand;
import io.millwright.shell.gogo.internal.text.Listing;
import io.millwright.shell.gogo.internal.text.WorkerViews;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:stop}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=stop", Command.OWN_STREAMS})
public final class StopCommand extends Command {
    private static final String SIGNAL = "--signal";
    private static final String TIMEOUT = "--timeout";

    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public StopCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:stop",
                                "ID|GLOB... | --all [--once] [--signal SIGNAL] [--timeout TIME] [--json]",
                                """
                        Stops workers: the stop signal, then, after the stop timeout, SIGKILL. Returns when they are gone.
                        Several are one operation: when one fails the rest goes on, and the command fails at the end.
                        Globs have * and ? and may need quotes. A configured worker rests after restarts of the node too, until
                        it is started.
                          --once           for now only: the node's next start starts it
                          --signal SIGNAL  in place of the worker's stop.signal, this time
                          --timeout TIME   in place of its stop.timeout, this time: 500ms, 20s, 5m; 0 kills at once""")
                        .flags("--all", "--once")
                        .options(SIGNAL, TIMEOUT)
                        .wordsFrom(0)
                        .takes(Operand.LIVE)
                        .value(SIGNAL, Operand.SIGNAL),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws CommandFailed, InterruptedException {
        Selection selection = Selection.of(call);
        String signal = call.arguments().value(SIGNAL);
        StopOptions options = StopOptions.GRACEFUL
                .withTimeout(Values.duration(call.arguments(), TIMEOUT))
                .withSignal(signal == null ? null : Signal.of(signal))
                .withOnce(call.arguments().has("--once"));
        Object result = selection.result(
                call,
                node(call),
                await(node(call).stopWorkers(selection.selector(), options, call.caller())),
                (stops, screen) -> {
                    String held = held(node(call), stops.stream().map(Outcome::id));
                    return WorkerViews.stops(stops, screen) + (held.isEmpty() ? "" : "\n" + held);
                });
        if (result instanceof StopResult stop) {
            String held = held(node(call), Stream.of(stop.id()));
            return new Listing<>(
                    List.of(stop), (all, screen) -> WorkerViews.stopped(stop) + (held.isEmpty() ? "" : "\n  " + held));
        }
        return result;
    }

    /** What the node's next start does with them; empty if that cannot be asked: the stop was done all the same. */
    private static String held(NodeController node, Stream<WorkerId> stopped) {
        Set<WorkerId> ids = stopped.collect(Collectors.toSet());
        try {
            return WorkerViews.held(node.listWorkers(Scope.ALL).stream()
                    .filter(worker -> ids.contains(worker.id()))
                    .toList());
        } catch (RuntimeException e) {
            return "";
        }
    }
}
