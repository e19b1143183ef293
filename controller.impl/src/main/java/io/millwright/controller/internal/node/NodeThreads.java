package io.millwright.controller.internal.node;

import io.millwright.controller.internal.self.Affinity;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads around a node's loop that are several: callers' code, followers of logs, and what makes processes. Thread-safe. */
final class NodeThreads {
    /** Run callers' code. */
    final ExecutorService callbacks = pool("millwright-callback", 4, 4, new LinkedBlockingQueue<>(), () -> {});
    /** Hand log lines on, read and write files. */
    final ExecutorService followers =
            pool("millwright-follower", 0, Integer.MAX_VALUE, new SynchronousQueue<>(), () -> {});
    /** Make processes. */
    final ExecutorService spawners;

    /** Starts those that make processes. */
    NodeThreads(Affinity affinity) {
        ThreadPoolExecutor spawning =
                pool("millwright-spawn", 2, 2, new LinkedBlockingQueue<>(), affinity::widenThisThread);
        // Never ended before the node, since a parent-death signal hangs on the thread that forked; so there from the
        // beginning.
        spawning.prestartAllCoreThreads();
        spawners = spawning;
    }

    private static ThreadPoolExecutor pool(
            String name, int core, int most, BlockingQueue<Runnable> queue, Runnable beforeEach) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(core, most, 10, TimeUnit.SECONDS, queue, task -> {
                    Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                }) {
                    @Override
                    protected void beforeExecute(Thread thread, Runnable task) {
                        beforeEach.run();
                    }
                };
        if (name.equals("millwright-callback")) {
            pool.allowCoreThreadTimeOut(true);
        }
        return pool;
    }

    void close() {
        spawners.shutdown();
        callbacks.shutdown();
        followers.shutdownNow();
    }
}
