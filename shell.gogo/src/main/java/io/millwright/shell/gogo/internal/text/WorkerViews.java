package io.millwright.shell.gogo.internal.text;

import io.millwright.controller.api.HistoryPage;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.Outcome;
import io.millwright.controller.api.RetiringRun;
import io.millwright.controller.api.StartResult;
import io.millwright.controller.api.StopMode;
import io.millwright.controller.api.StopResult;
import io.millwright.controller.api.Traffic;
import io.millwright.controller.api.WorkerExit;
import io.millwright.controller.api.WorkerHealth;
import io.millwright.controller.api.WorkerInfo;
import io.millwright.controller.api.WorkerRun;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.api.WorkerStats;
import io.millwright.controller.api.WorkerTypeInfo;
import io.millwright.controller.api.channel.ChannelInfo;
import io.millwright.controller.api.channel.ChannelTraffic;
import io.millwright.controller.api.channel.ReadyInfo;
import io.millwright.controller.api.monitor.ProcessStats;
import io.millwright.controller.api.text.Printable;
import io.millwright.controller.api.worker.WorkerCapability;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How the values about workers look for people. Thread-safe. */
public final class WorkerViews {
    private WorkerViews() {}

    /**
     * Workers.
     *
     * @param workers the workers
     * @param screen where it is shown
     * @return a table
     */
    public static String workers(List<WorkerInfo> workers, Screen screen) {
        if (workers.isEmpty()) {
            return "no workers";
        }
        TextTable table = new TextTable()
                .whole("ID")
                .column("TYPE", 7, 5)
                .column("STATUS", 9, 9)
                .column("PID", 6, 7)
                .column("UPTIME", 5, 6)
                .column("RESTARTS", 3, 8)
                .column("WHY", 2, 10);
        workers.forEach(worker -> table.row(
                (worker.group() == null || worker.isGroup() ? "" : "  ") + worker.id(),
                worker.type(),
                worker.status().text(),
                worker.pid(),
                Texts.duration(worker.uptime()),
                worker.restarts(),
                String.join("; ", worker.why())));
        return screen.table(table);
    }

    /**
     * How many workers are not as their configurations have them because an operator said so.
     *
     * @param workers all there are
     * @return a line, empty if there are none
     */
    public static String operatorWords(List<WorkerInfo> workers) {
        long rest = workers.stream()
                .filter(worker -> worker.operatorWord() != null && !worker.isGroup())
                .count();
        long scaled = workers.stream()
                .filter(worker -> worker.operatorWord() != null && worker.isGroup())
                .count();
        List<String> parts = new ArrayList<>();
        if (rest > 0) {
            parts.add(rest + (rest == 1 ? " worker rests" : " workers rest"));
        }
        if (scaled > 0) {
            parts.add(scaled + (scaled == 1 ? " group is scaled" : " groups are scaled"));
        }
        return parts.isEmpty()
                ? ""
                : String.join(", ", parts)
                        + " by an operator's word, which holds over restarts of the node; worker:list --all, worker:why";
    }

    /**
     * A group that was given another number of instances.
     *
     * @param group the group
     * @return one line
     */
    public static String scaled(WorkerInfo group) {
        String word = group.operatorWord();
        return group.id() + ": " + group.reason() + (word == null ? "" : "; kept over restarts of the node: " + word);
    }

    /**
     * An exit.
     *
     * @param exit the exit, may be {@code null}
     * @return a few words
     */
    public static String exit(@Nullable WorkerExit exit) {
        return exit == null ? "-" : exit.describe();
    }

