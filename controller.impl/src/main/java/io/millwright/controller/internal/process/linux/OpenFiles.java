package io.millwright.controller.internal.process.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

/**
 * The limit of open files, of which the JVM takes all it may have and every process of the node inherits what the node has. Workers
 * get the soft limit that the node was given: the node goes back to it, and takes more only when it holds so many files itself
 * that it needs them. From then on each new process is set back by its pid. Thread-safe.
 */
final class OpenFiles {
    /** The system property with the soft limit that {@code bin/millwright} was given. */
    static final String PROPERTY = "millwright.nofile";

    /** Files that the node opens beside those of its workers, at most. */
    private static final long RESERVE = 256;

    private final long memory;
    private final long given;
    private final long own;
    private final long hard;
    private volatile boolean raised;

    /** Sets the limit of this process to what it was given, if that is known and less than what it has. */
    OpenFiles() {
        this(Long.getLong(PROPERTY, 0));
    }

    OpenFiles(long told) {
        memory = Native.malloc(2L * Long.BYTES);
        LibC.prlimit(0, LibC.RLIMIT_NOFILE, 0, memory);
        own = new Pointer(memory).getLong(0);
        hard = new Pointer(memory).getLong(Long.BYTES);
        given = told > 0 && told < own ? told : 0;
        raised = given != 0 && !set(given);
    }

    /** Takes all there is, if a file with that number shows that the given limit is near. */
    void opened(int fd) {
        if (given != 0 && !raised && fd >= given - Math.min(RESERVE, given / 2)) {
            raised = set(own);
        }
    }

    /** The address of the limit that a new process is to be set to, 0 if it inherits the right one. */
    long limit() {
        return raised ? memory : 0;
    }

    private boolean set(long soft) {
        Pointer limit = new Pointer(memory);
        limit.setLong(0, soft);
        limit.setLong(Long.BYTES, hard);
        boolean done = LibC.prlimit(0, LibC.RLIMIT_NOFILE, memory, 0) == 0;
        limit.setLong(0, given);
        return done;
    }

    /** Takes all there is again: the backend is closed, and this process may go on without it. */
    void close() {
        if (given != 0 && !raised) {
            raised = set(own);
        }
        Native.free(memory);
    }
}
