package io.millwright.controller.internal.process;

import java.io.IOException;

/** A socket that listens, and that programs are handed; connections wait in it while no program is there. Thread-safe. */
public interface HeldSocket extends AutoCloseable {
    /**
     * Watches for a connection that no program has taken. There is one watch at a time.
     *
     * @param then runs once, in a thread of the backend, which it must not block; at once if a connection waits already. Never after
     *     {@link #ignore} has returned, but for one that is on its way
     */
    void onConnection(Runnable then);

    /** Whether a connection waits that no program has taken. */
    boolean hasConnection();

    /** Has calls on it block again, for every program that has it. */
    void makeBlocking();

    /**
     * Gives it another backlog and, if it is a Unix socket, other permissions. Not while {@link #close} is called. May
     * block.
     *
     * @param backlog how many connections wait until a program takes them
     * @param mode the permissions of the file of a Unix socket
     * @throws IOException if that cannot be
     */
    void adjust(int backlog, int mode) throws IOException;

    /** Watches no more. */
    void ignore();

    /** Closes it, and removes the file of a Unix socket if that is still its own. Programs that have it keep it. May block. */
    @Override
    void close();
}
