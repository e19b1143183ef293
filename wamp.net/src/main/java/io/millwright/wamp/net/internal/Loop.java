package io.millwright.wamp.net.internal;

import io.millwright.wamp.router.RouterLoop;
import io.millwright.wamp.router.RouterTimer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of all listeners: waits for channels, runs tasks and what is due. As an executor it runs a task of its own thread at once, and of
 * others in its next round. What throws is logged and ends nothing but itself. Thread-safe where nothing else is said.
 */
public final class Loop implements RouterLoop, RouterTimer {
    /** A channel's side of the loop; its key has it as the attachment. */
    interface Handler {
        /** The channel is ready for something that its key is interested in. */
        void ready(SelectionKey key) throws IOException;

        /** {@link #ready} has thrown. */
        void failed(Throwable cause);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final int BUFFER = 64 << 10;

    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final AtomicLong numbers = new AtomicLong();
    private final PriorityQueue<Due> timers =
            new PriorityQueue<>(Comparator.<Due>comparingLong(due -> due.at).thenComparingLong(due -> due.number));
    private final ArrayDeque<Runnable> roundEnd = new ArrayDeque<>();
    private final ByteBuffer input = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer output = ByteBuffer.allocateDirect(2 * BUFFER);
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean stopping;

    /** Something to be run at a time; in the order of time, then of number. */
    private static final class Due implements Timeout {
        final Runnable task;
        final long at;
        final long number;
        volatile boolean cancelled;

        Due(Runnable task, long at, long number) {
            this.task = task;
            this.at = at;
            this.number = number;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    Loop(String name) throws IOException {
        selector = Selector.open();
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    /** Complete when the thread has ended, and runs no task any more. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    Selector selector() {
        return selector;
    }

    /** Where bytes are read into; in the loop's thread, until it reads again. */
    ByteBuffer input() {
        return input.clear();
    }

    /** Where bytes are put together that are written at once; in the loop's thread. */
    ByteBuffer output() {
        return output.clear();
    }

    @Override
    public void execute(Runnable task) {
        if (inLoop()) {
            runOne(task);
        } else {
            post(task);
        }
    }

    /** Runs a task in the next round, whichever thread asks. Dropped when the loop has ended. */
    void post(Runnable task) {
        tasks.add(task);
        if (!inLoop() && woken.compareAndSet(false, true)) {
            selector.wakeup();
        }
    }

    @Override
    public void later(Runnable task) {
        post(task);
    }

    /** Runs a task at the end of this round; in the loop's thread. */
    void atRoundEnd(Runnable task) {
        roundEnd.add(task);
    }

    @Override
    public Timeout schedule(Runnable task, Duration delay) {
        Due due = new Due(task, System.nanoTime() + delay.toNanos(), numbers.incrementAndGet());
        if (inLoop()) {
            timers.add(due);
        } else {
            post(() -> timers.add(due));
        }
        return due;
    }

    /** Ends the loop after this round and waits for its thread, which closes the selector. */
    void stop() throws InterruptedException {
        stopping = true;
        selector.wakeup();
        if (!inLoop()) {
            thread.join();
        }
    }

    private void run() {
        try (selector) {
            while (!stopping) {
                round();
            }
            // What was closed gives its descriptor back when the selector looks once more.
            selector.selectNow();
        } catch (IOException e) {
            LOG.error("The listeners for remote sessions are lost: {}", e.toString(), e);
        } finally {
            ended.complete(null);
        }
    }

    private void round() throws IOException {
        long wait = tasks.isEmpty() ? untilDue() : 0;
        if (wait == 0) {
            selector.selectNow(this::ready);
        } else {
            selector.select(this::ready, wait < 0 ? 0 : wait);
        }
        woken.set(false);
        runTasks();
        runDue();
        for (Runnable task = roundEnd.poll(); task != null; task = roundEnd.poll()) {
            runOne(task);
        }
    }

    /** Milliseconds until something is due: 0 for now, -1 for never. */
    private long untilDue() {
        while (!timers.isEmpty() && timers.element().cancelled) {
            timers.remove();
        }
        if (timers.isEmpty()) {
            return -1;
        }
        long nanos = timers.element().at - System.nanoTime();
        return nanos <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos) + 1;
    }

    /** Those that are there; what they add waits for the next round, after the channels. */
    private void runTasks() {
        int count = tasks.size();
        for (int i = 0; i < count; i++) {
            Runnable task = tasks.poll();
            if (task != null) {
                runOne(task);
            }
        }
    }

    private void runDue() {
        while (untilDue() == 0) {
            runOne(timers.remove().task);
        }
    }

    @SuppressWarnings("CatchingUnchecked") // one connection's fault must not end all others
    private void ready(SelectionKey key) {
        if (!(key.attachment() instanceof Handler handler) || !key.isValid()) {
            return;
        }
        try {
            handler.ready(key);
        } catch (Throwable e) {
            runOne(() -> handler.failed(e));
        }
    }

    @SuppressWarnings("CatchingUnchecked") // one task's fault must not end all others
    private static void runOne(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            LOG.error("A task of the listeners for remote sessions failed: {}", e.toString(), e);
        }
    }
}
