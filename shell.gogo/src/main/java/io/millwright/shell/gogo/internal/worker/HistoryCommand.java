package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.HistoryPage;
import io.millwright.controller.api.HistoryQuery;
import io.millwright.controller.api.NodeController.Detail;
import io.millwright.controller.api.WorkerId;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.Values;
import io.millwright.shell.gogo.internal.complete.Operand;
import io.millwright.shell.gogo.internal.text.Listing;
import io.millwright.shell.gogo.internal.text.WorkerViews;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:history}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=history", Command.OWN_STREAMS})
public final class HistoryCommand extends Command {
    private static final String LIMIT = "-n";
    private static final String BEFORE = "--before";

    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public HistoryCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:history",
                                "[ID] [-n N] [--before NUMBER] [--json]",
                                """
                        Shows the runs of workers that have ended, oldest first.
                          -n N             the newest N
                          --before NUMBER  the page of older ones, by the number that the page before said
                        With either of them --json prints one object: the runs, and the number of the page of older ones.""")
                        .options(LIMIT, BEFORE)
                        .words(0, 1)
                        .takes(Operand.KNOWN),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) {
        WorkerId id = call.arguments().words().isEmpty() ? null : call.id();
        Long before = Values.number(call.arguments(), BEFORE);
        boolean paged = before != null || call.arguments().value(LIMIT) != null;
        HistoryPage page = node(call)
                .getHistory(HistoryQuery.ALL
                        .withWorker(id)
                        .withBefore(before)
                        .withLimit(call.arguments().number(LIMIT, Integer.MAX_VALUE)));
        if (id != null && page.runs().isEmpty()) {
            // a worker nobody knows is an error, one that never ended is not
            node(call).getWorker(id, Detail.PLAIN);
        }
        return call.json() && paged
                ? call.result(page)
                : call.result(new Listing<>(page.runs(), (runs, screen) -> WorkerViews.page(page, screen)));
    }
}
