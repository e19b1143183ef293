package io.millwright.remote.cli;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.remote.RemoteSession;
import io.millwright.controller.api.remote.RemoteSessions;
import io.millwright.controller.api.text.Printable;
import io.millwright.shell.gogo.internal.Command;
import io.millwright.shell.gogo.internal.CommandFailed;
import io.millwright.shell.gogo.internal.NodeAccess;
import io.millwright.shell.gogo.internal.text.ViewConverter;
import io.millwright.wamp.WampConnectionException;
import io.millwright.wamp.client.WampClient;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;

/**
 * {@code millwright --url URL COMMAND}: one command of a node, parsed and shown here, over calls of its remote management. Exit codes are those of
 * the command; 2 for a wrong command line, 69 where no node answers, 1 for output that cannot be written, 141 if nobody reads it any more.
 */
public final class Main {
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int NO_NODE = 69;
    private static final int BROKEN_PIPE = 141;
    private static final Duration FIRST_DELAY = Duration.ofMillis(200);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(5);

    private final InputStream in;
    private final Output output;
    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;

    Main(InputStream in, OutputStream out, OutputStream err, Map<String, String> environment) {
        this.in = in;
        this.output = new Output(out);
        this.out = new PrintStream(output, true, StandardCharsets.UTF_8);
        this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
        this.environment = environment;
    }

    /**
     * Does what the command line says, and ends the process.
     *
     * @param arguments options, the command, its words
     */
    public static void main(String[] arguments) {
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        OutputStream err = new FileOutputStream(FileDescriptor.err);
        int code = new Main(System.in, out, err, System.getenv()).run(List.of(arguments));
        // The thread that reads standard input may be waiting for it.
        Runtime.getRuntime().halt(code);
    }

    /** Runs one command line; its exit code, or that of output that could not be written. */
    int run(List<String> arguments) {
        int code = execute(arguments);
        out.flush();
        IOException fault = output.fault();
        if (fault == null) {
            return code;
        } else if ("Broken pipe".equals(fault.getMessage())) {
            return BROKEN_PIPE;
        }
        say("cannot write the output: " + fault.getMessage());
        return FAILED;
    }

    private int execute(List<String> arguments) {
        CommandLine line;
        try {
            line = CommandLine.of(arguments, environment);
        } catch (CommandLine.Wrong wrong) {
            say(wrong.getMessage() + "; 'millwright help' lists what there is");
            return USAGE;
        }
        String name = line.words().get(0);
        if (name.equals("help")) {
            RemoteCommands.names().forEach(out::println);
            return 0;
        }
        if (!RemoteCommands.names().contains(name)) {
            say("there is no command '" + name + "' by --url; 'help' lists those that there are");
            return USAGE;
        }
        Thread command = Thread.currentThread();
        AtomicBoolean failed = new AtomicBoolean();
        Connection connection = new Connection(this::say, () -> {
            failed.set(true);
            command.interrupt();
        });
        try (WampClient client = WampClient.builder(line.transport())
                .realm(line.realm())
                .authentication(line.authentication())
                .reconnect(FIRST_DELAY, LONGEST_DELAY)
                .listener(connection)
                .build()) {
            var ignored = client.connect();
            connection.first().get();
            if (typesInAdvance(line.words(), environment)) {
                say(
                        "the command begins when what you type has ended (^D), because that goes with the call; for a dialogue use"
                                + " 'millwright -d DIR worker:exec -i' on the node's own machine");
            }
            Calls calls = new Calls(client, line.realm());
            int code = call(new RemoteController(calls, new Followings(calls, connection)), line.words());
            return failed.get() ? FAILED : code;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            say("no session with the node at " + line.url() + ": " + cause.getMessage());
            return cause instanceof WampConnectionException ? NO_NODE : FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    /** Whether input is typed for a command that begins at its end: who types would wait for answers. */
    static boolean typesInAdvance(List<String> words, Map<String, String> environment) {
        int rest = words.indexOf("--");
        return Boolean.parseBoolean(environment.get("MILLWRIGHT_KEYBOARD"))
                && words.get(0).equals("worker:exec")
                && words.subList(0, rest < 0 ? words.size() : rest).contains("-i");
    }

    private int call(NodeController node, List<String> words) {
        Command command = RemoteCommands.make(words.get(0), new RemoteAccess(node));
        CommandProcessorImpl processor = new CommandProcessorImpl(null);
        processor.addConverter(new ViewConverter());
        CommandSession session = processor.createSession(in, out, err);
        try {
            session.put("millwright.err", err);
            session.put("millwright.terminal", Boolean.parseBoolean(environment.get("MILLWRIGHT_TERMINAL")));
            session.put("COLUMNS", environment.getOrDefault("COLUMNS", ""));
            Object result = command.execute(session, new ArrayList<>(words.subList(1, words.size())));
            String text = result == null
                    ? ""
                    : session.format(result, Converter.INSPECT).toString();
            if (!text.isEmpty()) {
                out.print(text.endsWith("\n") ? text : text + "\n");
            }
        } catch (CommandFailed failed) {
            // a command that is ended because nobody reads it says nothing that matters
            if (output.fault() == null) {
                err.println(Printable.coloured(String.valueOf(failed.getMessage())));
            }
            return exitCode(session) == 0 ? FAILED : exitCode(session);
        } finally {
            session.close();
        }
        return exitCode(session);
    }

    private static int exitCode(CommandSession session) {
        return session.get(Command.EXIT_CODE) instanceof Integer code ? code : 0;
    }

    private void say(String sentence) {
        err.println("millwright: " + Printable.lines(sentence));
    }

    /** Where the commands find the node. */
    private static final class RemoteAccess extends NodeAccess {
        private final NodeController node;

        RemoteAccess(NodeController node) {
            this.node = node;
        }

        @Override
        public NodeController find() {
            return node;
        }

        @Override
        public NodeController get() {
            return node;
        }

        @Override
        public RemoteSessions sessions() {
            return new RemoteSessions() {
                @Override
                public List<RemoteSession> list() {
                    return node.getSessions();
                }

                @Override
                public boolean end(long id, String why) {
                    throw new UnsupportedOperationException("sessions are ended by the controller");
                }
            };
        }
    }
}
