package io.millwright.controller.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The one exception of the node's operations: a code for machines, a sentence for people, and what belongs to it.
 * Synchronous operations throw it; asynchronous ones complete with it (never wrapped by the node itself). Immutable.
 */
public final class NodeException extends RuntimeException implements Document {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient List<Problem> problems;
    private final transient List<LogEntry> log;
    private final transient @Nullable WorkerExit exit;

    /**
     * An error without details.
     *
     * @param code the kind
     * @param message what was wrong, where, and what would be right
     */
    public NodeException(ErrorCode code, String message) {
        this(code, message, List.of(), List.of(), null, null);
    }

    /**
     * An error with everything that may belong to one.
     *
     * @param code the kind
     * @param message what was wrong, where, and what would be right
     * @param problems the single problems of an invalid configuration, else empty
     * @param log the last log lines of a worker that could not start, else empty
     * @param exit the exit of a worker that ended before it was started, else {@code null}
     * @param cause the fault behind it, may be {@code null}
     */
    public NodeException(
            ErrorCode code,
            String message,
            List<Problem> problems,
            List<LogEntry> log,
            @Nullable WorkerExit exit,
            @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.problems = List.copyOf(problems);
        this.log = List.copyOf(log);
        this.exit = exit;
    }

    /**
     * An {@link ErrorCode#INVALID_CONFIGURATION} whose message names every problem.
     *
     * @param subject what is invalid, for example {@code worker 'web'}
     * @param problems at least one
     * @return the exception
     */
    public static NodeException invalid(String subject, List<Problem> problems) {
        String all = problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
        return new NodeException(
                ErrorCode.INVALID_CONFIGURATION, subject + " is not valid: " + all, problems, List.of(), null, null);
    }

    /**
     * The kind of error.
     *
     * @return the code, never {@code null}
     */
    public ErrorCode code() {
        return code;
    }

    /**
     * The single problems of an invalid configuration.
     *
     * @return unmodifiable, empty for other errors
     */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * The last log lines of a worker that could not start, oldest first.
     *
     * @return unmodifiable, empty for other errors
     */
    public List<LogEntry> log() {
        return log;
    }

    /**
     * The exit of a worker that ended before it was started.
     *
     * @return the exit, {@code null} if there was none
     */
    public @Nullable WorkerExit exit() {
        return exit;
    }

    /**
     * The error for machines.
     *
     * @return {@code error, message, details}, then {@code exit} and {@code log} where there are any
     */
    @Override
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map =
                new LinkedHashMap<>(Documents.of("error", code.code(), "message", getMessage(), "details", problems));
        if (exit != null) {
            map.put("exit", exit.toMap());
        }
        if (!log.isEmpty()) {
            map.put("log", Documents.convert(log));
        }
        return Collections.unmodifiableMap(map);
    }
}
