package io.millwright.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.AllServiceListener;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;

/**
 * Waits for the condition the controller registers when the node is ready, and tells the world: {@code run/ready} for
 * scripts, the service manager, and the terminal. Its work is done in a thread of its own, since the controller's must not wait.
 */
final class ReadyWatch implements AllServiceListener, AutoCloseable {
    private static final String CONDITION =
            "(&(objectClass=org.osgi.service.condition.Condition)" + "(osgi.condition.id=io.millwright.node.ready))";

    private final NodeDirectory directory;
    private final ServiceManager manager;
    private final int generation;
    // The executor's own.
    private boolean workersStarted;
    private boolean restStarted;
    private boolean ready;
    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> new Thread(work, "millwright-ready"));

    /** @param generation counts the frameworks of this process, so that a restart shows in {@code run/ready} */
    ReadyWatch(NodeDirectory directory, ServiceManager manager, int generation) {
        this.directory = directory;
        this.manager = manager;
        this.generation = generation;
        // A node whose readiness nobody can tell must not begin; later there may be no thread to be had.
        executor.prestartCoreThread();
    }

    void open(BundleContext context) {
        try {
            context.addServiceListener(this, CONDITION);
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void serviceChanged(ServiceEvent event) {
        if (event.getType() == ServiceEvent.REGISTERED) {
            submit(() -> {
                workersStarted = true;
                ready();
            });
        } else if (event.getType() == ServiceEvent.UNREGISTERING) {
            submit(this::stopping);
        }
    }

    /** The bundles are started that workers do not wait for, and commands do. */
    void restStarted() {
        submit(() -> {
            restStarted = true;
            ready();
        });
    }

    private void submit(Runnable work) {
        try {
            executor.execute(work);
        } catch (RejectedExecutionException e) {
            // The framework is gone already; close() has done what was left to do.
        }
    }

    private void ready() {
        if (!workersStarted || !restStarted || ready) {
            return;
        }
        ready = true;
        long pid = ProcessHandle.current().pid();
        Path file = directory.run().resolve("ready");
        try {
            write(file, pid + " " + generation + "\n");
        } catch (IOException e) {
            Console.error("cannot write " + file + ", the node is ready all the same: " + Reason.of(e));
        }
        Console.info("node " + directory.path() + " is ready (pid " + pid + ")");
        manager.ready(pid);
    }

    private static void write(Path file, String text) throws IOException {
        Path next = file.resolveSibling("ready.new");
        try {
            Files.writeString(next, text);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // What is in the way of the one need not be in the way of the other.
            Files.writeString(file, text);
        }
    }

    private void stopping() {
        workersStarted = false;
        if (!ready) {
            return;
        }
        ready = false;
        try {
            Files.deleteIfExists(directory.run().resolve("ready"));
        } catch (IOException e) {
            Console.error("cannot delete " + directory.run().resolve("ready") + ": " + Reason.of(e));
        }
        manager.goesDown();
    }

    /** Says that the node goes down, if that was not said, and ends the thread. */
    @Override
    public void close() throws InterruptedException {
        submit(this::stopping);
        executor.shutdown();
        if (!executor.awaitTermination(15, TimeUnit.SECONDS)) {
            Console.error("the notification of readiness did not end in time");
        }
    }
}
