package io.millwright.shell.gogo.internal;

import io.millwright.controller.api.Documents;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Role;
import io.millwright.controller.api.text.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;

/**
 * One shell command. Being a Gogo {@link Function} it gets its words as they were typed, in Felix and in Karaf. Each call
 * leaves its exit code in the session variable {@value #EXIT_CODE}: 0, 1 when it failed, 2 for a wrong command line, 130 when
 * it was interrupted. Thread-safe: it keeps nothing between calls.
 */
public abstract class Command implements Function {
    /** The service property of the scope. */
    public static final String SCOPE = "osgi.command.scope";

    /** The service property that says: reads and prints by its session alone, so it may be called without a Gogo line. */
    public static final String OWN_STREAMS = "millwright.streams=session";

    /** The session variable with the exit code of the last command. */
    public static final String EXIT_CODE = "exit.code";

    static final int FAILED = 1;
    static final int WRONG_USAGE = 2;

    /** The exit code of a command that was interrupted. */
    protected static final int INTERRUPTED = 130;

    private final Usage usage;
    private final NodeAccess node;

    /**
     * A command.
     *
     * @param usage how it is called
     * @param node where it gets the controller
     */
    protected Command(Usage usage, NodeAccess node) {
        this.usage = usage;
        this.node = node;
    }

    @Override
    public final @Nullable Object execute(CommandSession session, @Nullable List<Object> arguments)
            throws CommandFailed {
        if (!Headless.is(session)) {
            return call(session, arguments);
        }
        try {
            return Headless.finish(session, call(session, arguments));
        } catch (CommandFailed e) {
            return Headless.failed(session, e);
        }
    }

    private @Nullable Object call(CommandSession session, @Nullable List<Object> arguments) throws CommandFailed {
        List<String> words = words(arguments == null ? List.of() : arguments);
        Invocation call = new Invocation(session, usage);
        call.exitCode(0);
        boolean json = words.contains("--json");
        try {
            Usage.Arguments parsed = usage.parse(words);
            call.arguments(parsed);
            json = call.json();
            if (parsed.has("--help")) {
                // printed and not returned: Karaf's help command shows only what is printed
                call.print(usage.help());
                return null;
            }
            return run(call);
        } catch (UsageError e) {
            call.exitCode(WRONG_USAGE);
            String message = String.valueOf(e.getMessage());
            if (json) {
                call.print(Json.write(Documents.of(
                        "error", ErrorCode.INVALID_ARGUMENT.code(), "message", message, "details", List.of())));
            }
            throw new CommandFailed(message + "\n" + usage.line());
        } catch (NodeException e) {
            call.exitCode(FAILED);
            if (json) {
                call.print(Json.write(call.error(e)));
            }
            throw CommandFailed.of(e);
        } catch (InterruptedException e) {
            // The flag stays cleared: with it set, Gogo would close the session's channels at the next write.
            call.exitCode(INTERRUPTED);
            throw new CommandFailed("interrupted; what the node has begun goes on");
        }
    }

    /**
     * How it is called.
     *
     * @return the usage
     */
    public final Usage usage() {
        return usage;
    }

    /**
     * Does it.
     *
     * @param call the call
     * @return what to print, {@code null} for nothing
     * @throws CommandFailed if it did not do what was asked and has said the details itself
     * @throws InterruptedException if the command's thread was interrupted
     */
    protected abstract @Nullable Object run(Invocation call) throws CommandFailed, InterruptedException;

    /**
     * The controller.
     *
     * @return the controller
     * @throws NodeException {@link ErrorCode#FEATURE_UNAVAILABLE} if there is none
     */
    protected final NodeController node(Invocation call) {
        return node.get().as(call.caller(), Role.OPERATOR);
    }

    /**
     * Waits for a result, as long as it takes.
     *
     * @param stage what to wait for
     * @param <T> the result
     * @return the result
     * @throws NodeException what the stage ended with
     * @throws InterruptedException if the command's thread was interrupted
     */
    protected static <T extends @Nullable Object> T await(CompletionStage<T> stage) throws InterruptedException {
        try {
            return stage.toCompletableFuture().get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof NodeException error) {
                throw error;
            }
            throw new NodeException(ErrorCode.INTERNAL, "the node failed: " + cause, List.of(), List.of(), null, cause);
        } catch (CancellationException e) {
            throw new NodeException(
                    ErrorCode.INTERNAL, "the node gave the operation up", List.of(), List.of(), null, e);
        }
    }

    /** Words as text; a list is its elements, so that the result of one command can be words of another. */
    private static List<String> words(List<?> arguments) {
        List<String> words = new ArrayList<>();
        for (Object argument : arguments) {
            if (argument instanceof Collection<?> several) {
                several.forEach(one -> words.add(Words.of(one)));
            } else {
                words.add(Words.of(argument));
            }
        }
        return words;
    }
}
