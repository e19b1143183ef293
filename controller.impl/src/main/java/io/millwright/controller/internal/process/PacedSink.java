package io.millwright.controller.internal.process;

/**
 * A sink whose reader may be slow for ever: while it is full nothing is read for it, so that the pipe fills and its writer waits. It
 * takes what it is given all the same. Thread-safe.
 */
public interface PacedSink extends OutputSink {
    /**
     * Whether nothing more is to be read for it now.
     *
     * @param again run once when there is room again, by any thread and quickly; never if the answer is false
     * @return whether it is full
     */
    boolean isFull(Runnable again);
}
