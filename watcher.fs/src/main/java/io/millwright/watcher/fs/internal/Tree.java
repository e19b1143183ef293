package io.millwright.watcher.fs.internal;

import io.millwright.watcher.fs.internal.Wire.Trace;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot of what one watch sees: compares it with the filesystem where it is told to look and says what differs.
 * Links are followed; a file has the path by which the watch reaches it. Not thread-safe.
 */
final class Tree {
    static final int MAX_DIRECTORIES = 10_000;
    static final int MAX_FILES = 200_000;

    private final Filter filter;
    private final List<Path> roots;
    private final Burst burst;
    private final Problems problems;
    private final @Nullable Wiring wiring;
    /** Stands above the roots, whose names in it are their absolute paths. */
    private final Directory top;

    private int directories;
    private int files;

    /**
     * An empty snapshot.
     *
     * @param roots absolute directories
     * @param wiring to be notified by; {@code null} to look everywhere each time
     */
    Tree(List<Path> roots, Filter filter, Burst burst, Problems problems, @Nullable Wiring wiring) {
        this.filter = filter;
        this.roots = roots;
        this.burst = burst;
        this.problems = problems;
        this.wiring = wiring;
        Path root = Objects.requireNonNull(roots.get(0).getRoot());
        top = new Directory(null, "", root, root, false, root);
    }

    /** Looks at every root, without notifications at everything below too. */
    void lookEverywhere() {
        for (Path root : roots) {
            check(top, Names.of(root), false);
        }
    }

    /** Looks where notifications hint. */
    void look(Map<Path, Hints.Hint> hints) {
        hints.forEach((real, hint) -> {
            Wire wire = wiring == null ? null : wiring.at(real);
            if (wire == null) {
                return;
            }
            if (hint.whole) {
                lookAtWhole(wire, hint.lost);
            }
            for (String name : hint.names) {
                for (Directory directory : new ArrayList<>(wire.directories)) {
                    if (!directory.gone) {
                        check(directory, name, true);
                    }
                }
                for (Trace trace : wire.tracesOf(name)) {
                    check(trace, trace.endsAt(real, name));
                }
            }
        });
    }

    private void lookAtWhole(Wire wire, boolean lost) {
        for (Directory directory : new ArrayList<>(wire.directories)) {
            Directory parent = directory.parent;
            if (!directory.gone && parent != null) {
                long before = burst.count();
                directory.stale = true;
                check(parent, directory.name, lost);
                // Losing notifications of what does not count, say a worker's own files, must not restart it.
                if (lost && burst.count() != before) {
                    burst.lost(directory.path);
                }
            }
        }
        for (Trace trace : wire.allTraces()) {
            check(trace, lost);
        }
    }

    private void check(Trace trace, boolean doubt) {
        if (wiring != null
                && !trace.parent.gone
                && wiring.isTraced(trace.parent.path.resolve(Names.path(trace.name)), trace)) {
            check(trace.parent, trace.name, doubt);
        }
    }

    /**
     * Compares one entry with the filesystem.
     *
     * @param doubt whether it is said to have been written, so that an equal young print proves nothing
     */
    private void check(Directory parent, String name, boolean doubt) {
        Path path = parent.path.resolve(Names.path(name));
        boolean isRoot = parent == top;
        if (problems.isFatal() || !isRoot && isOut(parent, name, path)) {
            return;
        }
        if (isRoot) {
            // Before it is looked at, so that no change after that goes unseen.
            trace(parent, name, path);
        }
        BasicFileAttributes own = attributes(path, LinkOption.NOFOLLOW_LINKS);
        boolean link = own != null && own.isSymbolicLink();
        if (link && !isRoot) {
            trace(parent, name, path);
        } else if (!isRoot) {
            untrace(parent, name, path);
        }
        BasicFileAttributes target = link ? attributes(path) : own;
        Path real = real(parent, name, path, link || isRoot);
        if (target == null && link && !isRoot) {
            // A link that leads nowhere is still something that can come and go.
            target = own;
        }
        if (target == null || real == null || link && filter.ignores(real) || isRoot && !target.isDirectory()) {
            forget(parent, name);
        } else if (target.isDirectory()) {
            enter(parent, name, path, real, target, link, doubt);
        } else {
            compare(parent, name, path, target, doubt);
        }
    }

    private void trace(Directory parent, String name, Path path) {
        if (wiring != null) {
            parent.links.add(name);
            wiring.trace(path, parent, name);
        }
    }

    private void untrace(Directory parent, String name, Path path) {
        if (wiring != null && parent.links.remove(name)) {
            wiring.untrace(path);
        }
    }

