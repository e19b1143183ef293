package io.millwright.watcher.fs.internal;

import io.millwright.controller.api.watch.FileWatcher.Change;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
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
    private final SortedMap<Path, Fate> paths = new TreeMap<>();
    private boolean overflow;
    private long count;
    private long first;
    private long last;

    Burst(Duration debounce, LongSupplier clock) {
        this.clock = clock;
        quiet = Math.max(0, debounce.toNanos());
    }

    /** A file that was not there is. */
    void made(Path path) {
        note(path, false, true);
    }

    /** A file has been written. */
    void written(Path path) {
        note(path, true, true);
    }

    /** A file that was there is not. */
    void gone(Path path) {
        note(path, true, false);
    }

    private void note(Path path, boolean was, boolean is) {
        last = clock.getAsLong();
        if (paths.isEmpty()) {
            first = last;
        }
        count++;
        Fate before = paths.get(path);
        if (before != null) {
            paths.put(path, new Fate(before.was, is));
        } else if (paths.size() < MAX_PATHS) {
            paths.put(path, new Fate(was, is));
        } else {
            overflow = true;
        }
    }

    /** Notifications of a directory, in which something has changed, were lost. */
    void lost(Path directory) {
        written(directory);
        overflow = true;
    }

    /** How often something was noted, ever. */
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

    /**
     * Takes all and begins anew.
     *
     * @return the change, without files that have come and gone meanwhile, as editors make them; perhaps of nothing
     */
    Change take() {
        List<Path> changed = paths.entrySet().stream()
                .filter(entry -> entry.getValue().was || entry.getValue().is)
                .map(Map.Entry::getKey)
                .toList();
        Change change = Change.of(changed, overflow);
        paths.clear();
        overflow = false;
        return change;
    }

    /** Whether a file was there when the burst began, and is there now. */
    private record Fate(boolean was, boolean is) {}
}
