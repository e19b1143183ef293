package io.millwright.watcher.fs.internal;

import io.millwright.watcher.fs.internal.Wire.Trace;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything one tree is notified of: its directories, and the directories that the paths to its roots and the targets of
 * its links lead through. Belongs to its {@link Tree}; not thread-safe.
 */
final class Wiring {
    private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);
    /** A path that changes more often than this while it is followed is followed again at the next notification. */
    private static final int MAX_TRIES = 8;

    private final Notifier notifier;
    private final Notifier.Target target;
    private final Consumer<IOException> problems;
    private final Map<Path, Wire> wires = new HashMap<>();
    private final Map<Path, Trace> traces = new HashMap<>();

    Wiring(Notifier notifier, Notifier.Target target, Consumer<IOException> problems) {
        this.notifier = notifier;
        this.target = target;
        this.problems = problems;
    }

    @Nullable
    Wire at(Path real) {
        return wires.get(real);
    }

    /** Whether a directory's notifications have been those of what is at its place now since it was listed. */
    boolean isConnected(Directory directory) {
        Wire wire = directory.wire;
        return wire != null
                && wire.real.equals(directory.real)
                && wire.registration == directory.listedUnder
                && wire.registration.isValid()
                && Objects.equals(wire.key, directory.key);
    }

    /** Begins to notify of what happens in a directory; tells of a failure. */
    void connect(Directory directory) {
        try {
            Wire wire = wire(directory.real, directory.key);
            if (directory.wire != wire) {
                disconnect(directory);
                directory.wire = wire;
                wire.directories.add(directory);
            }
            directory.listedUnder = wire.registration;
        } catch (IOException e) {
            disconnect(directory);
            problems.accept(e);
        }
    }

    /** Ends that. */
    void disconnect(Directory directory) {
        Wire wire = directory.wire;
        if (wire != null) {
            directory.wire = null;
            wire.directories.remove(directory);
            release(wire);
        }
    }

    /**
     * Begins to notify of what changes where a path leads. When it returns, all directories on the way as it is now are
     * registered.
     */
    void trace(Path path, Directory parent, String name) {
        Trace trace = traces.computeIfAbsent(path, p -> new Trace(parent, name));
        for (int i = 0; i < MAX_TRIES; i++) {
            Set<Lookup> steps = Lookup.steps(parent.real, Names.path(name));
            if (steps.equals(trace.steps) && trace.wires.values().stream().allMatch(w -> w.registration.isValid())) {
                return;
            }
            follow(trace, steps);
        }
    }

    private void follow(Trace trace, Set<Lookup> steps) {
        // One wire may serve a step before and after, so none is given back until all are taken.
        Map<Lookup, Wire> before = new HashMap<>(trace.wires);
        before.forEach((step, wire) -> wire.remove(step.name(), trace));
        trace.wires.clear();
        trace.steps = steps;
        for (Lookup step : steps) {
            try {
                Wire wire = wire(step.directory(), step.key());
                wire.add(step.name(), trace);
                trace.wires.put(step, wire);
            } catch (LimitException e) {
                problems.accept(e);
            } catch (NoSuchFileException | NotDirectoryException e) {
                // Gone meanwhile: this is not the way any more, so it is followed again.
                trace.steps = Set.of();
            } catch (IOException e) {
                // A directory on the way may be passed through but not read: what changes in it goes unseen.
                LOG.debug("Not watching {} on the way to {}: {}", step.directory(), trace.name, e.toString());
            }
        }
        before.values().forEach(this::release);
    }

    /** Ends that. */
    void untrace(Path path) {
        Trace trace = traces.remove(path);
        if (trace != null) {
            follow(trace, Set.of());
        }
    }

    boolean isTraced(Path path, Trace trace) {
        return traces.get(path) == trace;
    }

    /** The wire of a real directory, registered anew if another directory has taken its place. */
    private Wire wire(Path real, @Nullable Object key) throws IOException {
        Wire wire = wires.get(real);
        if (wire == null) {
            wire = new Wire(real, key, notifier.register(real, target));
            wires.put(real, wire);
        } else if (!wire.registration.isValid() || !Objects.equals(wire.key, key)) {
            Notifier.Registration old = wire.registration;
            wire.registration = notifier.register(real, target);
            wire.key = key;
            old.close();
            // What the old one would still have told of is not lost on the others that depend on this wire.
            target.look(real, Set.of(), true, false);
        }
        return wire;
    }

    private void release(Wire wire) {
        if (wire.isUnused()) {
            wire.registration.close();
            wires.remove(wire.real, wire);
        }
    }

    /** Ends all notifications. */
    void close() {
        new ArrayList<>(wires.values()).forEach(wire -> wire.registration.close());
        wires.clear();
        traces.clear();
    }
}
