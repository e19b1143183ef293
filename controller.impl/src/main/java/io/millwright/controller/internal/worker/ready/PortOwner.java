package io.millwright.controller.internal.worker.ready;

import io.millwright.controller.internal.process.tree.Tag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sees whether a port of this machine is held by a worker's processes or by somebody else's, where {@code /proc} tells. A service of
 * another program that has the port already must not pass for the worker.
 *
 * @param worker the worker's id
 * @param pid its main process, which leads its session
 */
record PortOwner(String worker, long pid) {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTENS = "0A";
    private static final int SESSION = 3;
    private static final int STATE_FIELD = 3;
    private static final int INODE_FIELD = 9;

    /** Who else holds a port; {@code null} if the worker does, or if that cannot be told. */
    @Nullable
    String foreign(int port) {
        Set<String> sockets = new HashSet<>();
        addListening(PROC.resolve("net/tcp"), port, sockets);
        addListening(PROC.resolve("net/tcp6"), port, sockets);
        if (sockets.isEmpty()) {
            return null;
        }
        List<Long> others = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, sockets)) {
                    if (isOwn(process)) {
                        return null;
                    }
                    others.add(Long.valueOf(process.getFileName().toString()));
                }
            }
        } catch (IOException e) {
            return null;
        }
        return others.isEmpty() || others.contains(ProcessHandle.current().pid())
                ? null
                : "port " + port + " is held by another process, pid " + others.get(0) + " (" + name(others.get(0))
                        + ")";
    }

    private static void addListening(Path table, int port, Set<String> sockets) {
        String ending = String.format(":%04X", port);
        try {
            for (String line : Files.readAllLines(table, StandardCharsets.ISO_8859_1)) {
                String[] fields = line.strip().split("\\s+");
                if (fields.length > INODE_FIELD && fields[1].endsWith(ending) && fields[STATE_FIELD].equals(LISTENS)) {
                    sockets.add("socket:[" + fields[INODE_FIELD] + "]");
                }
            }
        } catch (IOException e) {
            // Another system: nothing can be told.
        }
    }

    private static boolean holds(Path process, Set<String> sockets) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (sockets.contains(target(file))) {
                    return true;
                }
            }
        } catch (IOException | RuntimeException e) {
            // It is gone, or another user's.
        }
        return false;
    }

    private static String target(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException e) {
            return "";
        }
    }

    /** By its session, or by the mark that all descendants of a worker inherit. */
    private boolean isOwn(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            if (fields[SESSION].equals(Long.toString(pid))) {
                return true;
            }
            String environment = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
            return ("\0" + environment).contains("\0" + Tag.WORKER + "=" + worker + "\0");
        } catch (IOException e) {
            return false;
        }
    }

    private static String name(long process) {
        try {
            return Files.readString(PROC.resolve(process + "/comm"), StandardCharsets.ISO_8859_1)
                    .strip();
        } catch (IOException e) {
            return "?";
        }
    }
}
