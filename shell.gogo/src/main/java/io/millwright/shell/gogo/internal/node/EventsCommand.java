package io.millwright.shell.gogo.internal.node;

import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.Subscription;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Feed;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Printer;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.text.Listing;
import io.millwright.shell.gogo.internal.text.NodeViews;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code node:events}. Thread-safe. */
@Component(
        service = Function.class,
        property = {Command.SCOPE + "=node", "osgi.command.function=events", Command.OWN_STREAMS})
public final class EventsCommand extends Command {
    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public EventsCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "node:events",
                                "[-f] [-n N] [--json]",
                                """
                        Shows the last events of the node, oldest first. Long lines are cut; --json has all of them.
                          -n N  at most how many (default 50)
                          -f    then follows, until interrupted""")
                        .flags("-f")
                        .options("-n"),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) {
        int limit = call.arguments().number("-n", 50);
        if (!call.arguments().has("-f")) {
            return call.result(new Listing<>(last(node(call).getEvents(), limit), NodeViews::events));
        }
        try (Feed<NodeEvent> feed = new Feed<>();
                Subscription subscription = node(call).followEvents((event, lost) -> feed.put(List.of(event), lost))) {
            // Following begins before the past is read, so that nothing falls between; what is in both is shown once.
            List<NodeEvent> past = node(call).getEvents();
            Set<NodeEvent> shown = new HashSet<>(past);
            Printer<NodeEvent> printer = new Printer<>(call, event -> NodeViews.event(event, call.screen()), "events");
            if (printer.print(last(past, limit), 0)) {
                printer.follow(feed, event -> !shown.remove(event));
            }
            return null;
        }
    }

    private static List<NodeEvent> last(List<NodeEvent> events, int limit) {
        return events.subList(Math.max(0, events.size() - limit), events.size());
    }
}
