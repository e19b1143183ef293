package io.millwright.controller.internal.process.linux;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for all descriptors of a backend in one thread, the leader. A sink may block it: then another thread takes the lead,
 * and the first ends when the sink lets it go. So there is one thread more than that (which looks for such a block while
 * there is output, and sleeps while there is none), and one for each sink that hangs, up to a bound; beyond it output is left
 * in the pipes and only ends of processes are seen to. Thread-safe.
 */
final class IoLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IoLoop.class);
    private static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int MOST_HANGING = 16;
    private static final long CLOSE_MS = 1000;
    private static final String LEADER = "millwright-io";

    /** What is done when a descriptor is ready. */
    interface Handler {
        /**
         * Called by the leader.
         *
         * @param turn its buffers
         */
        void ready(Turn turn);

        /** The loop ends; called by the last leader. */
        void loopEnds(Turn turn);
    }

    private final Epoll epoll;
    private final BooleanSupplier idle;
    private final Consumer<Turn> afterEvents;
    private final Consumer<Turn> atEnd;
    private final Map<Long, Handler> handlers = new ConcurrentHashMap<>();
    private final Queue<Consumer<Turn>> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger hanging = new AtomicInteger();
    private final Floods floods;
    private final Helpers helpers = new Helpers();
    /** Streams that wait until fewer sinks hang. */
    private final Queue<PipeReader> held = new ConcurrentLinkedQueue<>();

    private final Thread monitor;
    private volatile Turn leader = new Turn();
    private volatile Thread thread;
    private volatile boolean monitorSleeps;
    private volatile boolean closing;
    private volatile boolean ended;

    /**
     * Starts the threads.
     *
     * @param idle whether a closing loop may end
     * @param afterEvents called by the leader after ends of processes and before output
     * @param atEnd called by the last leader
     */
    IoLoop(BooleanSupplier idle, Consumer<Turn> afterEvents, Consumer<Turn> atEnd) throws IOException {
        this(idle, afterEvents, atEnd, new Floods(System::nanoTime));
    }

    IoLoop(BooleanSupplier idle, Consumer<Turn> afterEvents, Consumer<Turn> atEnd, Floods floods) throws IOException {
        this.epoll = new Epoll();
        this.floods = floods;
        this.idle = idle;
        this.afterEvents = afterEvents;
        this.atEnd = atEnd;
        this.monitor = daemon(this::monitor, "millwright-io-watch");
        Turn first = leader;
        this.thread = daemon(() -> run(first), LEADER);
        thread.start();
        monitor.start();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread made = new Thread(task, name);
        made.setDaemon(true);
        return made;
    }

    /** Watches a descriptor; the token is for {@link #remove}. */
    long add(int fd, int events, Handler handler) throws IOException {
        long token = epoll.nextToken();
        handlers.put(token, handler);
        try {
            epoll.add(fd, events, token);
        } catch (IOException e) {
            handlers.remove(token);
            throw e;
        }
        return token;
    }

    /** Watches a descriptor no longer that stays open. */
    void remove(int fd, long token) {
        if (handlers.remove(token) != null) {
            epoll.remove(fd);
        }
    }

    /**
     * Watches a descriptor no longer that is closed next, and so forgotten by the kernel. If a process that is being made has a
     * copy of it for a moment, what is told of that has a token nobody knows.
     */
    void forget(long token) {
        handlers.remove(token);
    }

    /** How many of the pipes it reads flood. */
    Floods floods() {
        return floods;
    }

    /** Who gives pieces of floods to their sinks. */
    Helpers helpers() {
        return helpers;
    }

    /** Has something done by the leader, which must not block. Never done once the loop has ended. */
    void execute(Consumer<Turn> task) {
        tasks.add(task);
        epoll.wake();
    }

    private void run(Turn turn) {
        while (turn.leads()) {
            int timeout = tasks.isEmpty() ? -1 : 0;
            int count = epoll.await(turn.eventAddress, Turn.EVENTS, timeout);
            if (count < 0 && LibC.errno() != LibC.EINTR) {
                LOG.error("output and ends of processes cannot be seen any more: {}", LibC.text(LibC.errno()));
                return;
            }
            dispatch(turn, count);
            for (Consumer<Turn> task = nextTask(turn); task != null; task = nextTask(turn)) {
                safely(turn, task);
            }
            if (turn.leads() && closing && idle.getAsBoolean()) {
                end(turn);
                return;
            }
        }
        hanging.decrementAndGet();
        execute(this::resume);
    }

    private @Nullable Consumer<Turn> nextTask(Turn turn) {
        return turn.leads() ? tasks.poll() : null;
    }

    private static void safely(Turn turn, Consumer<Turn> task) {
        try {
            task.accept(turn);
        } catch (RuntimeException | Error e) {
            LOG.error("an event of a process could not be dealt with", e);
        }
    }

    /** Ends of processes first: no sink may delay them. */
    private void dispatch(Turn turn, int count) {
        List<PipeReader> readers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long token = turn.events.getLong((long) i * Epoll.EVENT + Epoll.TOKEN);
            if (token == Epoll.WAKE) {
                epoll.awake();
                continue;
            }
            Handler handler = handlers.get(token);
            if (handler instanceof PipeReader reader) {
                readers.add(reader);
            } else if (handler != null) {
                safely(turn, handler::ready);
            }
        }
        safely(turn, afterEvents);
        for (PipeReader reader : readers) {
            if (!turn.leads()) {
                // What is left is ready for the next leader too.
                return;
            }
            if (hanging.get() < MOST_HANGING) {
                safely(turn, reader::ready);
            } else if (reader.pause()) {
                held.add(reader);
            }
        }
    }

    private void resume(Turn turn) {
        for (PipeReader reader = held.poll(); reader != null; reader = held.poll()) {
            reader.resume(turn);
        }
    }

    /** A sink gets the thread, and may block it. */
    void begin(Turn turn) {
        turn.step();
        if (monitorSleeps) {
            LockSupport.unpark(monitor);
        }
    }

    /** The sink has given it back; the caller may not lead any more. */
    void done(Turn turn) {
        turn.step();
    }

    private void monitor() {
        while (!ended) {
            Turn turn = leader;
            long seen = turn.deliveries();
            if (seen != 0) {
                pause(STALL_NANOS);
            }
            if (leader != turn || turn.deliveries() != seen) {
                continue;
            }
            if (Turn.isDelivering(seen)) {
                takeOver(turn, seen);
            } else {
                monitorSleeps = true;
                if (turn.deliveries() == seen && leader == turn && !ended) {
                    LockSupport.park(this);
                }
                monitorSleeps = false;
            }
        }
    }

    private void pause(long nanos) {
        long deadline = System.nanoTime() + nanos;
        for (long left = nanos; left > 0 && !ended; left = deadline - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }

    private void takeOver(Turn hung, long seen) {
        Thread before = thread;
        try {
            Turn next = new Turn();
            daemon(
                            () -> {
                                if (hung.depose(seen)) {
                                    hanging.incrementAndGet();
                                    before.setName("millwright-io-slow");
                                    thread = Thread.currentThread();
                                    leader = next;
                                    run(next);
                                }
                            },
                            LEADER)
                    .start();
        } catch (OutOfMemoryError e) {
            LOG.error("the output of a process waits for the disk, and no thread can be had to go on without it", e);
        }
    }

    private void end(Turn turn) {
        ended = true;
        LockSupport.unpark(monitor);
        helpers.close();
        for (Handler handler : handlers.values()) {
            safely(turn, handler::loopEnds);
        }
        handlers.clear();
        epoll.close();
        safely(turn, atEnd);
    }

    /** Ends as soon as it is idle, for which this waits up to a second. */
    @Override
    public void close() {
        closing = true;
        epoll.wake();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MS);
        try {
            while (!ended && System.nanoTime() - deadline < 0) {
                thread.join(10);
            }
            thread.join(CLOSE_MS);
            if (ended) {
                monitor.join(CLOSE_MS / 10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
