package io.millwright.shell.gogo.internal.node;

import io.millwright.controller.api.EventPage;
import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.Subscription;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Feed;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Printer;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.UsageError;
import io.millwright.shell.gogo.internal.Values;
import io.millwright.shell.gogo.internal.text.Listing;
import io.millwright.shell.gogo.internal.text.NodeViews;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code node:events}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=node", "osgi.command.function=events", Command.OWN_STREAMS})
public final class EventsCommand extends Command {
    private static final String AFTER = "--after";

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
                                "[-f] [-n N | --after NUMBER] [--json]",
                                """
                        Shows the last events of the node, oldest first: time, number, worker, what happened.
                        Long lines are cut; --json has all of them.
                          -n N            at most how many (default 50)
                          --after NUMBER  those after the event of that number in this life of the node, 0 for all of it,
                                          and how many of them are not kept any more (--json: one object)
                          -f              then follows, until interrupted""")
                        .flags("-f")
                        .options("-n", AFTER),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) {
        Long after = Values.number(call.arguments(), AFTER);
        if (after != null) {
            return after(call, after);
        }
        int limit = call.arguments().number("-n", 50);
        if (!call.arguments().has("-f")) {
            return call.result(new Listing<>(last(node(call).getEvents(), limit), NodeViews::events));
        }
        try (Feed<NodeEvent> feed = new Feed<>();
                Subscription subscription = node(call).followEvents((event, lost) -> feed.put(List.of(event), lost))) {
            // Following begins before the past is read, so that nothing falls between; what is in both is shown once.
            List<NodeEvent> past = node(call).getEvents();
            Set<NodeEvent> shown = new HashSet<>(past);
            Printer<NodeEvent> printer = printer(call);
            if (printer.print(last(past, limit), 0)) {
                printer.follow(feed, event -> !shown.remove(event));
            }
            return null;
        }
    }

    private @Nullable Object after(Invocation call, long after) {
        if (call.arguments().value("-n") != null) {
            throw new UsageError("-n and --after exclude each other");
        }
        Printer<NodeEvent> printer = printer(call);
        if (!call.arguments().has("-f")) {
            EventPage page = node(call).getEvents(after);
            if (call.json()) {
                return call.result(page);
            }
            printer.print(page.events(), page.lost());
            return null;
        }
        try (Feed<NodeEvent> feed = new Feed<>();
                Subscription subscription =
                        node(call).followEvents(after, (event, lost) -> feed.put(List.of(event), lost))) {
            printer.follow(feed, event -> true);
            return null;
        }
    }

    private static Printer<NodeEvent> printer(Invocation call) {
        return new Printer<>(call, event -> NodeViews.event(event, call.screen()), "events");
    }

    private static List<NodeEvent> last(List<NodeEvent> events, int limit) {
        return events.subList(Math.max(0, events.size() - limit), events.size());
    }
}
