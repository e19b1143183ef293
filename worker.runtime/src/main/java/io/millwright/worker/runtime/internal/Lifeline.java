package io.millwright.worker.runtime.internal;

import java.io.IOException;
import java.io.InputStream;

/** Waits for the end of standard input, which is the end of the node: then the worker ends itself. */
final class Lifeline {
    /** How long hooks of the JVM's end may take when there is no node any more. */
    private static final long GRACE_MILLIS = 500;

    static final int EXIT_CODE = 1;

    private Lifeline() {}

    /** Begins to wait, in a thread of its own that keeps no JVM alive. */
    static void watch(InputStream in) {
        Thread thread = new Thread(() -> untilItsEnd(in), "worker-lifeline");
        thread.setDaemon(true);
        thread.start();
    }

    private static void untilItsEnd(InputStream in) {
        byte[] nothing = new byte[64];
        try {
            while (in.read(nothing) >= 0) {
                // The node writes nothing more that a worker of this version knows.
            }
        } catch (IOException e) {
            // Nobody can write to it any more, which is the same.
        }
        Thread exit = new Thread(() -> System.exit(EXIT_CODE), "worker-exit");
        exit.start();
        try {
            exit.join(GRACE_MILLIS);
        } catch (InterruptedException e) {
            // It ends in any case.
        }
        Runtime.getRuntime().halt(EXIT_CODE);
    }
}
