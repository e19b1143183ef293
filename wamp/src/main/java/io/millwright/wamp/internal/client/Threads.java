package io.millwright.wamp.internal.client;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Where the application's code runs: its executor, or threads that come with the work and go when there is none. */
final class Threads implements Executor {
    private static final int KEEP_SECONDS = 10;

    private final Executor executor;
    private final @Nullable ThreadPoolExecutor own;

    Threads(Settings settings) {
        Executor given = settings.executor();
        if (given != null) {
            executor = given;
            own = null;
            return;
        }
        AtomicInteger count = new AtomicInteger();
        // As many threads as lanes have work at once; a lane has one.
        own = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, KEEP_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "wamp-" + settings.name() + "-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        executor = own;
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    /** No more threads; what runs goes on to its end. */
    void close() {
        if (own != null) {
            own.shutdown();
        }
    }
}
