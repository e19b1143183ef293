package io.millwright.shell.gogo.internal.worker;

import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogQuery;
import io.millwright.shell.gogo.internal.Usage;
import io.millwright.shell.gogo.internal.UsageError;
import io.millwright.shell.gogo.internal.Values;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads what of a log is searched for. */
final class LogRequest {
    private static final String LIMIT = "-n";
    private static final String GREP = "--grep";
    private static final String PATTERN = "--pattern";
    private static final String SINCE = "--since";
    private static final String UNTIL = "--until";
    private static final String STREAM = "--stream";
    private static final String CONTEXT = "--context";
    private static final String LEVEL = "--level";
    private static final List<String> LEVELS = List.of("trace", "debug", "info", "warn", "error");
    private static final List<String> SEARCH = List.of(GREP, PATTERN, SINCE, UNTIL, STREAM, CONTEXT);

    /** The options that take a value. */
    static final String[] OPTIONS = {LIMIT, GREP, PATTERN, SINCE, UNTIL, STREAM, CONTEXT, LEVEL};

    private LogRequest() {}

    /**
     * The search that is asked for.
     *
     * @param arguments the command line
     * @param now what lengths of time are counted back from
     * @return the query, {@code null} if only the last lines are wanted
     */
    static @Nullable LogQuery of(Usage.Arguments arguments, Instant now) {
        String first = SEARCH.stream()
                .filter(option -> arguments.value(option) != null)
                .findFirst()
                .orElse(null);
        if (first == null) {
            return null;
        }
        if (arguments.has("-f")) {
            throw new UsageError("-f and " + first + " exclude each other");
        }
        if (arguments.value(LEVEL) != null) {
            throw new UsageError(LEVEL + " and " + first + " exclude each other");
        }
        if (LogsOfSeveral.isMeant(arguments.allWords())) {
            requireNoContext(arguments);
        }
        String text = arguments.value(GREP);
        String pattern = arguments.value(PATTERN);
        if (text != null && pattern != null) {
            throw new UsageError("--grep and --pattern exclude each other");
        }
        LogQuery query = pattern == null ? LogQuery.text(text == null ? "" : text) : LogQuery.regex(pattern);
        return query.withLimit(arguments.number(LIMIT, query.limit()))
                .withAfter(Values.time(arguments, SINCE, now))
                .withBefore(Values.time(arguments, UNTIL, now))
                .withStream(stream(arguments.value(STREAM)))
                .withContext(arguments.number(CONTEXT, 0));
    }

    /**
     * Which lines are wanted by their level.
     *
     * @param arguments the command line
     * @return {@code null} if all are; else log records of that level and above, and no plain text
     */
    static @Nullable Predicate<LogEntry> level(Usage.Arguments arguments) {
        String wanted = arguments.value(LEVEL);
        if (wanted == null) {
            return null;
        }
        int least = LEVELS.indexOf(wanted.toLowerCase(Locale.ROOT));
        if (least < 0) {
            throw new UsageError(LEVEL + " must be one of " + String.join(", ", LEVELS) + ", is '" + wanted + "'");
        }
        return entry -> entry.level() != null && LEVELS.indexOf(entry.level()) >= least;
    }

    private static LogEntry.@Nullable Stream stream(@Nullable String name) {
        if (name == null) {
            return null;
        }
        return switch (name) {
            case "stdout" -> LogEntry.Stream.STDOUT;
            case "stderr" -> LogEntry.Stream.STDERR;
            case "node" -> LogEntry.Stream.NODE;
            default -> throw new UsageError("option '--stream' needs stdout, stderr or node, not '" + name + "'");
        };
    }

    /** Refuses lines around others for several workers. */
    static void requireNoContext(Usage.Arguments arguments) {
        if (arguments.value(CONTEXT) != null) {
            throw new UsageError(CONTEXT + " is for one worker: the lines around one are those of its own log");
        }
    }
}
