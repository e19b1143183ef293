package io.millwright.shell.gogo.internal.text;

import io.millwright.controller.api.NodeEvent;
import io.millwright.controller.api.NodeStatus;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.ShutdownInfo;
import io.millwright.controller.api.event.EventProperties;
import io.millwright.controller.api.monitor.SystemStats;
import io.millwright.controller.api.remote.RemoteSession;
import io.millwright.controller.api.text.Printable;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How the values about the node look for people. Thread-safe. */
public final class NodeViews {
    private NodeViews() {}

    /**
     * The node.
     *
     * @param status the node
     * @param screen where it is shown
     * @return its text
     */
    public static String status(NodeStatus status, Screen screen) {
        String workers = status.workersByType().isEmpty()
                ? String.valueOf(status.runningWorkers())
                : status.runningWorkers() + " ("
                        + new TreeMap<>(status.workersByType())
                                .entrySet().stream()
                                        .map(e -> e.getValue() + " " + e.getKey())
                                        .collect(Collectors.joining(", "))
                        + ")";
        return new Block()
                .add("title", status.title())
                .add("node id", status.nodeId())
                .add("state", status.state().name().toLowerCase(Locale.ROOT))
                .add("started", Texts.time(status.started()) + " (" + Texts.duration(status.uptime()) + " ago)")
                .add("pid", status.controllerPid())
                .add("workers", workers)
                .add("types", status.workerTypes().isEmpty() ? "none" : String.join(", ", status.workerTypes()))
                .add("directory", status.directory())
                .add("public key", status.publicKey())
                .add("processes", status.backend())
                .text(screen);
    }

    /**
     * Sessions of the remote management.
     *
     * @param sessions in their order
     * @param screen where they are shown
     * @return a table; a sentence if there are none
     */
    public static String sessions(List<RemoteSession> sessions, Screen screen) {
        if (sessions.isEmpty()) {
            return "no sessions";
        }
        TextTable table = new TextTable()
                .whole("ID")
                .column("PRINCIPAL", 9, 12)
                .column("ROLE", 8, 8)
                .column("FROM", 7, 12)
                .column("LISTENER", 4, 8)
                .column("SPEAKS", 3, 8)
                .column("FOR", 6, 6)
                .column("RECEIVED", 2, 8)
                .column("SENT", 2, 8)
                .column("REFUSED", 2, 8)
                .column("WAITING", 5, 8);
        Instant now = Instant.now();
        sessions.forEach(session -> table.row(
                session.id(),
                session.principal(),
                session.role(),
                session.address(),
                session.listener(),
                session.transport(),
                Texts.duration(Duration.between(session.since(), now)),
                session.received(),
                session.sent(),
                session.refused(),
                Texts.size(session.queued())));
        return screen.table(table);
    }

    /**
     * Sessions that were ended.
     *
     * @param sessions which
     * @param screen where they are shown
     * @return a line each
     */
    public static String closed(List<RemoteSession> sessions, Screen screen) {
        return sessions.stream().map(session -> "closed " + session).collect(Collectors.joining("\n"));
    }

    /**
     * A shutdown.
     *
     * @param info the shutdown
     * @return one line
     */
    public static String shutdown(ShutdownInfo info) {
        return "node " + info.nodeId() + (info.restart() ? " restarts" : " shuts down") + ", asked by " + info.who()
                + " at "
                + Texts.time(info.when())
                + (info.mode() == null ? "" : ", mode " + info.mode())
                + (info.cause() == null ? "" : "; cause: " + info.cause());
    }

    /**
     * Events.
     *
     * @param events oldest first
     * @param screen where it is shown
     * @return a line for each
     */
    public static String events(List<NodeEvent> events, Screen screen) {
        return events.isEmpty()
                ? "no events yet"
                : events.stream().map(event -> event(event, screen)).collect(Collectors.joining("\n"));
    }

