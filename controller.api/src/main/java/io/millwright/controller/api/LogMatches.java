package io.millwright.controller.api;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a search in a worker's log has found. Immutable. */
public final class LogMatches implements Document {
    private final List<Match> matches;
    private final boolean more;
    private final List<String> problems;

    private LogMatches(List<Match> matches, boolean more, List<String> problems) {
        this.matches = List.copyOf(matches);
        this.more = more;
        this.problems = List.copyOf(problems);
    }

    /**
     * Makes one.
     *
     * @param matches oldest first
     * @param more whether older lines fit too; the time of the first match is the {@code before} to ask with
     * @param problems what could not be searched and why, a sentence each
     * @return the value
     */
    public static LogMatches of(List<Match> matches, boolean more, List<String> problems) {
        return new LogMatches(matches, more, problems);
    }

    /** The lines that fit, oldest first. */
    public List<Match> matches() {
        return matches;
    }

    /** Whether older lines fit too; the time of the first match is the {@code before} to ask with. */
    public boolean more() {
        return more;
    }

    /** What could not be searched and why, a sentence each. */
    public List<String> problems() {
        return problems;
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Documents.of("matches", matches, "more", more, "problems", problems);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || other instanceof LogMatches that
                        && matches.equals(that.matches)
                        && more == that.more
                        && problems.equals(that.problems);
    }

    @Override
    public int hashCode() {
        return Objects.hash(matches, more, problems);
    }

    @Override
    public String toString() {
        return "LogMatches" + toMap();
    }

    /** One line that fits, with those around it. Immutable. */
    public static final class Match implements Document {
        private final LogEntry entry;
        private final List<LogEntry> before;
        private final List<LogEntry> after;

        private Match(LogEntry entry, List<LogEntry> before, List<LogEntry> after) {
            this.entry = Objects.requireNonNull(entry, "entry");
            this.before = List.copyOf(before);
            this.after = List.copyOf(after);
        }

        /**
         * Makes one.
         *
         * @param entry the line that fits
         * @param before the lines just before it, oldest first
         * @param after the lines just after it, oldest first
         * @return the value
         */
        public static Match of(LogEntry entry, List<LogEntry> before, List<LogEntry> after) {
            return new Match(entry, before, after);
        }

        /** The line that fits. */
        public LogEntry entry() {
            return entry;
        }

        /** The lines just before it, oldest first. */
        public List<LogEntry> before() {
            return before;
        }

        /** The lines just after it, oldest first. */
        public List<LogEntry> after() {
            return after;
        }

        @Override
        public Map<String, @Nullable Object> toMap() {
            return Documents.of("entry", entry, "before", before, "after", after);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other == this
                    || other instanceof Match that
                            && entry.equals(that.entry)
                            && before.equals(that.before)
                            && after.equals(that.after);
        }

        @Override
        public int hashCode() {
            return Objects.hash(entry, before, after);
        }

        @Override
        public String toString() {
            return "Match" + toMap();
        }
    }
}
