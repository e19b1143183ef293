package io.millwright.shell.local.internal;

import io.millwright.controller.api.text.Printable;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.command.Job;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers one request with a Gogo session of its own. {@link #answer} runs in a thread of the server's pool;
 * {@link #cancel} and {@link #interrupt} may be called by any other and do not block.
 */
final class Conversation {
    /** The variable a command sets to choose the exit code. */
    static final String EXIT_CODE = "exit.code";

    private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);

    /** The session variable, and the whole of the Gogo line, behind which the literal call is hidden. */
    private static final String CALL = "_call";

    private final Request request;
    private final String user;
    private final Interpreter interpreter;
    private final ClientInput input;
    private final PrintStream out;
    private final PrintStream err;
    private volatile @Nullable CommandSession session;
    private volatile @Nullable String cancelled;
    private final AtomicBoolean interrupted = new AtomicBoolean();
    private final Object lock = new Object();
    /** The thread that is in a command without Gogo; guarded by the lock. */
    private @Nullable Thread caller;

    Conversation(Request request, String user, Interpreter interpreter, ClientInput input, FrameWriter writer) {
        this.request = request;
        this.user = user;
        this.interpreter = interpreter;
        this.input = input;
        this.out = FrameOutput.printer(writer, Protocol.OUTPUT);
        this.err = FrameOutput.printer(writer, Protocol.ERROR);
    }

    /** Does what was asked and returns the exit code. Blocks as long as that takes. Never throws. */
    int answer() {
        if (request.type() == Protocol.PING) {
            return Protocol.EXIT_OK;
        }
        try {
            CommandSession opened = open();
            if (opened == null) {
                say("the node has no command interpreter now (no service CommandProcessor; is the bundle"
                        + " org.apache.felix.gogo.runtime active?); try again");
                return Protocol.EXIT_FAILED;
            }
            return switch (request.type()) {
                case Protocol.SHELL -> new InteractiveShell(this, opened, input, out, request.inputIsTerminal()).run();
                case Protocol.LIST -> list(opened);
                default -> call(opened);
            };
        } catch (RuntimeException | Error e) {
            return report(request.type() == Protocol.RUN ? request.words().get(0) : "the request", e);
        } finally {
            CommandSession last = session;
            if (last != null) {
                last.close();
            }
        }
    }

    /**
     * Ends the command, if there is one.
     *
     * @param why what to tell a client that still listens
     */
    void cancel(String why) {
        cancelled = why;
        input.close(false);
        CommandSession running = session;
        if (running != null) {
            // interrupts Gogo's threads of this session, among them the command's
            running.close();
        }
        synchronized (lock) {
            if (caller != null) {
                caller.interrupt();
            }
        }
    }

    /** Ends the present line of an interactive session: what it runs, or what has been typed so far. */
    void interrupt() {
        CommandSession running = session;
        Job job = running == null ? null : running.foregroundJob();
        if (job != null) {
            interrupted.set(true);
            job.interrupt();
        } else {
            input.interrupt();
        }
    }

    boolean isCancelled() {
        return cancelled != null;
    }

    /** Whether {@link #interrupt} met something running since the last call of this method. */
    boolean wasInterrupted() {
        return interrupted.getAndSet(false);
    }

    /** Opens a session as the client's, the present one from now on; {@code null} when there is no interpreter. */
    @Nullable
    CommandSession open() {
        CommandProcessor processor = interpreter.processor();
        if (processor == null) {
            return null;
        }
        CommandSession opened = processor.createSession(input, out, err);
        // "help" is node:help, which knows ours
        opened.put("SCOPE", "node:*");
        opened.put("millwright.user", user);
        opened.put("millwright.cwd", request.directory());
        opened.put("millwright.err", err);
        opened.put("millwright.terminal", request.outputIsTerminal());
        if (request.columns() > 0) {
            opened.put("COLUMNS", request.columns());
        }
        try {
            opened.currentDir(Path.of(request.directory()));
        } catch (InvalidPathException e) {
            LOG.debug("the JVM's locale has no name for the client's directory", e);
        }
        session = opened;
        if (cancelled != null) {
            opened.close();
        }
        return opened;
    }

    private int list(CommandSession opened) {
        out.print(String.join("\n", Commands.names(opened)) + "\n");
        return Protocol.EXIT_OK;
    }

    private int call(CommandSession opened) {
        String name = request.words().get(0);
        if (!Commands.isName(name)) {
            say("'" + name + "' is not the name of a command, which is scope:command or command");
            return Protocol.EXIT_USAGE;
        }
        List<Object> arguments =
                new ArrayList<>(request.words().subList(1, request.words().size()));
        Callable<@Nullable Object> call = interpreter.direct(name, opened, arguments);
        if (call == null) {
            Function command = Commands.find(opened, name);
            if (command == null) {
                say(Commands.unknown(opened, name));
                return Protocol.EXIT_USAGE;
            }
            // Gogo expands braces even in the values of variables; arguments it never sees stay as they are
            Function literal = (gogo, none) -> command.execute(gogo, arguments);
            opened.put(CALL, literal);
            call = () -> opened.execute(CALL);
        }
        try {
            print(opened, interruptibly(call));
            return exitCode(opened, Protocol.EXIT_OK);
        } catch (Exception | Error e) {
            int code = report(name, e);
            int chosen = exitCode(opened, code);
            return chosen == Protocol.EXIT_OK ? code : chosen;
        }
    }

    private @Nullable Object interruptibly(Callable<@Nullable Object> call) throws Exception {
        synchronized (lock) {
            if (isCancelled()) {
                throw new InterruptedException();
            }
            caller = Thread.currentThread();
        }
        try {
            return call.call();
        } finally {
            synchronized (lock) {
                caller = null;
            }
            // it was for the command, not for who tells its end
            Thread.interrupted();
        }
    }

    /** Prints a command's result as its converter has it, ending with one line end; {@code null} prints nothing. */
    void print(CommandSession of, @Nullable Object result) {
        if (result == null || isCancelled()) {
            return;
        }
        String text = of.format(result, Converter.INSPECT).toString();
        if (!text.isEmpty()) {
            out.print(text.endsWith("\n") ? text : text + "\n");
        }
    }

    /** Tells the client what failed, and the log the whole of it. Returns the exit code for it. */
    int report(String command, Throwable thrown) {
        String why = cancelled;
        if (why != null) {
            say(why);
            return Protocol.EXIT_FAILED;
        }
        Throwable cause = thrown;
        while (isWrapper(cause) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        LOG.debug("command {} of user {} failed", command, user, thrown);
        String message = cause.getMessage();
        if (cause instanceof IllegalArgumentException && message != null && message.startsWith("Cannot coerce ")) {
            say(command + " does not take these arguments: " + message + "; 'felix:help " + command + "' lists them");
            return Protocol.EXIT_USAGE;
        }
        if (cause instanceof InterruptedException) {
            message = "interrupted";
        }
        say(message == null || message.isBlank() ? cause.getClass().getSimpleName() : message);
        return Protocol.EXIT_FAILED;
    }

    /** Prints a message to the client. What it quotes can be anything; colours of log lines stay. */
    private void say(String message) {
        err.println(Printable.coloured(message));
    }

    private static boolean isWrapper(Throwable thrown) {
        return thrown instanceof ExecutionException
                || thrown instanceof CompletionException
                || thrown instanceof InvocationTargetException;
    }

    /** The code a command chose for the client, else {@code otherwise}. */
    static int exitCode(CommandSession of, int otherwise) {
        return of.get(EXIT_CODE) instanceof Number number ? number.intValue() & 0xff : otherwise;
    }
}
