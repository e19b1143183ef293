package io.millwright.watcher.fs.internal;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Where one watch has to look, gathered until it looks. Filled by the notification thread, drained by a worker thread.
 * Bounded: one entry a registered directory, and beyond some names the whole directory. Thread-safe.
 */
final class Hints {
    private static final int MAX_NAMES = 4096;

    private Map<Path, Hint> pending = new HashMap<>();

    /** What may have changed in one directory. */
    static final class Hint {
        /** Names in it; not all of them if {@link #whole}. */
        final Set<String> names = new HashSet<>();
        /** Anything in it, or the directory itself, may have changed. */
        boolean whole;
        /** Notifications were lost. */
        boolean lost;
    }

    synchronized void add(Path directory, Set<String> names, boolean whole, boolean lost) {
        Hint hint = pending.computeIfAbsent(directory, d -> new Hint());
        hint.names.addAll(names);
        hint.whole |= whole;
        hint.lost |= lost;
        if (hint.names.size() > MAX_NAMES) {
            hint.names.clear();
            hint.whole = true;
        }
    }

    /** Takes them all. */
    synchronized Map<Path, Hint> drain() {
        Map<Path, Hint> drained = pending;
        pending = new HashMap<>();
        return drained;
    }

    synchronized boolean isEmpty() {
        return pending.isEmpty();
    }
}
