package io.millwright.watcher.fs.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The notifications of one real directory, and what in a tree depends on them. Belongs to its {@link Wiring}. */
final class Wire {
    final Path real;
    /** Which directory is registered (device and inode). */
    @Nullable
    Object key;
    /** Replaced when another directory has taken the place. */
    Notifier.Registration registration;
    /** Directories of the snapshot that are this one. */
    final Set<Directory> directories = new LinkedHashSet<>();
    /** Paths that lead through a name in this one. */
    final Map<String, Set<Trace>> traces = new HashMap<>();

    Wire(Path real, @Nullable Object key, Notifier.Registration registration) {
        this.real = real;
        this.key = key;
        this.registration = registration;
    }

    boolean isUnused() {
        return directories.isEmpty() && traces.isEmpty();
    }

    List<Trace> tracesOf(String name) {
        return new ArrayList<>(traces.getOrDefault(name, Set.of()));
    }

    List<Trace> allTraces() {
        Set<Trace> all = new LinkedHashSet<>();
        traces.values().forEach(all::addAll);
        return new ArrayList<>(all);
    }

    void add(String name, Trace trace) {
        traces.computeIfAbsent(name, n -> new HashSet<>()).add(trace);
    }

    void remove(String name, Trace trace) {
        Set<Trace> some = traces.get(name);
        if (some != null && some.remove(trace) && some.isEmpty()) {
            traces.remove(name);
        }
    }

    /** A path that may come to lead elsewhere: a watched directory's own, or a link's. */
    static final class Trace {
        final Directory parent;
        final String name;
        Set<Lookup> steps = Set.of();
        final Map<Lookup, Wire> wires = new HashMap<>();

        Trace(Directory parent, String name) {
            this.parent = parent;
            this.name = name;
        }

        /** Whether a step is the one that finds the file itself. */
        boolean endsAt(Path directory, String last) {
            Lookup end = null;
            for (Lookup step : steps) {
                end = step;
            }
            return end != null
                    && end.directory().equals(directory)
                    && end.name().equals(last);
        }
    }
}
