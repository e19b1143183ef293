package io.millwright.controller.internal.log;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogMatches;
import io.millwright.controller.api.LogMatches.Match;
import io.millwright.controller.api.LogQuery;
import io.millwright.controller.api.NodeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One search in the log of a worker: all lines pass it once, oldest first, those of the files and, where they belong, those that are in
 * memory only. It holds no more lines than it answers with and than are in memory. For one thread, which reads files.
 */
final class LogSearch {
    private final LogQuery query;
    private final Predicate<String> fits;
    private final List<String> problems = new ArrayList<>();
    /** The newest lines that fit; one more than asked for tells that there are more. */
    private final Deque<Found> found = new ArrayDeque<>();
    /** The last lines, for the context of the next that fits. */
    private final Deque<LogEntry> passed = new ArrayDeque<>();
    /** Those that still lack lines after them. */
    private final Deque<Found> open = new ArrayDeque<>();

    /** Those in memory that no line of the files was yet, oldest first. */
    private final Deque<LogEntry> remembered = new ArrayDeque<>();
    /** How many of them there are of each, and of those that have passed before a line of the files. */
    private final Map<Key, Integer> awaited = new HashMap<>();

    private final Map<Key, Integer> early = new HashMap<>();
    /** What is older is not in memory. */
    private Instant oldest = Instant.MAX;

    /** A line, be it of a file or of memory: a file knows no level, and of a cut line not that it is one. */
    private record Key(Instant time, LogEntry.Stream stream, String text) {
        private static final int ENOUGH = 1000;

        static Key of(LogEntry entry) {
            String text = entry.text();
            return new Key(
                    entry.time(),
                    entry.stream(),
                    text.substring(0, Math.min(text.length(), ENOUGH)).stripTrailing());
        }
    }

    private record Found(LogEntry entry, List<LogEntry> before, List<LogEntry> after) {}

    /**
     * Begins a search.
     *
     * @param query what for
     * @throws NodeException {@link ErrorCode#INVALID_ARGUMENT} for a pattern that is none
     */
    LogSearch(LogQuery query) {
        this.query = query;
        this.fits = predicate(query);
    }

    private static Predicate<String> predicate(LogQuery query) {
        if (!query.isRegex()) {
            return text -> text.contains(query.pattern());
        }
        try {
            Pattern pattern = Pattern.compile(query.pattern());
            return text -> pattern.matcher(text).find();
        } catch (PatternSyntaxException e) {
            throw new NodeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "'" + query.pattern() + "' is no pattern that can be matched in linear time: " + e.getMessage());
        }
    }

    /** Searches the files of a log, if its lines have times there, and what is in memory beyond them. */
    LogMatches run(
            Path file, RotatedFiles rotated, LogOptions options, @Nullable String trouble, List<LogEntry> memory) {
        if (trouble != null) {
            problems.add(trouble);
        }
        for (LogEntry entry : memory) {
            remembered.add(entry);
            awaited.merge(Key.of(entry), 1, Integer::sum);
            oldest = entry.time().isBefore(oldest) ? entry.time() : oldest;
        }
        if (options.file() && options.format() == LogOptions.Format.RAW) {
            problems.add("lines have no time in " + file + " (log.format=raw), so only those in memory were searched");
        } else if (options.file()) {
            files(file, rotated);
        }
        remembered.forEach(this::take);
        boolean more = found.size() > query.limit();
        if (more) {
            found.removeFirst();
        }
        return LogMatches.of(
                found.stream()
                        .map(one -> Match.of(one.entry(), one.before(), one.after()))
                        .toList(),
                more,
                problems);
    }

    /** A line of a file. What memory has before it has passed already, or is not in the files: the disk was full, or they were not written. */
    private void takeWritten(LogEntry written) {
        if (written.time().isBefore(oldest)) {
            take(written);
            return;
        }
        Key key = Key.of(written);
        if (count(early, key)) {
            return;
        }
        if (count(awaited, key)) {
            LogEntry entry = remembered.remove();
            for (Key passing = Key.of(entry); !passing.equals(key); passing = Key.of(entry)) {
                count(awaited, passing);
                early.merge(passing, 1, Integer::sum);
                take(entry);
                entry = remembered.remove();
            }
        }
        take(written);
    }

    /** Counts one down; false if there is none. */
    private static boolean count(Map<Key, Integer> counts, Key key) {
        boolean known = counts.containsKey(key);
        counts.computeIfPresent(key, (same, n) -> n == 1 ? null : n - 1);
        return known;
    }

    private void files(Path file, RotatedFiles rotated) {
        Consumer<LogEntry> taker = this::takeWritten;
        try (StampedFiles files = rotated.open(query.after())) {
            problems.addAll(files.problems());
            files.read(taker);
        } catch (IOException e) {
            problems.add(file + " could not be read to its end: " + AppendedFile.reason(e));
        }
    }

    private void take(LogEntry entry) {
        LogEntry.Stream stream = query.stream();
        if (stream != null && entry.stream() != stream) {
            return;
        }
        for (Found one : open) {
            one.after().add(entry);
        }
        if (!open.isEmpty() && open.getFirst().after().size() == query.context()) {
            open.removeFirst();
        }
        if (isWanted(entry)) {
            Found one = new Found(entry, new ArrayList<>(passed), new ArrayList<>());
            found.addLast(one);
            if (query.context() > 0) {
                open.addLast(one);
            }
            if (found.size() > query.limit() + 1) {
                found.removeFirst();
            }
        }
        if (query.context() > 0) {
            passed.addLast(entry);
            if (passed.size() > query.context()) {
                passed.removeFirst();
            }
        }
    }

    private boolean isWanted(LogEntry entry) {
        Instant before = query.before();
        Instant after = query.after();
        return (before == null || entry.time().isBefore(before))
                && (after == null || entry.time().isAfter(after))
                && fits.test(entry.text());
    }
}
