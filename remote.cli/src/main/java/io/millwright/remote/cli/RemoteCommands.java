package io.millwright.remote.cli;

import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.node.DoctorCommand;
import io.millwright.shell.gogo.internal.node.EventsCommand;
import io.millwright.shell.gogo.internal.node.ProcessCommand;
import io.millwright.shell.gogo.internal.node.SessionsCommand;
import io.millwright.shell.gogo.internal.node.ShutdownCommand;
import io.millwright.shell.gogo.internal.node.StatsCommand;
import io.millwright.shell.gogo.internal.node.StatusCommand;
import io.millwright.shell.gogo.internal.worker.CallCommand;
import io.millwright.shell.gogo.internal.worker.CheckCommand;
import io.millwright.shell.gogo.internal.worker.ComponentCommand;
import io.millwright.shell.gogo.internal.worker.DeleteCommand;
import io.millwright.shell.gogo.internal.worker.ExecCommand;
import io.millwright.shell.gogo.internal.worker.ForgetCommand;
import io.millwright.shell.gogo.internal.worker.GraphCommand;
import io.millwright.shell.gogo.internal.worker.HistoryCommand;
import io.millwright.shell.gogo.internal.worker.InfoCommand;
import io.millwright.shell.gogo.internal.worker.InputCommand;
import io.millwright.shell.gogo.internal.worker.KillCommand;
import io.millwright.shell.gogo.internal.worker.ListCommand;
import io.millwright.shell.gogo.internal.worker.LogCommand;
import io.millwright.shell.gogo.internal.worker.PlanCommand;
import io.millwright.shell.gogo.internal.worker.ReopenLogsCommand;
import io.millwright.shell.gogo.internal.worker.RestartCommand;
import io.millwright.shell.gogo.internal.worker.RotateCommand;
import io.millwright.shell.gogo.internal.worker.RouterCommand;
import io.millwright.shell.gogo.internal.worker.ScaleCommand;
import io.millwright.shell.gogo.internal.worker.SignalCommand;
import io.millwright.shell.gogo.internal.worker.StartCommand;
import io.millwright.shell.gogo.internal.worker.StopCommand;
import io.millwright.shell.gogo.internal.worker.TopCommand;
import io.millwright.shell.gogo.internal.worker.TypesCommand;
import io.millwright.shell.gogo.internal.worker.WaitCommand;
import io.millwright.shell.gogo.internal.worker.WhyCommand;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The commands there are by {@code --url}: our own, of which each call is an operation. Stateless. */
final class RemoteCommands {
    private static final Map<String, Function<NodeAccess, Command>> ALL = new TreeMap<>(Map.ofEntries(
            Map.entry(
                    "node:doctor",
                    access -> new DoctorCommand(access, () -> access.get().doctor())),
            Map.entry("node:events", EventsCommand::new),
            Map.entry("node:process", ProcessCommand::new),
            Map.entry("node:sessions", SessionsCommand::new),
            Map.entry("node:shutdown", ShutdownCommand::new),
            Map.entry("node:stats", StatsCommand::new),
            Map.entry("node:status", StatusCommand::new),
            Map.entry("worker:call", CallCommand::new),
            Map.entry("worker:component", ComponentCommand::new),
            Map.entry("worker:router", RouterCommand::new),
            Map.entry("worker:check", CheckCommand::new),
            Map.entry("worker:delete", DeleteCommand::new),
            Map.entry("worker:exec", ExecCommand::new),
            Map.entry("worker:forget", ForgetCommand::new),
            Map.entry("worker:scale", ScaleCommand::new),
            Map.entry("worker:graph", GraphCommand::new),
            Map.entry("worker:history", HistoryCommand::new),
            Map.entry("worker:info", InfoCommand::new),
            Map.entry("worker:input", InputCommand::new),
            Map.entry("worker:kill", KillCommand::new),
            Map.entry("worker:list", ListCommand::new),
            Map.entry("worker:log", LogCommand::new),
            Map.entry("worker:plan", PlanCommand::new),
            Map.entry("worker:reopen-logs", ReopenLogsCommand::new),
            Map.entry("worker:restart", RestartCommand::new),
            Map.entry("worker:rotate", RotateCommand::new),
            Map.entry("worker:signal", SignalCommand::new),
            Map.entry("worker:start", StartCommand::new),
            Map.entry("worker:stop", StopCommand::new),
            Map.entry("worker:top", TopCommand::new),
            Map.entry("worker:types", TypesCommand::new),
            Map.entry("worker:wait", WaitCommand::new),
            Map.entry("worker:why", WhyCommand::new)));

    private RemoteCommands() {}

    /** Their names, sorted. */
    static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    /** Makes one of those. */
    static Command make(String name, NodeAccess node) {
        Function<NodeAccess, Command> maker = ALL.get(name);
        if (maker == null) {
            throw new IllegalArgumentException("there is no command '" + name + "'");
        }
        return maker.apply(node);
    }
}
