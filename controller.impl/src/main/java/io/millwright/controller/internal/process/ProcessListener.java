package io.millwright.controller.internal.process;

/** Told of a process; called by the backend's threads, must not block. */
public interface ProcessListener {
    /**
     * The main process ended. Called once. Its group may still have members and its output may not be drained.
     *
     * @param exit how
     */
    void exited(ProcessExit exit);

    /** All piped output is at its end and was given to the sinks. Called once, before or after {@link #exited}. */
    void drained();
}
