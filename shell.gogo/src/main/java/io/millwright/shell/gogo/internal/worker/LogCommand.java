package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogListener;
import io.millwright.controller.api.LogMatches;
import io.millwright.controller.api.LogQuery;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeController.Detail;
import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.WorkerId;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.Feed;
import io.millwright.shell.gogo.internal.Invocation;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.Printer;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.complete.Operand;
import io.millwright.shell.gogo.internal.text.Listing;
import io.millwright.shell.gogo.internal.text.LogViews;
import io.millwright.shell.gogo.internal.text.Screen;
import io.millwright.shell.gogo.internal.text.WorkerViews;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** {@code worker:log}. Thread-safe. */
@Component(
        configurationPolicy = ConfigurationPolicy.IGNORE,
        service = Function.class,
        property = {Command.SCOPE + "=worker", "osgi.command.function=log", Command.OWN_STREAMS})
public final class LogCommand extends Command {
    /** More lines than a ring has. */
    private static final int MOST = 100_000;

    /**
     * Called by Declarative Services.
     *
     * @param node where the controller is found
     */
    @Activate
    public LogCommand(@Reference NodeAccess node) {
        super(
                Usage.of(
                                "worker:log",
                                "[-f] [-n N] [--raw] ID|GLOB... [--grep TEXT | --pattern RE2] [--since TIME] [--until TIME] [--json]",
                                """
                        Shows the last lines a worker wrote, an ended one too: time, stream, text. Of several workers in the order of time, each
                        line with the worker's id.
                          -n N  at most how many (default 100)
                          --raw control characters as they are; else a terminal gets them as \\x1b, with colours kept
                          -f    then follows across restarts, until the worker has ended for good or you interrupt it
                          --level LEVEL
                                of what is in memory log records of a native worker alone, of that level and above: trace,
                                debug, info, warn, error
                        Searches its log, rotated files too, and shows the newest lines that fit, if any of these is there:
                          --grep TEXT    lines with that text
                          --pattern RE2  lines of which a part matches that regular expression (no back references)
                          --since TIME, --until TIME
                                         newer lines, older lines: 2026-01-31T13:00:00Z, '2026-01-31 13:00', 10m (ago)
                          --stream NAME  stdout, stderr or node (what the node notes there) alone
                          --context N    N lines before and after each that fits, too""")
                        .flags("-f", "--raw")
                        .options(LogRequest.OPTIONS)
                        .wordsFrom(1)
                        .takes(Operand.KNOWN),
                node);
    }

    @Override
    protected @Nullable Object run(Invocation call) throws InterruptedException {
        int limit = call.arguments().number("-n", 100);
        Screen screen = call.arguments().has("--raw") ? Screen.PIPE : call.screen();
        LogQuery query = LogRequest.of(call.arguments(), Instant.now());
        if (LogsOfSeveral.isMeant(node(call), call.arguments().allWords())) {
            return several(call, query, limit, screen);
        }
        if (query != null) {
            return matches(call, await(node(call).searchWorkerLog(call.id(), query)), screen);
        }
        Predicate<LogEntry> wanted = LogRequest.level(call.arguments());
        if (!call.arguments().has("-f")) {
            List<LogEntry> entries = wanted == null
                    ? node(call).getWorkerLog(call.id(), limit)
                    : last(limit, node(call).getWorkerLog(call.id(), MOST), wanted);
            if (entries.isEmpty() && !call.json()) {
                // not even an empty line, but a hint for a person
                return WorkerViews.silence(node(call).getWorker(call.id(), Detail.PLAIN), call.screen());
            }
            return call.result(new Listing<>(entries, (all, any) -> WorkerViews.log(all, screen)));
        }
        try (Feed<LogEntry> feed = new Feed<>();
                Subscription subscription = node(call).follow(call.id(), limit, new Follower(feed, wanted))) {
            new Printer<LogEntry>(call, entry -> WorkerViews.log(entry, screen), "lines").follow(feed, entry -> true);
            return null;
        }
    }

    private @Nullable Object several(Invocation call, @Nullable LogQuery query, int limit, Screen screen)
            throws InterruptedException {
        NodeController node = node(call);
        LogRequest.requireNoContext(call.arguments());
        LogsOfSeveral logs = LogsOfSeveral.of(node, call.arguments().allWords());
        if (logs.ids().isEmpty() && !call.json()) {
            return "no worker matches";
        }
        Predicate<LogEntry> level = LogRequest.level(call.arguments());
        Predicate<LogEntry> wanted = level == null ? entry -> true : level;
        if (query != null) {
            List<LogsOfSeveral.Line> found = new ArrayList<>();
            for (WorkerId id : logs.ids()) {
                await(node.searchWorkerLog(id, query)).matches().stream()
                        .map(match -> new LogsOfSeveral.Line(id, match.entry()))
                        .forEach(found::add);
            }
            return call.result(new Listing<>(LogsOfSeveral.last(limit, found), (all, any) -> logs.text(all, screen)));
        }
        if (!call.arguments().has("-f")) {
            List<LogsOfSeveral.Line> lines = logs.last(limit, level == null ? limit : MOST, wanted);
            return call.result(new Listing<>(lines, (all, any) -> logs.text(all, screen)));
        }
        try (Feed<LogsOfSeveral.Line> feed = new Feed<>();
                Subscription subscription = logs.follow(limit, wanted, feed)) {
            new Printer<LogsOfSeveral.Line>(call, line -> logs.text(line, screen), "lines").follow(feed, line -> true);
            return null;
        }
    }

    private static List<LogEntry> last(int limit, List<LogEntry> all, Predicate<LogEntry> wanted) {
        List<LogEntry> fit = all.stream().filter(wanted).toList();
        return fit.subList(Math.max(0, fit.size() - Math.max(0, limit)), fit.size());
    }

    private static @Nullable Object matches(Invocation call, LogMatches found, Screen screen) {
        if (call.json()) {
            return call.result(found);
        }
        String text = LogViews.matches(found, screen);
        // not even an empty line
        return text.isEmpty() ? null : new Listing<>(found.matches(), (all, any) -> text);
    }

    private record Follower(Feed<LogEntry> feed, @Nullable Predicate<LogEntry> wanted) implements LogListener {
        @Override
        public void onLog(List<LogEntry> entries, long lost) {
            feed.put(wanted == null ? entries : entries.stream().filter(wanted).toList(), lost);
        }

        @Override
        public void onEnd() {
            feed.end();
        }
    }
}
