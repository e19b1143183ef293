package io.millwright.controller.api;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which lines of a worker's log are wanted: the newest that fit, at most so many. Immutable. */
public final class LogQuery {
    private static final int LIMIT = 100;
    private static final int MOST_CONTEXT = 1000;

    private final String pattern;
    private final boolean regex;
    private final @Nullable Instant before;
    private final @Nullable Instant after;
    private final LogEntry.@Nullable Stream stream;
    private final int limit;
    private final int context;

    private LogQuery(
            String pattern,
            boolean regex,
            @Nullable Instant before,
            @Nullable Instant after,
            LogEntry.@Nullable Stream stream,
            int limit,
            int context) {
        this.pattern = Objects.requireNonNull(pattern, "pattern");
        this.regex = regex;
        this.before = before;
        this.after = after;
        this.stream = stream;
        this.limit = limit;
        this.context = context;
    }

    /**
     * Lines that hold a text.
     *
     * @param text the text, upper and lower case as it is; empty for every line
     * @return the query
     */
    public static LogQuery text(String text) {
        return new LogQuery(text, false, null, null, null, LIMIT, 0);
    }

    /**
     * Lines of which a part matches a pattern.
     *
     * @param pattern a regular expression; matched in time that is linear in the length of a line
     * @return the query
     */
    public static LogQuery regex(String pattern) {
        return new LogQuery(pattern, true, null, null, null, LIMIT, 0);
    }

    /**
     * The same for older lines only.
     *
     * @param time lines of this time and newer ones are left out; {@code null} for none
     * @return a changed copy
     */
    public LogQuery withBefore(@Nullable Instant time) {
        return new LogQuery(pattern, regex, time, after, stream, limit, context);
    }

    /**
     * The same for newer lines only.
     *
     * @param time lines of this time and older ones are left out; {@code null} for none
     * @return a changed copy
     */
    public LogQuery withAfter(@Nullable Instant time) {
        return new LogQuery(pattern, regex, before, time, stream, limit, context);
    }

    /**
     * The same for one stream.
     *
     * @param one the stream; {@code null} for all
     * @return a changed copy
     */
    public LogQuery withStream(LogEntry.@Nullable Stream one) {
        return new LogQuery(pattern, regex, before, after, one, limit, context);
    }

    /**
     * The same with another limit.
     *
     * @param most at most how many lines that fit
     * @return a changed copy
     * @throws NodeException {@link ErrorCode#INVALID_ARGUMENT} if it is not from 1 to 10000
     */
    public LogQuery withLimit(int most) {
        if (most < 1 || most > 10_000) {
            throw new NodeException(ErrorCode.INVALID_ARGUMENT, "limit must be from 1 to 10000, is " + most);
        }
        return new LogQuery(pattern, regex, before, after, stream, most, context);
    }

    /**
     * The same with lines around each that fits.
     *
     * @param lines how many before and how many after it
     * @return a changed copy
     * @throws NodeException {@link ErrorCode#INVALID_ARGUMENT} if it is not from 0 to 1000
     */
    public LogQuery withContext(int lines) {
        if (lines < 0 || lines > MOST_CONTEXT) {
            throw new NodeException(
                    ErrorCode.INVALID_ARGUMENT, "context must be from 0 to " + MOST_CONTEXT + ", is " + lines);
        }
        return new LogQuery(pattern, regex, before, after, stream, limit, lines);
    }

    /** The text or the regular expression. */
    public String pattern() {
        return pattern;
    }

    /** Whether the pattern is a regular expression. */
    public boolean isRegex() {
        return regex;
    }

    /** Only lines older than this; {@code null} for all. */
    public @Nullable Instant before() {
        return before;
    }

    /** Only lines newer than this; {@code null} for all. */
    public @Nullable Instant after() {
        return after;
    }

    /** Only lines of this stream; {@code null} for all. */
    public LogEntry.@Nullable Stream stream() {
        return stream;
    }

    /** At most how many lines that fit. */
    public int limit() {
        return limit;
    }

    /** How many lines before and after each that fits are given too. */
    public int context() {
        return context;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof LogQuery that
                        && pattern.equals(that.pattern)
                        && regex == that.regex
                        && Objects.equals(before, that.before)
                        && Objects.equals(after, that.after)
                        && stream == that.stream
                        && limit == that.limit
                        && context == that.context;
    }

    @Override
    public int hashCode() {
        return Objects.hash(pattern, regex, before, after, stream, limit, context);
    }

    @Override
    public String toString() {
        return "LogQuery[" + (regex ? "regex " : "text ") + pattern + "]";
    }
}
