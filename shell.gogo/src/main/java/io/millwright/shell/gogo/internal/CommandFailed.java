package io.millwright.shell.gogo.internal;

import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.text.Printable;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a command ends with when it did not do what was asked; the message is for the person at the shell. */
public final class CommandFailed extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * A failure.
     *
     * @param message what to print, possibly several lines
     */
    public CommandFailed(String message) {
        super(Printable.lines(message));
    }

    private CommandFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * A failure of the node's.
     *
     * @param error the error
     * @return a failure that says the code, the sentence, every problem and the last log lines
     */
    public static CommandFailed of(NodeException error) {
        return new CommandFailed(describe(error), error);
    }

    /**
     * A failure of several.
     *
     * @param summary what failed
     * @param details lines for the single failures, each made by {@link #describe}
     * @return a failure that says them all
     */
    public static CommandFailed of(String summary, List<String> details) {
        return new CommandFailed(
                Printable.lines(summary)
                        + details.stream().map(line -> "\n" + line).collect(Collectors.joining()),
                null);
    }

    /**
     * An error as text.
     *
     * @param error the error
     * @return {@code code: message}, then a line for each problem, then the last log lines; harmless on a terminal
     */
    public static String describe(NodeException error) {
        StringBuilder text = new StringBuilder(error.code().code()).append(": ");
        text.append(Printable.lines(sentence(error)));
        for (Problem problem : error.problems()) {
            text.append("\n  ").append(Printable.lines(problem.toString()));
        }
        if (!error.log().isEmpty()) {
            text.append("\n  its last lines:");
            for (LogEntry entry : error.log()) {
                text.append("\n    ").append(Printable.coloured(entry.text()));
            }
        }
        return text.toString();
    }

    /** The message without the problems that are listed below it anyway. */
    private static String sentence(NodeException error) {
        String message = String.valueOf(error.getMessage());
        List<Problem> problems = error.problems();
        String joined = problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
        if (!problems.isEmpty() && message.endsWith(": " + joined)) {
            return message.substring(0, message.length() - joined.length() - 2);
        }
        return message;
    }
}
