package io.millwright.controller.internal.process;

import io.millwright.controller.api.BackendKind;
import io.millwright.controller.api.WorkerId;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes processes and tells of their output and end: the one seam between the controller and the operating system. Every
 * process is the leader of a session and process group of its own, begins with default signal dispositions and an empty
 * signal mask, and has exactly the descriptors 0, 1 and 2, and after these the sockets of its launch.
 *
 * <p>Thread-safe. {@link #spawn} blocks for the time a fork and exec take and is called by the controller's spawn threads; no
 * other method, here or in {@link WorkerProcess}, blocks. Callbacks come from the backend's own threads.
 */
public interface ProcessBackend extends AutoCloseable {
    /**
     * What it is and, where another was tried first, why that one is not in use.
     *
     * @return for example {@code portable (env + setsid)}
     */
    String description();

    /** Which backend it is. */
    default BackendKind kind() {
        return BackendKind.NONE;
    }

    /**
     * What it cannot promise of the descendants of its processes.
     *
     * @return a sentence, {@code null} if none can get lost
     */
    default @Nullable String reservation() {
        return null;
    }

    /**
     * Processes that may be descendants of a worker, or of others.
     *
     * @param worker the worker
     * @return a sentence each, which names the process and says when it is ended; cheap
     */
    default List<String> strays(WorkerId worker) {
        return List.of();
    }

    /**
     * Starts a process. Orphan protection covers it from its first instruction on.
     *
     * @param launch what to start; its program was found and is executable
     * @param listener told of its end, never before this method has returned normally
     * @return the process
     * @throws IOException if it could not be started; the message says what failed. Nothing is left behind and the listener
     *     is not called
     */
    WorkerProcess spawn(Launch launch, ProcessListener listener) throws IOException;

    /**
     * Hears what programs say of themselves by the protocol of sd_notify, until the backend is closed.
     *
     * @param listener told of each message
     * @return where it is heard; {@code null} if this backend cannot see which process says something
     * @throws IOException if there can be no socket
     */
    default @Nullable Notifications notifications(Notifications.Listener listener) throws IOException {
        return null;
    }

    /**
     * Why it cannot hear what programs say of themselves.
     *
     * @return a sentence without a subject; {@code null} if it can
     */
    default @Nullable String cannotHear() {
        return "needs the Linux backend, which sees which process says something; this node has " + description();
    }

    /**
     * Why it cannot hold sockets and hand them to programs.
     *
     * @return a sentence without a subject; {@code null} if it can
     */
    default @Nullable String cannotListen() {
        return "need the Linux backend, which hands descriptors to programs; this node has " + description();
    }

    /**
     * Makes a socket that listens, and that no process has but those it is handed to. Blocks: a Unix socket is a file.
     *
     * @param address an Internet address that is resolved, or the absolute path of a Unix socket; a file that a dead program has left
     *     there is replaced
     * @param backlog how many connections wait until a program takes them
     * @param mode the permissions of the file of a Unix socket
     * @return the socket, to be closed by the caller
     * @throws IOException if there can be none; why, for people
     */
    default HeldSocket listen(SocketAddress address, int backlog, int mode) throws IOException {
        throw new IOException("sockets " + cannotListen());
    }

    /**
     * Gives memory of this process that native code has freed back to the system. It takes less than a millisecond; for a node
     * at rest, as memory that is wanted again has to be found again. Does nothing where the system cannot do that.
     */
    default void releaseMemory() {}

    /** Ends what it holds (threads, the watchdog), after the processes have ended. May block for up to two seconds. */
    @Override
    void close();
}
