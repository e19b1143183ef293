package io.millwright.controller.internal.process;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What holds a process and all that descends from it, whatever becomes of their session, environment and parents: a group of the
 * kernel's. Thread-safe.
 */
public interface Enclosure {
    /**
     * The words of a shell that put the shell's own process into it.
     *
     * @return a command, which fails if the system refuses
     */
    String enter();

    /**
     * Whether a process is in it; reads a file.
     *
     * @param pid the process
     * @return false also if that cannot be told
     */
    boolean holds(long pid);

    /**
     * Ends with SIGKILL everything that is in it, and takes it away. Does not block.
     *
     * @param timer runs what looks again and again; not ended by this object
     * @param main the pid of the main process
     * @param found told once of each process beside the main one that is in it
     * @return completed with how many were found when all are gone; exceptionally, naming them, when some outlive five seconds
     */
    CompletableFuture<Integer> end(ScheduledExecutorService timer, long main, Consumer<Leftover> found);

    /** Takes it away if nothing is in it, else leaves it. Blocks for a file. */
    void discard();

    /**
     * Gives it other limits than it has; what is not named any more has none. Blocks for files.
     *
     * @param limits lines to write, by the name of the kernel's file
     * @throws IOException if the system refuses one; the message says which
     */
    void limit(Map<String, List<String>> limits) throws IOException;

    /**
     * What the system says of its limits. Blocks for files.
     *
     * @return its path, as {@code path}, and the text of each limit's file by its name
     */
    Map<String, String> inForce();

    /**
     * What its limits did to its processes, as it was when it was ended.
     *
     * @return a clause, {@code null} if nothing happened
     */
    @Nullable
    String trouble();
}
