package io.millwright.controller.internal.worker.ready;

import com.google.re2j.Pattern;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogListener;
import io.millwright.controller.internal.log.WorkerLog;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Waits for a line of a run that matches a pattern, in time linear to the line. Called by the log. */
final class LineWatch implements LogListener {
    /** What a line has behind that is not looked at. */
    private static final int LONGEST = 4096;

    private static final int ALL = 100_000;

    private final WorkerLog log;
    private final Pattern pattern;
    private final Instant since;
    private final Runnable found;
    private final AtomicBoolean told = new AtomicBoolean();

    LineWatch(WorkerLog log, String pattern, Instant since, Runnable found) {
        this.log = log;
        this.pattern = Pattern.compile(pattern);
        this.since = since;
        this.found = found;
    }

    @Override
    public void onLog(List<LogEntry> entries, long lost) {
        // What this listener was too slow for may still be in memory.
        boolean matches = entries.stream().anyMatch(this::matches)
                || lost > 0 && log.tail(ALL).stream().anyMatch(this::matches);
        tell(matches);
    }

    /** A line of one run. */
    void onLine(String text) {
        tell(matches(text));
    }

    private void tell(boolean matches) {
        if (matches && told.compareAndSet(false, true)) {
            found.run();
        }
    }

    private boolean matches(LogEntry entry) {
        return !entry.time().isBefore(since) && matches(entry.text());
    }

    private boolean matches(String text) {
        return pattern.matcher(text.length() > LONGEST ? text.substring(0, LONGEST) : text)
                .find();
    }
}