    private boolean isOut(Directory parent, String name, Path path) {
        return filter.excludes(parent.root.relativize(path))
                || filter.ignores(path)
                || filter.ignores(parent.real.resolve(Names.path(name)));
    }

    private void enter(
            Directory parent,
            String name,
            Path path,
            Path real,
            BasicFileAttributes attributes,
            boolean link,
            boolean doubt) {
        if (parent.files.remove(name) != null) {
            files--;
            burst.gone(path);
        }
        Directory directory = parent.directories.get(name);
        if (directory == null) {
            if (link && isLoop(parent, real) || isFull(path)) {
                return;
            }
            Path root = parent == top ? path : parent.root;
            boolean included = parent.included || parent != top && filter.includes(root.relativize(path));
            directory = new Directory(parent, name, path, root, included, real);
            parent.directories.put(name, directory);
            directories++;
        }
        boolean moved = !directory.real.equals(real) || !Objects.equals(directory.key, attributes.fileKey());
        directory.real = real;
        directory.key = attributes.fileKey();
        if (wiring != null) {
            if (!moved && !directory.stale && wiring.isConnected(directory)) {
                return;
            }
            // Before it is listed, so that what is made meanwhile is either listed or notified.
            wiring.connect(directory);
        }
        directory.stale = false;
        list(directory, doubt);
    }

    private boolean isLoop(Directory parent, Path real) {
        for (Directory above = parent; above != null && above != top; above = above.parent) {
            if (above.real.equals(real)) {
                return true;
            }
        }
        return false;
    }

    private void list(Directory directory, boolean doubt) {
        Set<String> names = new HashSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory.path)) {
            for (Path entry : entries) {
                names.add(Names.of(entry.getFileName()));
            }
        } catch (IOException e) {
            problems.unreadable(directory.path, directory.parent == top, e);
            return;
        } catch (DirectoryIteratorException e) {
            problems.unreadable(directory.path, directory.parent == top, new IOException(e));
            return;
        }
        List<String> known = new ArrayList<>(directory.directories.keySet());
        known.addAll(directory.files.keySet());
        known.addAll(directory.links);
        for (String name : known) {
            if (!names.contains(name)) {
                untrace(directory, name, directory.path.resolve(Names.path(name)));
                forget(directory, name);
            }
        }
        for (String name : names) {
            check(directory, name, doubt);
        }
    }

    private void compare(Directory parent, String name, Path path, BasicFileAttributes attributes, boolean doubt) {
        Directory was = parent.directories.remove(name);
        if (was != null) {
            discard(was);
        }
        if (!parent.included && !filter.includes(parent.root.relativize(path))) {
            return;
        }
        Print before = parent.files.get(name);
        if (before == null && isFull(path)) {
            return;
        }
        long time = System.currentTimeMillis();
        Print now = new Print(attributes, time);
        parent.files.put(name, now);
        if (before == null) {
            files++;
        }
        if (before == null) {
            burst.made(path);
        } else if (!before.isSame(now) || doubt && before.isInDoubt(time)) {
            burst.written(path);
        }
    }

    private void forget(Directory parent, String name) {
        Path path = parent.path.resolve(Names.path(name));
        if (parent.files.remove(name) != null) {
            files--;
            burst.gone(path);
        }
        Directory directory = parent.directories.remove(name);
        if (directory != null) {
            discard(directory);
        }
    }

    private void discard(Directory directory) {
        directory.gone = true;
        directories--;
        for (String name : directory.files.keySet()) {
            files--;
            burst.gone(directory.path.resolve(Names.path(name)));
        }
        for (String name : List.copyOf(directory.links)) {
            untrace(directory, name, directory.path.resolve(Names.path(name)));
        }
        directory.directories.values().forEach(this::discard);
        if (wiring != null) {
            wiring.disconnect(directory);
        }
    }

    private boolean isFull(Path path) {
        if (directories < MAX_DIRECTORIES && files < MAX_FILES) {
            return false;
        }
        problems.limit(new LimitException(
                "cannot watch " + path + ": more than "
                        + (files < MAX_FILES ? MAX_DIRECTORIES + " directories" : MAX_FILES + " files")
                        + " below " + roots + "; exclude what need not be watched, or watch a directory further down",
                null));
        return true;
    }

    private static @Nullable Path real(Directory parent, String name, Path path, boolean follow) {
        if (!follow) {
            return parent.real.resolve(Names.path(name));
        }
        try {
            return path.toRealPath();
        } catch (IOException missing) {
            return Files.isSymbolicLink(path) ? parent.real.resolve(Names.path(name)) : null;
        }
    }

    private static @Nullable BasicFileAttributes attributes(Path path, LinkOption... options) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, options);
        } catch (IOException missing) {
            return null;
        }
    }
}