    /**
     * A worker.
     *
     * @param worker the worker
     * @param screen where it is shown
     * @return all that is known of it
     */
    public static String worker(WorkerInfo worker, Screen screen) {
        Block block = new Block()
                .add("id", worker.id())
                .add("type", worker.type())
                .add("status", worker.status().text())
                .add("why", worker.why().isEmpty() ? null : String.join("; ", worker.why()))
                .add("pid", worker.pid())
                .add("retiring", retiring(worker.retiring()))
                .add("created", time(worker.created()))
                .add("started", time(worker.started()))
                .add("startup time", time(worker.startupTime()))
                .add("uptime", time(worker.uptime()))
                .add("health", health(worker.health()))
                .add("restarts", worker.restarts())
                .add("next start", time(worker.nextStart()))
                .add("last exit", worker.exit() == null ? null : exit(worker.exit()))
                .add(
                        "exited",
                        worker.exit() == null ? null : Texts.time(worker.exit().at()))
                .add("origin", origin(worker.origin()))
                .add("asked by", worker.who());
        new TreeMap<>(worker.options()).forEach((key, value) -> block.add("  " + key, value));
        if (!worker.inForce().isEmpty()) {
            block.add("in force", "");
            worker.inForce().forEach((key, value) -> block.add("  " + key, value));
        }
        if (!worker.customizers().isEmpty()) {
            block.add("customized by", String.join(", ", worker.customizers()));
        }
        if (worker.channel() != null) {
            channel(block, worker.channel());
        }
        if (worker.stats() != null) {
            stats(block, worker.stats());
        }
        return block.text(screen);
    }

    private static @Nullable String retiring(@Nullable RetiringRun run) {
        return run == null
                ? null
                : (run.pid() == null ? "without a main process" : "pid " + run.pid()) + ", since "
                        + Texts.time(run.since());
    }

    private static @Nullable String health(@Nullable WorkerHealth health) {
        if (health == null) {
            return null;
        }
        return health.state() == WorkerHealth.State.UNKNOWN
                ? "not known yet"
                : health.state().name().toLowerCase(Locale.ROOT) + " since " + Texts.time(health.since())
                        + (health.reason() == null ? "" : ": " + health.reason());
    }

    /** A PID that Config Admin made up says nothing; what it may have been made for does. */
    private static String origin(String origin) {
        int numbered = origin.startsWith("config:io.millwright.worker.") && origin.indexOf('~') < 0
                ? origin.indexOf('.', "config:io.millwright.worker.".length())
                : -1;
        return numbered < 0
                ? origin
                : "a configuration of " + origin.substring("config:".length(), numbered)
                        + " whose PID Config Admin made up (for a web console, a shell, a file whose id was taken): "
                        + origin.substring("config:".length());
    }

    private static @Nullable String time(@Nullable Instant when) {
        return when == null ? null : Texts.time(when);
    }

    private static @Nullable String time(@Nullable Duration duration) {
        return duration == null ? null : Texts.duration(duration);
    }

    private static void channel(Block block, ChannelInfo channel) {
        block.add(
                "channel",
                channel.state().name().toLowerCase(Locale.ROOT) + " since " + Texts.time(channel.since())
                        + (channel.session() == null ? "" : ", session " + channel.session()));
        ReadyInfo ready = channel.ready();
        if (ready != null) {
            block.add("  runtime", ready.runtime()).add("  operations", String.join(", ", ready.operations()));
        }
        block.add("  received", traffic(channel.received())).add("  sent", traffic(channel.sent()));
    }

    private static String traffic(ChannelTraffic traffic) {
        return traffic.messages() + " messages, " + Texts.size(traffic.bytes());
    }

    /** A figure, or several by their names. */
    private static String figures(@Nullable Object value) {
        return value instanceof Map<?, ?> several
                ? several.entrySet().stream()
                        .map(one -> Printable.lines(one.getKey() + " " + one.getValue()))
                        .collect(Collectors.joining(", "))
                : Printable.lines(String.valueOf(value));
    }

    private static void stats(Block block, WorkerStats stats) {
        block.add("stdout", traffic(stats.stdout())).add("stderr", traffic(stats.stderr()));
        if (stats.lostLogBytes() > 0) {
            block.add("log lost", Texts.size(stats.lostLogBytes()));
        }
        stats.figures().forEach((name, value) -> {
            if (value instanceof Map<?, ?> parts) {
                parts.forEach((part, figures) -> block.add(name + "." + part, figures(figures)));
            } else {
                block.add(name, figures(value));
            }
        });
        ProcessStats process = stats.process();
        if (process != null) {
            block.add("cpu time", Texts.duration(process.cpu()))
                    .add("memory", Texts.size(process.rss()))
                    .add("threads", process.threads())
                    .add("descriptors", process.fds());
        }
    }

    private static String traffic(Traffic traffic) {
        return traffic.lines() + " lines, " + Texts.size(traffic.bytes());
    }

