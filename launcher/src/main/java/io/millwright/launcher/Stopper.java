package io.millwright.launcher;

import org.jspecify.annotations.Nullable;

/**
 * Stops whatever framework runs when someone asks, and never lets a long stop look like a hang: every ten seconds it says what
 * is being waited for. Nothing is killed here: how long workers may take is the controller's to decide. Thread-safe.
 */
final class Stopper {
    private static final long REPORT_MILLIS = 10_000;

    private @Nullable NodeFramework framework;
    private boolean stopping;
    private boolean signalled;
    private @Nullable Thread reporter;

    /** From now on requests go to this framework. */
    synchronized void attach(NodeFramework current) {
        framework = current;
        stopping = false;
        if (signalled) {
            stop();
        }
    }

    /** The framework is gone. */
    synchronized void detach() {
        framework = null;
        Thread thread = reporter;
        reporter = null;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** Whether a signal asked for the end, so that nothing starts again. */
    synchronized boolean isSignalled() {
        return signalled;
    }

    /** A signal came: the first stops the node, each later one is answered with what the node is waiting for. */
    void onSignal(String name) {
        NodeFramework current;
        boolean again;
        synchronized (this) {
            again = signalled;
            signalled = true;
            current = framework;
            if (!again) {
                stop();
            }
        }
        if (!again) {
            Console.error("SIG" + name + ": stopping the node");
        } else if (current != null) {
            Console.error("SIG" + name + ": already stopping; waiting for " + current.activity());
        }
    }

    /** Does something that must not come after the end was asked for; whoever asks meanwhile waits. */
    synchronized void unlessStopping(Runnable task) {
        if (!stopping) {
            task.run();
        }
    }

    /** Stops the current framework; returns at once. */
    synchronized void stop() {
        NodeFramework current = framework;
        if (current == null || stopping) {
            return;
        }
        stopping = true;
        Thread thread = new Thread(() -> stopAndReport(current), "millwright-stop");
        thread.setDaemon(true);
        reporter = thread;
        thread.start();
    }

    private static void stopAndReport(NodeFramework current) {
        current.stop();
        long start = System.nanoTime();
        try {
            while (true) {
                Thread.sleep(REPORT_MILLIS);
                long seconds = (System.nanoTime() - start) / 1_000_000_000L;
                Console.error("still stopping after " + seconds + " s; waiting for " + current.activity());
            }
        } catch (InterruptedException e) {
            // The framework has stopped.
        }
    }
}
