package io.millwright.controller.internal.process.tree;

import java.util.Optional;

/** Kills single processes by way of the JDK, with their identity checked. Static functions. */
public final class Kills {
    private Kills() {}

    /**
     * Signals a process if it is still the one meant. Never this JVM, never pid 1.
     *
     * @param table where start times come from
     * @param pid the process
     * @param start its start time
     * @param forcibly SIGKILL instead of SIGTERM
     * @return whether a signal was sent
     */
    public static boolean end(ProcessTable table, long pid, long start, boolean forcibly) {
        if (pid <= 1 || pid == ProcessHandle.current().pid() || start == ProcessTable.UNKNOWN) {
            return false;
        }
        // The handle first: it holds the start time it was made with and checks that itself before it signals, so what
        // is
        // compared here and what is signalled are the same process.
        Optional<ProcessHandle> handle = ProcessHandle.of(pid);
        if (handle.isEmpty() || table.startTime(pid) != start) {
            return false;
        }
        return forcibly ? handle.get().destroyForcibly() : handle.get().destroy();
    }
}