    /**
     * Ended runs.
     *
     * @param runs oldest first
     * @param screen where it is shown
     * @return a table
     */
    public static String runs(List<WorkerRun> runs, Screen screen) {
        if (runs.isEmpty()) {
            return "no worker has ended yet";
        }
        TextTable table = new TextTable()
                .whole("ID")
                .column("TYPE", 3, 5)
                .column("PID", 4, 7)
                .column("ENDED", 5, 19)
                .column("RAN", 5, 6)
                .column("EXIT", 7, 16);
        runs.forEach(run -> table.row(
                run.id(),
                run.type(),
                run.pid(),
                Texts.time(run.exit().at()),
                Texts.duration(run.duration()),
                exit(run.exit())));
        return screen.table(table);
    }

    /**
     * A page of ended runs.
     *
     * @param page the page
     * @param screen where it is shown
     * @return a table, and below it how to see older ones
     */
    public static String page(HistoryPage page, Screen screen) {
        String table = runs(page.runs(), screen);
        return page.before() == null ? table : table + "\n... older ones: --before " + page.before() + " ...";
    }

    /**
     * Worker types.
     *
     * @param types the types
     * @param screen where it is shown
     * @return a table, and below it why some cannot be used
     */
    public static String types(List<WorkerTypeInfo> types, Screen screen) {
        if (types.isEmpty()) {
            return "no worker type is installed";
        }
        TextTable table = new TextTable()
                .whole("TYPE")
                .column("VERSION", 4, 7)
                .column("HEALTH", 9, 8)
                .column("BUNDLE", 5, 12)
                .column("CAPABILITIES", 3, 12);
        types.forEach(type -> table.row(
                type.type(),
                type.version(),
                type.shadowed() ? "shadowed" : type.usable() ? "usable" : "unusable",
                type.bundle(),
                type.capabilities().stream().map(WorkerCapability::text).collect(Collectors.joining(","))));
        String reasons = types.stream()
                .filter(type -> type.reason() != null)
                .map(type -> String.join(
                        "\n  ",
                        Texts.wrap(type.type() + " of " + type.bundle() + ": " + type.reason(), screen.width() - 2)))
                .collect(Collectors.joining("\n"));
        return reasons.isEmpty() ? screen.table(table) : screen.table(table) + "\n\n" + reasons;
    }

    /**
     * Log lines.
     *
     * @param entries oldest first
     * @param screen where they are shown
     * @return a line for each
     */
    public static String log(List<LogEntry> entries, Screen screen) {
        return entries.stream().map(entry -> log(entry, screen)).collect(Collectors.joining("\n"));
    }

    /** What is said of a worker that runs and has written nothing. */
    private static final String SILENT =
            "it has written nothing yet; many programs keep what they write until there is a lot of"
                    + " it when it goes into a pipe: stdbuf -oL PROGRAM, python3 -u or a flush in the program would help";

    /**
     * Why a worker is as it is.
     *
     * @param worker the worker
     * @param log its last lines; {@code null} if the caller may not read them
     * @param screen where it is shown
     * @return its state, a line for each cause, its last lines
     */
    public static String why(WorkerInfo worker, @Nullable List<LogEntry> log, Screen screen) {
        List<String> lines = new ArrayList<>();
        lines.add(worker.id() + " is " + (worker.status() == WorkerState.BACKOFF ? "in " : "")
                + worker.status().text()
                + (worker.uptime() != null && worker.exit() == null ? ", for " + Texts.duration(worker.uptime()) : "")
                + (worker.restarts() == 0
                        ? ""
                        : ", restarted " + (worker.restarts() == 1 ? "once" : worker.restarts() + " times")));
        for (String cause : worker.why()) {
            lines.add("  " + String.join("\n    ", Texts.wrap(cause, screen.width() - 4)));
        }
        if (log == null) {
            lines.add("its last lines are not for your role: a log_observer or an operator may read logs");
        } else if (!log.isEmpty()) {
            lines.add("its last lines:");
            log.forEach(entry -> lines.add("  " + log(entry, screen)));
        } else if (worker.status() == WorkerState.STARTED) {
            lines.addAll(Texts.wrap(SILENT, screen.width()));
        }
        return String.join("\n", lines);
    }

