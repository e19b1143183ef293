package io.millwright.controller.internal.node;

import io.millwright.controller.internal.self.Affinity;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads around a node's loop that are several: callers' code, followers of logs, and what makes processes. Thread-safe. */
final class NodeThreads {
    /** After so long without work a thread that makes no processes ends. */
    static final Duration IDLE = Duration.ofSeconds(10);

    /** Run callers' code. */
    final ExecutorService callbacks;
    /** Hand log lines on, read and write files. */
    final ExecutorService followers;
    /** Make processes. */
    final ExecutorService spawners;

    /**
     * Starts those that make processes.
     *
     * @param affinity the processors that workers may have
     * @param idle after how long without work a thread ends
     * @param atRest called by the last thread for callers' code when it ends: nobody was answered for so long. Not called when
     *     the node ends
     */
    NodeThreads(Affinity affinity, Duration idle, Runnable atRest) {
        followers = new Pool(
                "millwright-follower", 0, Integer.MAX_VALUE, idle, new SynchronousQueue<>(), () -> {}, () -> {});
        Pool answering = new Pool("millwright-callback", 4, 4, idle, new LinkedBlockingQueue<>(), () -> {}, atRest);
        answering.allowCoreThreadTimeOut(true);
        callbacks = answering;
        Pool spawning = new Pool(
                "millwright-spawn", 2, 2, idle, new LinkedBlockingQueue<>(), affinity::widenThisThread, () -> {});
        // Never ended before the node, since a parent-death signal hangs on the thread that forked; so there from the
        // beginning.
        spawning.prestartAllCoreThreads();
        spawners = spawning;
    }

    /** Daemon threads with a name and a number. */
    private static final class Pool extends ThreadPoolExecutor {
        private final Runnable beforeEach;

        Pool(
                String name,
                int core,
                int most,
                Duration idle,
                BlockingQueue<Runnable> queue,
                Runnable beforeEach,
                Runnable afterLast) {
            super(core, most, idle.toMillis(), TimeUnit.MILLISECONDS, queue);
            this.beforeEach = beforeEach;
            AtomicInteger number = new AtomicInteger();
            setThreadFactory(task -> {
                Thread thread = new Thread(
                        () -> {
                            task.run();
                            if (getPoolSize() == 0 && !isShutdown()) {
                                afterLast.run();
                            }
                        },
                        name + "-" + number.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });
        }

        @Override
        protected void beforeExecute(Thread thread, Runnable task) {
            beforeEach.run();
        }
    }

    void close() {
        spawners.shutdown();
        callbacks.shutdown();
        followers.shutdownNow();
    }
}
