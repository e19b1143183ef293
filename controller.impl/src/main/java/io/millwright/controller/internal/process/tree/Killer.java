package io.millwright.controller.internal.process.tree;

/** Sends SIGKILL for {@link TreeWatch}; a backend implements it. Must not block. */
public interface Killer {
    /**
     * Kills every member of a group.
     *
     * @param group the group's id, never this JVM's own
     */
    void killGroup(long group);

    /**
     * Kills one process, if it is still the one meant.
     *
     * @param pid the process
     * @param start its start time
     * @return false if the system refused: it is there and may not be signalled
     */
    boolean kill(long pid, long start);
}
