package io.millwright.shell.gogo.internal;

import io.millwright.shell.gogo.internal.complete.Completion;
import io.millwright.shell.gogo.internal.node.CompleteCommand;
import io.millwright.shell.gogo.internal.node.EventsCommand;
import io.millwright.shell.gogo.internal.node.HelpCommand;
import io.millwright.shell.gogo.internal.node.ProcessCommand;
import io.millwright.shell.gogo.internal.node.SessionsCommand;
import io.millwright.shell.gogo.internal.node.ShutdownCommand;
import io.millwright.shell.gogo.internal.node.StatsCommand;
import io.millwright.shell.gogo.internal.node.StatusCommand;
import io.millwright.shell.gogo.internal.text.ViewConverter;
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
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Process;
import org.jspecify.annotations.Nullable;

/** A real Gogo without a framework, with all commands over a fake node. */
final class Shell implements AutoCloseable {
    static final Map<String, Function<NodeAccess, Command>> COMMANDS = new TreeMap<>(Map.ofEntries(
            Map.entry("node:status", StatusCommand::new),
            Map.entry("node:stats", StatsCommand::new),
            Map.entry("node:process", ProcessCommand::new),
            Map.entry("node:events", EventsCommand::new),
            Map.entry("node:sessions", SessionsCommand::new),
            Map.entry("node:shutdown", ShutdownCommand::new),
            Map.entry("worker:list", ListCommand::new),
            Map.entry("worker:info", InfoCommand::new),
            Map.entry("worker:start", StartCommand::new),
            Map.entry("worker:stop", StopCommand::new),
            Map.entry("worker:kill", KillCommand::new),
            Map.entry("worker:restart", RestartCommand::new),
            Map.entry("worker:signal", SignalCommand::new),
            Map.entry("worker:call", CallCommand::new),
            Map.entry("worker:component", ComponentCommand::new),
            Map.entry("worker:router", RouterCommand::new),
            Map.entry("worker:wait", WaitCommand::new),
            Map.entry("worker:exec", ExecCommand::new),
            Map.entry("worker:forget", ForgetCommand::new),
            Map.entry("worker:scale", ScaleCommand::new),
            Map.entry("worker:log", LogCommand::new),
            Map.entry("worker:input", InputCommand::new),
            Map.entry("worker:graph", GraphCommand::new),
            Map.entry("worker:history", HistoryCommand::new),
            Map.entry("worker:top", TopCommand::new),
            Map.entry("worker:types", TypesCommand::new),
            Map.entry("worker:delete", DeleteCommand::new),
            Map.entry("worker:why", WhyCommand::new),
            Map.entry("worker:reopen-logs", ReopenLogsCommand::new),
            Map.entry("worker:rotate", RotateCommand::new),
            Map.entry("worker:plan", PlanCommand::new),
            Map.entry("worker:check", CheckCommand::new)));

    final FakeNode node = new FakeNode();
    final NodeAccess access = new NodeAccess();
    final CommandProcessorImpl processor = new CommandProcessorImpl(null);
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream err = new ByteArrayOutputStream();
    final CommandSession session;
    final Completion completion;

    Shell() {
        this("");
    }

    Shell(String typed) {
        this(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)), null);
    }

    Shell(InputStream typed, @Nullable OutputStream screen) {
        access.controller = node;
        Map<String, Command> commands = new TreeMap<>();
        COMMANDS.forEach((name, maker) -> {
            String[] parts = name.split(":");
            Command command = maker.apply(access);
            commands.put(name, command);
            processor.addCommand(parts[0], command, parts[1]);
        });
        completion = CompletionTest.of(commands, access);
        processor.addCommand("node", new CompleteCommand(access, completion), "complete");
        processor.addCommand("node", new HelpCommand(access, completion), "help");
        processor.addCommand("test", new Filter(), "lines");
        processor.addConverter(new ViewConverter());
        session = processor.createSession(typed, screen == null ? out : screen, new PrintStream(err));
        session.put("millwright.user", "ann");
    }

    /** Runs a line and returns what would be on the screen. */
    String run(String line) throws Exception {
        out.reset();
        Object result = session.execute(line);
        if (result != null) {
            PrintStream screen = session.getConsole();
            screen.println(session.format(result, Converter.INSPECT));
        }
        return printed();
    }

    /** Runs a command with literal words, as the node's local shell does. */
    String call(String command, String... words) throws Exception {
        List<Object> arguments = new ArrayList<>(List.of(words));
        session.put("words", arguments);
        return run(command + " $words");
    }

    String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    Object exitCode() {
        return session.get("exit.code");
    }

    /** Runs a line that fails, and returns the message. */
    String failure(String line) {
        try {
            run(line);
        } catch (Exception e) {
            return String.valueOf(e.getMessage());
        }
        throw new AssertionError("no failure: " + line);
    }

    @Override
    public void close() {
        session.close();
        processor.stop();
    }

    /** Counts and marks the lines piped into it. */
    public static final class Filter implements org.apache.felix.service.command.Function {
        @Override
        public Object execute(CommandSession session, List<Object> arguments) throws IOException {
            String text = new String(Process.Utils.current().in().readAllBytes(), StandardCharsets.UTF_8);
            StringBuilder found = new StringBuilder();
            for (String line : text.split("\n", -1)) {
                if (line.contains(String.valueOf(arguments.get(0)))) {
                    found.append('<').append(line).append('>');
                }
            }
            return found.toString();
        }
    }
}
