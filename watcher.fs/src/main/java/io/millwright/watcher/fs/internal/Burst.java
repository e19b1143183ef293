package io.millwright.watcher.fs.internal;

import io.millwright.controller.api.watch.FileWatcher.Change;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * The changes of one watch that are not reported yet, and when they will be: after a time of quiet, but no later than ten
 * times that after the first, so that a file that is always being written is reported too. Not thread-safe.
 */
final class Burst {
    private static final int MAX_PATHS = 10_000;
    private static final int MAX_WAIT_FACTOR = 10;

    private final long quiet;
    private final LongSupplier clock;
    private final TreeSet<Path> paths = new TreeSet<>();
    private boolean overflow;
    private long count;
    private long first;
    private long last;

    Burst(Duration debounce, LongSupplier clock) {
        this.clock = clock;
        quiet = Math.max(0, debounce.toNanos());
    }

    /** A file has changed. */
    void add(Path path) {
        last = clock.getAsLong();
        if (paths.isEmpty()) {
            first = last;
        }
        count++;
        if (paths.size() < MAX_PATHS) {
            paths.add(path);
        } else if (!paths.contains(path)) {
            overflow = true;
        }
    }

    /** Notifications of a directory, in which something has changed, were lost. */
    void addOverflow(Path directory) {
        add(directory);
        overflow = true;
    }

    /** How often something was added, ever. */
    long count() {
        return count;
    }

    /** How many nanoseconds it is until there is something to report; 0 for now, the maximum for never. */
    long remaining() {
        if (paths.isEmpty()) {
            return Long.MAX_VALUE;
        }
        long now = clock.getAsLong();
        long settled = last + quiet - now;
        long latest = first + quiet * MAX_WAIT_FACTOR - now;
        return Math.max(0, Math.min(settled, latest));
    }

    /** Takes all and begins anew. */
    Change take() {
        Change change = new Change(List.copyOf(paths), overflow);
        paths.clear();
        overflow = false;
        return change;
    }
}
