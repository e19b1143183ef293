package io.millwright.controller.internal.process;

/** A socket that listens, and that programs are handed; connections wait in it while no program is there. Thread-safe. */
public interface HeldSocket extends AutoCloseable {
    /**
     * Watches for a connection that no program has taken. There is one watch at a time.
     *
     * @param then runs once, in a thread of the backend, which it must not block; at once if a connection waits already. Never after
     *     {@link #ignore} has returned, but for one that is on its way
     */
    void onConnection(Runnable then);

    /** Watches no more. */
    void ignore();

    /** Closes it, and removes the file of a Unix socket if that is still its own. Programs that have it keep it. May block. */
    @Override
    void close();
}