    /**
     * One event.
     *
     * @param event the event
     * @param screen where it is shown
     * @return one line
     */
    public static String event(NodeEvent event, Screen screen) {
        Map<String, Object> details = new LinkedHashMap<>(event.properties());
        details.keySet()
                .removeAll(List.of(
                        EventProperties.TIMESTAMP,
                        EventProperties.STATUS,
                        EventProperties.WORKER_ID,
                        EventProperties.NODE_ID,
                        EventProperties.SEQ,
                        EventProperties.LIFE,
                        "event.topics"));
        Object subject = event.properties().get(EventProperties.WORKER_ID);
        String name = event.topic()
                .replaceFirst("^io/millwright/", "")
                .replace('/', '.')
                .toLowerCase(Locale.ROOT);
        String line = Texts.clock(event.timestamp()) + "  "
                + (event.seq() == 0 ? "" : event.seq() + "  ")
                + (subject == null ? "" : subject + "  ") + name;
        String more = details.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(" "));
        // the id and the name are never cut
        return Texts.cut(
                Printable.line(line + "  " + more).stripTrailing(), Math.max(screen.width(), Texts.columns(line)));
    }

    /**
     * Problems.
     *
     * @param problems all there are
     * @param screen where it is shown
     * @return a line for each
     */
    public static String problems(List<Problem> problems, Screen screen) {
        return problems.isEmpty()
                ? "nothing is wrong with it"
                : problems.stream()
                        .map(problem -> Printable.lines(problem.toString()))
                        .collect(Collectors.joining("\n"));
    }

    /**
     * The machine.
     *
     * @param stats one poll
     * @param screen where it is shown
     * @return its text
     */
    public static String stats(SystemStats stats, Screen screen) {
        SystemStats.Cpu cpu = stats.cpu();
        SystemStats.Memory memory = stats.memory();
        StringBuilder text = new StringBuilder(new Block()
                .add("uptime", Texts.duration(stats.uptime()))
                .add(
                        "cpu",
                        cpu.count() + " processors, " + percent(cpu.load()) + " in use (user " + percent(cpu.user())
                                + ", system " + percent(cpu.system()) + ", waiting " + percent(cpu.ioWait())
                                + ", stolen " + percent(cpu.steal()) + "), load average "
                                + (cpu.loadAverage1() == null
                                        ? "-"
                                        : String.format(Locale.ROOT, "%.2f", cpu.loadAverage1())))
                .add(
                        "memory",
                        Texts.size(memory.total()) + ", " + Texts.size(memory.available()) + " available, swap "
                                + Texts.size(memory.swapUsed()) + " of " + Texts.size(memory.swapTotal()))
                .add("polled in", Texts.duration(stats.pollTime()))
                .text(screen));
        TextTable disks = new TextTable()
                .column("DISK", 9, 12)
                .column("READ", 3, 8)
                .column("WRITTEN", 3, 8)
                .column("READ/S", 5, 8)
                .column("WRITTEN/S", 5, 9);
        stats.disks()
                .forEach(disk -> disks.row(
                        disk.name(),
                        Texts.size(disk.readBytes()),
                        Texts.size(disk.writtenBytes()),
                        rate(disk.readPerSec()),
                        rate(disk.writtenPerSec())));
        TextTable networks = new TextTable()
                .column("NETWORK", 9, 12)
                .column("RECEIVED", 3, 8)
                .column("SENT", 3, 8)
                .column("RECEIVED/S", 5, 10)
                .column("SENT/S", 5, 8);
        stats.networks()
                .forEach(network -> networks.row(
                        network.name(),
                        Texts.size(network.receivedBytes()),
                        Texts.size(network.sentBytes()),
                        rate(network.receivedPerSec()),
                        rate(network.sentPerSec())));
        if (!stats.disks().isEmpty()) {
            text.append("\n\n").append(screen.table(disks));
        }
        if (!stats.networks().isEmpty()) {
            text.append("\n\n").append(screen.table(networks));
        }
        return text.toString();
    }

    private static String percent(@Nullable Double share) {
        return share == null ? "-" : String.format(Locale.ROOT, "%.1f%%", share * 100);
    }

    private static String rate(@Nullable Double bytes) {
        return bytes == null ? "-" : Texts.size(bytes);
    }
}