    /**
     * What is said of an empty log.
     *
     * @param worker the worker
     * @param screen where it is shown
     * @return a hint for an operator at a terminal until the first line comes, else nothing
     */
    public static @Nullable String silence(WorkerInfo worker, Screen screen) {
        return screen.isTerminal() && worker.status() == WorkerState.STARTED
                ? String.join("\n", Texts.wrap("(" + SILENT + ")", screen.width()))
                : null;
    }

    /**
     * A log line; never cut. On a terminal it is made harmless; elsewhere it is as the worker wrote it.
     *
     * @param entry the line
     * @param screen where it is shown
     * @return time, stream and text
     */
    public static String log(LogEntry entry, Screen screen) {
        String stream =
                switch (entry.stream()) {
                    case STDOUT -> "out ";
                    case STDERR -> "err ";
                    case NODE -> "node";
                };
        return Texts.clock(entry.time()) + " " + stream + " "
                + (entry.level() == null ? "" : Printable.line(entry.level()) + " ")
                + (screen.isTerminal() ? Printable.coloured(entry.text()) : entry.text());
    }

    /**
     * A start.
     *
     * @param start the result
     * @return one line
     */
    public static String started(StartResult start) {
        return start.id() + " started, pid " + start.pid() + ", in " + Texts.duration(start.startupTime());
    }

    /**
     * A stop.
     *
     * @param stop the result
     * @return one line
     */
    public static String stopped(StopResult stop) {
        return stop.id() + (stop.mode() == StopMode.KILL ? " killed, " : " stopped, ") + exit(stop.exit());
    }

    /**
     * How long the stops that were asked for hold.
     *
     * @param stopped the workers, as they are afterwards
     * @return a sentence; empty if none is configured
     */
    public static String held(List<WorkerInfo> stopped) {
        List<WorkerInfo> configured = stopped.stream()
                .filter(worker -> !worker.isGroup() && !worker.origin().equals("call"))
                .toList();
        long kept = configured.stream()
                .filter(worker -> worker.operatorWord() != null)
                .count();
        boolean single = stopped.size() == 1;
        if (kept == 0) {
            return configured.isEmpty()
                    ? ""
                    : "for now only: "
                            + (!single
                                    ? "the node's next start starts those that are configured to start with it"
                                    : startsWithNode(configured.get(0))
                                            ? "the node's next start starts it"
                                            : "from the node's next start on its configuration counts again");
        }
        return (single
                        ? "it rests"
                        : kept == stopped.size()
                                ? "they rest"
                                : kept + (kept == 1 ? " of them rests" : " of them rest"))
                + " after restarts of the node too, until " + (kept == 1 ? "it is" : "they are")
                + " started; with --once a stop is for now only";
    }

    /** Whether a configured worker is started by the node's start: nothing else is waited for. */
    private static boolean startsWithNode(WorkerInfo worker) {
        Map<String, Object> options = worker.options();
        return !"true".equals(String.valueOf(options.get("disabled")))
                && !"demand".equals(String.valueOf(options.get("start.on")))
                && !options.containsKey("schedule")
                && !options.containsKey("schedule.cron");
    }

    /**
     * What became of several starts.
     *
     * @param outcomes those that were done
     * @param screen where it is shown
     * @return a table
     */
    public static String starts(List<Outcome<StartResult>> outcomes, Screen screen) {
        TextTable table = new TextTable()
                .whole("ID")
                .column("RESULT", 9, 10)
                .column("PID", 7, 7)
                .column("TOOK", 5, 6);
        for (Outcome<StartResult> outcome : outcomes) {
            StartResult start = outcome.result();
            if (start != null) {
                table.row(outcome.id(), "started", start.pid(), Texts.duration(start.startupTime()));
            }
        }
        return screen.table(table);
    }

    /**
     * What became of several stops.
     *
     * @param outcomes those that were done
     * @param screen where it is shown
     * @return a table
     */
    public static String stops(List<Outcome<StopResult>> outcomes, Screen screen) {
        TextTable table = new TextTable().whole("ID").column("RESULT", 9, 10).column("EXIT", 5, 10);
        for (Outcome<StopResult> outcome : outcomes) {
            StopResult stop = outcome.result();
            if (stop != null) {
                table.row(outcome.id(), stop.mode() == StopMode.KILL ? "killed" : "stopped", exit(stop.exit()));
            }
        }
        return screen.table(table);
    }
}
