package io.millwright.controller.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Gets what a command says that runs beside a worker. Called by one thread at a time, never with a lock held. */
@ConsumerType
public interface CommandListener {
    /**
     * The command was taken; it may not run yet. The first that is told, by the thread that asks for the command.
     *
     * @param command to write to it and to end it
     */
    default void onBegin(RunningCommand command) {}

    /**
     * Some output, as the command wrote it. May block: the command waits then as soon as some hundred KiB are not taken, as one
     * does whose pipe is full, and nothing else does.
     *
     * @param stream where it was written, standard output or standard error; the order between the two is only about that of writing
     * @param data at least one byte, the listener's from now on
     */
    void onOutput(LogEntry.Stream stream, byte[] data);
}
