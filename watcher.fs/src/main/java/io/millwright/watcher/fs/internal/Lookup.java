package io.millwright.watcher.fs.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One step of finding a file: a directory, free of links, and the name looked up in it. When one of the steps to a file
 * changes, the path may lead elsewhere. Immutable.
 *
 * @param directory where
 * @param name what
 * @param key which directory it is (device and inode), {@code null} where the platform has none
 */
record Lookup(Path directory, String name, @Nullable Object key) {
    /** What Linux follows before it gives up. */
    private static final int MAX_LINKS = 40;

    /**
     * All steps of finding a file, the names of links and what they lead through included; they end early where something
     * is missing. Blocks.
     *
     * @param from an absolute directory, free of links
     * @param path relative to it, or absolute
     * @return in order
     */
    static Set<Lookup> steps(Path from, Path path) {
        Set<Lookup> steps = new LinkedHashSet<>();
        Deque<Path> rest = new ArrayDeque<>();
        Path at = push(from, path, rest);
        int links = 0;
        for (Path name = rest.poll(); name != null; name = rest.poll()) {
            String text = name.toString();
            if (text.isEmpty() || text.equals(".")) {
                continue;
            }
            if (text.equals("..")) {
                Path parent = at.getParent();
                at = parent == null ? at : parent;
                continue;
            }
            Path next = at.resolve(name);
            try {
                steps.add(new Lookup(at, Names.of(name), attributes(at).fileKey()));
                if (!attributes(next).isSymbolicLink()) {
                    at = next;
                } else if (++links > MAX_LINKS) {
                    break;
                } else {
                    at = push(at, Files.readSymbolicLink(next), rest);
                }
            } catch (IOException missing) {
                break;
            }
        }
        return steps;
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** Puts a path's names before the rest and says where they begin. */
    private static Path push(Path from, Path path, Deque<Path> rest) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            rest.push(path.getName(i));
        }
        Path root = path.getRoot();
        return root == null ? from : root;
    }
}
