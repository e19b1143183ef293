package io.millwright.controller.internal.worker.ready;

import io.millwright.controller.internal.process.tree.SocketHolders;
import io.millwright.controller.internal.process.tree.Tag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sees whether a port of this machine is held by a worker's processes or by somebody else's, where {@code /proc} tells. A service of
 * another program that has the port already must not pass for the worker; what the node itself holds is a worker's.
 *
 * @param worker the worker's id
 * @param pid its main process, which leads its session
 */
record PortOwner(String worker, long pid) {
    private static final Path PROC = Path.of("/proc");
    private static final int SESSION = 3;

    /** Who else holds a port; {@code null} if the worker does, or if that cannot be told. */
    @Nullable
    String foreign(int port) {
        List<Long> holders = SocketHolders.ofPort(port);
        if (holders.isEmpty() || holders.contains(ProcessHandle.current().pid())) {
            return null;
        }
        for (long holder : holders) {
            if (isOwn(PROC.resolve(Long.toString(holder)))) {
                return null;
            }
        }
        return "port " + port + " is held by another process, pid " + holders.get(0) + " ("
                + SocketHolders.name(holders.get(0)) + ")";
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
}
