package io.millwright.launcher;

import org.jspecify.annotations.Nullable;

/**
 * Stops whatever framework runs when someone asks, and never lets a long stop look like a hang: every ten seconds it says what
 * is being waited for. How long workers may take is the controller's to decide, until it is told to kill them. Thread-safe.
 */
final class Stopper {
    private static final long REPORT_MILLIS = 10_000;

    private @Nullable NodeFramework framework;
    private @Nullable ControllerLine controller;
    private boolean stopping;
    private boolean signalled;
    private @Nullable Thread reporter;

    /** From now on requests go to this framework. */
    synchronized void attach(NodeFramework current, @Nullable ControllerLine line) {
        framework = current;
        controller = line;
        stopping = false;
        if (signalled) {
            stop();
        }
    }

    /** The framework is gone. */
    synchronized void detach() {
        framework = null;
        controller = null;
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

    /**
     * A signal came: the first stops the node, a second INT or TERM ends at once the workers that it waits for. Each later one is
     * answered with what the node is waiting for.
     *
     * @param onFirst runs before the stop that the first signal brings; must not block
     */
    void onSignal(String name, Runnable onFirst) {
        NodeFramework current;
        ControllerLine line;
        boolean again;
        synchronized (this) {
            again = signalled;
            signalled = true;
            current = framework;
            line = controller;
        }
        if (line != null) {
            line.signalled(name);
        }
        if (!again) {
            onFirst.run();
            stop();
        }
        if (!again) {
            Console.error("SIG" + name + ": stopping the node");
        } else if (current != null) {
            // HUP is the terminal's and may come after INT; nobody has asked for haste then.
            boolean killed = !name.equals("HUP") && line != null && line.kill();
            Console.error("SIG" + name + ": already stopping; " + (killed ? "workers that are left are killed; " : "")
                    + "waiting for " + current.activity());
        }
    }

    /** Does something that must not come after the end was asked for; a thread that asks meanwhile waits. */
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
        try {
            thread.start();
        } catch (OutOfMemoryError none) {
            // A framework needs threads to stop. What workers there are the watchdog ends.
            Console.error("there is no thread to stop the node with (ulimit -u), so it ends at once");
            Runtime.getRuntime().halt(ExitCodes.FAILED);
        }
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
