package io.millwright.controller.internal.process;

import io.millwright.controller.api.Signal;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One process with its group. Thread-safe; nothing blocks. Stages complete on backend threads. */
public interface WorkerProcess {
    /**
     * The main process.
     *
     * @return its pid, also the id of its process group and session
     */
    long pid();

    /**
     * Sends a signal to every member of the process group.
     *
     * @param signal the signal
     * @return completed with whether there was anybody to signal; exceptionally if the system refused
     */
    CompletionStage<Boolean> signalGroup(Signal signal);

    /**
     * Sends a signal to the main process alone.
     *
     * @param signal the signal
     * @return completed with whether it was there; exceptionally if the system refused
     */
    CompletionStage<Boolean> signalMain(Signal signal);

    /**
     * Completes when the main process has ended and its group has no other member; zombies do not count. What has left
     * the group is not waited for.
     *
     * @return never completes exceptionally
     */
    CompletionStage<Void> groupGone();

    /**
     * Ends with SIGKILL everything that is left: the main process, its group, and descendants that fled to sessions of
     * their own. Cheap if nothing is left.
     *
     * @return completed with how many processes beside the main one had to be killed, when all are gone; completed
     *     exceptionally (with a message that names them) when some are still alive five seconds later
     */
    CompletionStage<Integer> endTree();

    /**
     * What {@link #endTree} had to end beside the main process.
     *
     * @return all of them once its stage is complete
     */
    default List<Leftover> leftBehind() {
        return List.of();
    }

    /**
     * What holds all of its processes.
     *
     * @return {@code null} if nothing does: then they are looked for
     */
    default @Nullable Enclosure enclosure() {
        return null;
    }

    /**
     * Writes to standard input, after what was written before.
     *
     * @param data must not be changed until the stage completes
     * @return completed when all is in the pipe; exceptionally if the input is closed
     */
    CompletionStage<Void> write(byte[] data);

    /** Ends standard input after what was written before. */
    void closeInput();

    /**
     * Stops reading output that does not end although the tree is gone, when what was written is read; {@link
     * ProcessListener#drained} follows.
     */
    void abandonOutput();
}
