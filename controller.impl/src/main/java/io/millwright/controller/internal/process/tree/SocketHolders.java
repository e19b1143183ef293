package io.millwright.controller.internal.process.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which processes hold a socket that listens, as far as {@code /proc} tells; reads much of it, and blocks. */
public final class SocketHolders {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTENS = "0A";
    private static final int LOCAL_FIELD = 1;
    private static final int STATE_FIELD = 3;
    private static final int INODE_FIELD = 9;
    private static final int UNIX_INODE_FIELD = 6;
    private static final int UNIX_PATH_FIELD = 7;

    private SocketHolders() {}

    /**
     * The processes that listen on a port.
     *
     * @param port of any address of this machine
     * @return their pids; empty if nobody does, or if that cannot be told
     */
    public static List<Long> ofPort(int port) {
        Set<String> sockets = new HashSet<>();
        String ending = String.format(":%04X", port);
        for (String table : List.of("net/tcp", "net/tcp6")) {
            for (String[] fields : fields(table)) {
                if (fields.length > INODE_FIELD
                        && fields[LOCAL_FIELD].endsWith(ending)
                        && fields[STATE_FIELD].equals(LISTENS)) {
                    sockets.add(target(fields[INODE_FIELD]));
                }
            }
        }
        return holders(sockets);
    }

    /**
     * The processes that have a Unix socket.
     *
     * @param path its path as they bound it
     * @return their pids; empty if nobody does, or if that cannot be told
     */
    public static List<Long> ofPath(Path path) {
        Set<String> sockets = new HashSet<>();
        for (String[] fields : fields("net/unix")) {
            if (fields.length > UNIX_PATH_FIELD && fields[UNIX_PATH_FIELD].equals(path.toString())) {
                sockets.add(target(fields[UNIX_INODE_FIELD]));
            }
        }
        return holders(sockets);
    }

    private static List<String[]> fields(String table) {
        try {
            return Files.readAllLines(PROC.resolve(table), StandardCharsets.ISO_8859_1).stream()
                    .map(line -> line.strip().split("\\s+"))
                    .toList();
        } catch (IOException e) {
            // Another system: nothing can be told.
            return List.of();
        }
    }

    private static String target(String inode) {
        return "socket:[" + inode + "]";
    }

    private static List<Long> holders(Set<String> sockets) {
        List<Long> pids = new ArrayList<>();
        if (sockets.isEmpty()) {
            return pids;
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, sockets)) {
                    pids.add(Long.valueOf(process.getFileName().toString()));
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        return pids;
    }

    private static boolean holds(Path process, Set<String> sockets) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (sockets.contains(link(file))) {
                    return true;
                }
            }
        } catch (IOException | RuntimeException e) {
            // It is gone, or another user's.
        }
        return false;
    }

    private static String link(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * The name of a process.
     *
     * @param pid its pid
     * @return the name, {@code ?} if it cannot be told
     */
    public static String name(long pid) {
        try {
            return Files.readString(PROC.resolve(pid + "/comm"), StandardCharsets.ISO_8859_1)
                    .strip();
        } catch (IOException e) {
            return "?";
        }
    }
}
