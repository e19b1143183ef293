package io.millwright.controller.internal.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a user may do with files, by their modes: to say beforehand which folder is closed to it. Access lists are not looked at; where
 * they decide, the kernel has the last word. Immutable.
 *
 * @param name for people
 * @param uid its number
 * @param gids the numbers of all its groups
 */
record Reach(String name, long uid, Set<Long> gids) {
    private static final int READ = 4;
    private static final int ENTER = 1;

    /** Why it cannot enter a directory, {@code null} if it can, or if that cannot be told. */
    @Nullable
    String toDirectory(Path directory) {
        Path real = real(directory);
        for (Path step = real; step != null; step = step.getParent()) {
            Path closed = closed(real, step, ENTER);
            if (closed != null) {
                return "user '" + name + "' may not enter '" + closed + "' (" + mode(closed) + ")";
            }
        }
        return null;
    }

    /** Why it cannot execute a file, {@code null} if it can, or if that cannot be told. */
    @Nullable
    String toProgram(Path file) {
        Path real = real(file);
        Path directory = real.getParent();
        String way = directory == null ? null : toDirectory(directory);
        if (way != null) {
            return way;
        }
        int needed = isScript(real) ? READ | ENTER : ENTER;
        return closed(real, real, needed) == null
                ? null
                : "user '" + name + "' may not " + (needed == ENTER ? "" : "read and ") + "execute '" + real + "' ("
                        + mode(real) + ")";
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    private static boolean isScript(Path file) {
        try (var in = Files.newInputStream(file)) {
            return in.read() == '#' && in.read() == '!';
        } catch (IOException e) {
            return false;
        }
    }

    /** The outermost part of a path down to a step that refuses; {@code null} if that step does not. */
    private @Nullable Path closed(Path whole, Path step, int needed) {
        try {
            int mode = number(step, "mode");
            int owner = number(step, "uid");
            long group = number(step, "gid");
            int bits = owner == uid ? mode >> 6 : gids.contains(group) ? mode >> 3 : mode;
            return uid == 0 || (bits & needed) == needed ? null : step;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return null;
        }
    }

    private static int number(Path path, String attribute) throws IOException {
        return Objects.requireNonNull((Integer) Files.getAttribute(path, "unix:" + attribute));
    }

    private static String mode(Path path) {
        try {
            return String.format("mode %04o, owner %s", number(path, "mode") & 07777, Files.getOwner(path));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return "its mode cannot be read";
        }
    }
}
