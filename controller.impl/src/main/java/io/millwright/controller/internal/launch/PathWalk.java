package io.millwright.controller.internal.launch;

import io.millwright.controller.internal.process.SystemPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;

/**
 * Follows a path name by name, as the system does, to see where it ends. The system's own answer is a text in the language of its
 * locale. For one thread.
 */
final class PathWalk {
    /** As many symbolic links as Linux follows. */
    private static final int MOST_LINKS = 40;

    private final ArrayDeque<Path> names = new ArrayDeque<>();
    private Path at;
    private int links;

    private PathWalk(Path file) {
        at = file.getRoot();
        follow(file);
    }

    /** Why a file cannot be reached; a sentence without its subject. Blocks for the disk. */
    static String trouble(Path file) {
        return new PathWalk(file.toAbsolutePath()).go();
    }

    /** Puts the names of a path before those that are left. */
    private void follow(Path path) {
        if (path.isAbsolute()) {
            at = path.getRoot();
        }
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            names.addFirst(path.getName(i));
        }
    }

    private String go() {
        while (!names.isEmpty()) {
            Path name = names.removeFirst();
            // Links before it have been followed, so that the directory above is the one of the path's text.
            Path next = at.resolve(name).normalize();
            try {
                BasicFileAttributes attributes =
                        Files.readAttributes(next, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (attributes.isSymbolicLink()) {
                    if (++links > MOST_LINKS) {
                        return "cannot be reached: symbolic links lead in a circle";
                    }
                    follow(Files.readSymbolicLink(next));
                    continue;
                }
                if (!attributes.isDirectory() && !names.isEmpty()) {
                    return "cannot be there: '" + SystemPath.text(next) + "', a part of its path, is a file";
                }
            } catch (NoSuchFileException e) {
                return "cannot be there: '" + SystemPath.text(next) + "' does not exist";
            } catch (IOException e) {
                return "cannot be reached by the node's user; check the modes of '" + SystemPath.text(at)
                        + "' and of the directories above it";
            }
            at = next;
        }
        return "cannot be reached by the node's user; check the modes of the directories above it";
    }
}
