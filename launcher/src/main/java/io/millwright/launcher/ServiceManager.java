package io.millwright.launcher;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells systemd, or another manager that made the socket in {@code NOTIFY_SOCKET}, how the node is: ready, about to be
 * restarted in its own process (a reload, for the manager), or stopping. While the node starts, restarts or stops, and workers
 * need the time that they have, the manager's own time limits are extended; a node that hangs gets no extension. All is sent by
 * one thread, in the order in which it was told. Thread-safe; nothing but {@link #close} blocks.
 */
final class ServiceManager implements AutoCloseable {
    private enum Phase {
        STARTING,
        READY,
        RESTARTING,
        STOPPING
    }

    /** How often a limit is extended, and by how much: enough for a node that is slow to answer. */
    private static final long PULSE_SECONDS = 3;

    private static final long EXTENSION_SECONDS = 15;

    private final @Nullable NotifySocket socket;
    private final @Nullable ScheduledExecutorService thread;
    private volatile @Nullable ControllerLine controller;
    /** The thread's own. */
    private Phase phase = Phase.STARTING;

    /** @param path of the socket; null or empty if nobody wants to know */
    ServiceManager(@Nullable String path) {
        if (path == null || path.isEmpty()) {
            socket = null;
            thread = null;
            return;
        }
        socket = new NotifySocket(path);
        thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread made = new Thread(work, "millwright-notify");
            made.setDaemon(true);
            return made;
        });
        var pulse = thread.scheduleWithFixedDelay(this::extend, 1, PULSE_SECONDS, TimeUnit.SECONDS);
        assert !pulse.isCancelled();
    }

    /** Another life of the node begins, with a controller to be asked. */
    void begins(ControllerLine line) {
        controller = line;
    }

    /** The node is ready. */
    void ready(long pid) {
        tell(() -> {
            if (phase != Phase.STOPPING) {
                phase = Phase.READY;
                send("READY=1", "MAINPID=" + pid, "STATUS=ready");
            }
        });
    }

    /** The node goes down, to come back in this process or not, as its controller says. */
    void goesDown() {
        tell(() -> {
            ControllerLine line = controller;
            if (line != null && line.isRestarting()) {
                restarting();
            } else {
                nowStopping();
            }
        });
    }

    /** The node stops and does not come back. */
    void stops() {
        tell(this::nowStopping);
    }

    private void restarting() {
        if (phase == Phase.READY) {
            phase = Phase.RESTARTING;
            // The clock of System.nanoTime() is the monotonic one; systemd compares it with when it asked for a reload.
            send("RELOADING=1", "MONOTONIC_USEC=" + System.nanoTime() / 1000, "STATUS=restarting");
            extend();
        }
    }

    private void nowStopping() {
        if (phase != Phase.STOPPING) {
            phase = Phase.STOPPING;
            send("STOPPING=1", "STATUS=stopping");
            extend();
        }
    }

    private void extend() {
        ControllerLine line = controller;
        if (phase == Phase.READY || line == null) {
            return;
        }
        int waiting = line.waiting();
        if (waiting > 0) {
            send(
                    "EXTEND_TIMEOUT_USEC=" + TimeUnit.SECONDS.toMicros(EXTENSION_SECONDS),
                    "STATUS="
                            + (phase == Phase.STARTING
                                    ? "starting"
                                    : phase == Phase.STOPPING ? "stopping" : "restarting")
                            + ", waiting for " + waiting + " worker(s)");
        }
    }

    private void tell(Runnable task) {
        ScheduledExecutorService executor = thread;
        if (executor == null) {
            return;
        }
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            // Closed: all was said.
        }
    }

    private void send(String... assignments) {
        NotifySocket to = socket;
        if (to == null) {
            return;
        }
        try {
            to.send(new ArrayList<>(List.of(assignments)));
        } catch (IOException e) {
            Console.error("the service manager was not told '" + assignments[0] + "': " + Reason.of(e));
        }
    }

    /** Says that the node stops, if that was not said; returns when all is sent, at the latest after some seconds. */
    @Override
    public void close() throws InterruptedException {
        ScheduledExecutorService executor = thread;
        if (executor == null) {
            return;
        }
        controller = null;
        stops();
        executor.shutdown();
        if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
            Console.error("the service manager does not take the last message");
        }
    }
}
