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
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One search in the log of a worker: all lines pass it once, oldest first, those of the files and then those that are in memory only.
 * It holds no more lines than it answers with. For one thread, which reads files.
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

    private @Nullable LogEntry last;

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
        if (options.file() && options.format() == LogOptions.Format.RAW) {
            problems.add("lines have no time in " + file + " (log.format=raw), so only those in memory were searched");
        } else if (options.file()) {
            files(file, rotated);
        }
        notWritten(memory).forEach(this::take);
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

    /** What is in memory is in the file too, but for what came last and could not be written. */
    private List<LogEntry> notWritten(List<LogEntry> memory) {
        LogEntry written = last;
        if (written == null) {
            return memory;
        }
        for (int i = memory.size(); i > 0; i--) {
            LogEntry entry = memory.get(i - 1);
            if (entry.time().equals(written.time()) && entry.stream() == written.stream()) {
                return memory.subList(i, memory.size());
            }
        }
        // The last in the file is not in memory: a line about lost ones, say.
        return memory.stream()
                .filter(entry -> entry.time().isAfter(written.time()))
                .toList();
    }

    private void files(Path file, RotatedFiles rotated) {
        Consumer<LogEntry> taker = this::take;
        try (StampedFiles files = rotated.open(query.after())) {
            problems.addAll(files.problems());
            files.read(taker);
        } catch (IOException e) {
            problems.add(file + " could not be read to its end: " + AppendedFile.reason(e));
        }
    }

    private void take(LogEntry entry) {
        last = entry;
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
