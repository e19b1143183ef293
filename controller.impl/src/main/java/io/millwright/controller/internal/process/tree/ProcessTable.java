package io.millwright.controller.internal.process.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The system's table of processes. Thread-safe; every method blocks for the time the system takes to answer. */
public interface ProcessTable {
    /** What a start time is when the process is not there. */
    long UNKNOWN = 0;

    /**
     * All processes; the kernel's own threads may be missing.
     *
     * @return a list of its own
     * @throws IOException if the table cannot be read completely: a process missing in it must mean that it is gone
     */
    List<ProcessEntry> list() throws IOException;

    /**
     * All processes but some.
     *
     * @param except pids that need not be in the list
     * @return a list of its own
     * @throws IOException as {@link #list()}
     */
    default List<ProcessEntry> list(Set<Long> except) throws IOException {
        return list();
    }

    /**
     * The processes that descend from one at this moment, zombies left out, without a look at all others.
     *
     * @param pid the process
     * @param start its start time
     * @return empty if there are none, if it is gone or if its pid is another's by now; {@code null} if only the whole table tells,
     *     because the system shows no children or they change too fast
     * @throws IOException if it cannot be read: there may be some
     */
    default @Nullable List<ProcessEntry> descendants(long pid, long start) throws IOException {
        return null;
    }

    /**
     * What people call a process.
     *
     * @param pid the process
     * @return the name of its program, {@code ?} if the system does not tell
     */
    default String program(long pid) {
        return "?";
    }

    /**
     * Whose a process is.
     *
     * @param pid the process
     * @return the name of its user, {@code ?} if the system does not tell
     */
    default String user(long pid) {
        return "?";
    }

    /**
     * One process.
     *
     * @param pid the process
     * @return its entry, {@code null} if there is no such process
     * @throws IOException if the table cannot be read: it may be there
     */
    @Nullable
    ProcessEntry find(long pid) throws IOException;

    /**
     * When a process started. Together with the pid it is the identity of a process until the next boot.
     *
     * @param pid the process
     * @return a number to compare, nothing more; {@link #UNKNOWN} if there is no such process
     */
    long startTime(long pid);

    /**
     * Which launch of which node a process descends from, by the environment it was born with.
     *
     * @param pid the process
     * @return the tag; {@link Tag#NONE} if it has none, is not ours to read or is gone
     */
    Tag tag(long pid);

    /**
     * Of which worker of some node a process descends, by the environment it was born with.
     *
     * @param pid the process
     * @return the worker's id; empty if there is no such mark, or the process is gone
     */
    default String worker(long pid) {
        return "";
    }

    /**
     * The soft limit of file locks, in which a {@link LimitMark} may be.
     *
     * @param pid the process
     * @return the limit; 0 if there is none, the system does not tell or the process is gone
     */
    default long lockLimit(long pid) {
        return 0;
    }

    /**
     * The group this JVM is in, which nobody must ever signal.
     *
     * @return the group's id
     * @throws IOException if the system does not tell
     */
    default long ownGroup() throws IOException {
        long own = ProcessHandle.current().pid();
        ProcessEntry entry = find(own);
        if (entry == null) {
            throw new IOException("the system's table of processes does not show this process (pid " + own + ")");
        }
        return entry.group();
    }

    /**
     * The table of the system this JVM runs on.
     *
     * @return the one in {@code /proc} where there is one, else that of {@code ps}
     */
    static ProcessTable ofThisSystem() {
        return Files.isReadable(Path.of("/proc/self/stat")) ? new ProcTable() : new PsTable();
    }
}
