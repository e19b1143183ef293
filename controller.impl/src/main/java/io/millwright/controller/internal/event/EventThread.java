package io.millwright.controller.internal.event;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after another in one thread, {@code millwright-events}, which ends when there has been nothing to do for some
 * seconds. A task may call a sink; one that does not come back keeps its thread, and another goes on with the tasks behind it.
 * Thread-safe; no lock is held in a task.
 */
final class EventThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventThread.class);
    private static final long IDLE_MILLIS = 10_000;
    private static final long END_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Runs a task later; does not block. */
    @FunctionalInterface
    interface Timer {
        void after(long nanos, Runnable task);
    }

    /** A call of a sink, and what is left of its task if it does not come back. */
    private record Call(EventSink sink, long since, Runnable rest) {}

    private final Timer timer;
    private final long limit;
    private final Consumer<Thread> starter;
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<Leader> strays = new ArrayList<>();
    private @Nullable Leader leader;
    private boolean closed;
    /** Whether the timer will look; it does so only while sinks are called. */
    private volatile boolean watched;

    /**
     * Runs nothing yet.
     *
     * @param timer says when to look
     * @param limit how many nanoseconds a sink may take
     */
    EventThread(Timer timer, long limit) {
        this(timer, limit, Thread::start);
    }

    /** As the other, with threads that are started in another way. */
    EventThread(Timer timer, long limit, Consumer<Thread> starter) {
        this.timer = timer;
        this.limit = limit;
        this.starter = starter;
    }

    /** Adds tasks; returns false, and runs none of them, once it is closed. */
    synchronized boolean add(Collection<? extends Runnable> more) {
        if (closed) {
            return false;
        }
        tasks.addAll(more);
        if (leader == null) {
            lead();
        } else {
            notifyAll();
        }
        return true;
    }

    private void lead() {
        Leader next = new Leader();
        try {
            starter.accept(next);
            leader = next;
        } catch (OutOfMemoryError none) {
            // No thread is to be had now; what waits is not lost.
            leader = null;
            LOG.debug("no thread for events now", none);
            timer.after(RETRY_NANOS, this::leadAgain);
        }
    }

    private synchronized void leadAgain() {
        if (leader == null && !tasks.isEmpty()) {
            lead();
        }
    }

    /**
     * Calls a sink from a task.
     *
     * @param sink which
     * @param call calls it, and blocks as long as it does
     * @param rest what the task goes on with, in this thread or another
     */
    void call(EventSink sink, Runnable call, Runnable rest) {
        if (!(Thread.currentThread() instanceof Leader current)) {
            throw new IllegalStateException("sinks are called by tasks of this thread");
        }
        Call now = new Call(sink, System.nanoTime(), rest);
        current.call.set(now);
        if (!watched) {
            watched = true;
            timer.after(limit, this::look);
        }
        call.run();
        if (current.call.compareAndSet(now, null)) {
            rest.run();
        } else {
            sink.catchUp();
        }
    }

    /** Called by the timer: sees whether the leading thread is held by a sink. */
    private void look() {
        watched = false;
        Leader held;
        synchronized (this) {
            held = leader;
        }
        Call call = held == null ? null : held.call.get();
        if (held == null || call == null) {
            return;
        }
        long left = call.since() + limit - System.nanoTime();
        if (left > 0) {
            watched = true;
            timer.after(left, this::look);
        } else {
            replace(held, call);
        }
    }

    private void replace(Leader held, Call call) {
        synchronized (this) {
            synchronized (call.sink()) {
                // In one step with that: a thread that comes back now waits for it before it looks for what has waited.
                if (!call.sink().leave(held.call.compareAndSet(call, null))) {
                    return;
                }
            }
            strays.add(held);
            tasks.addFirst(call.rest());
            lead();
        }
        LOG.warn("an event was not taken within {} ms; the node goes on without waiting for it", limit / 1_000_000);
    }

    /** The next task, {@code null} if there is none for this thread any more. */
    private synchronized @Nullable Runnable next(Leader asking) {
        if (leader == asking && tasks.isEmpty() && !closed) {
            try {
                wait(IDLE_MILLIS);
            } catch (InterruptedException e) {
                LOG.debug("the thread of events ends");
            }
        }
        if (leader != asking) {
            strays.remove(asking);
            return null;
        }
        Runnable next = tasks.pollFirst();
        if (next == null) {
            leader = null;
            notifyAll();
        }
        return next;
    }

    private final class Leader extends Thread {
        final AtomicReference<@Nullable Call> call = new AtomicReference<>();

        Leader() {
            super("millwright-events");
            setDaemon(true);
        }

        @Override
        public void run() {
            for (Runnable task = next(this); task != null; task = next(this)) {
                try {
                    task.run();
                } catch (RuntimeException | Error fault) {
                    LOG.error("an event could not be published; this is a bug of the controller", fault);
                }
            }
        }
    }

    /** Runs what waits, for at most a second, and ends. */
    @Override
    public void close() {
        long end = System.nanoTime() + END_NANOS;
        synchronized (this) {
            closed = true;
            notifyAll();
            try {
                for (long left = END_NANOS; leader != null && left > 0; left = end - System.nanoTime()) {
                    wait(left / 1_000_000 + 1);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            tasks.clear();
            if (leader != null) {
                leader.interrupt();
            }
            strays.forEach(Thread::interrupt);
        }
    }
}
