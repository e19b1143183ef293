package io.millwright.watcher.fs.internal;

import io.millwright.controller.api.Subscription;
import io.millwright.controller.api.watch.FileWatcher.Change;
import io.millwright.controller.api.watch.FileWatcher.Listener;
import io.millwright.controller.api.watch.WatchSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watch: looks where it is notified or when it is time, and tells its listener of settled bursts. Everything but
 * {@link #look} and {@link #close} happens in one thread of the pool at a time, and no lock is held there.
 */
final class Watch implements Subscription, Notifier.Target {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    /** At most this long between a notification and the look, so that many notifications make one look. */
    private static final long MAX_PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** No polling is quicker. */
    private static final long MIN_POLLING_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Listener listener;
    private final ScheduledExecutorService pool;
    private final Runnable onClose;
    private final Hints hints = new Hints();
    private final Burst burst;
    private final Problems problems = new Problems();
    private final @Nullable Wiring wiring;
    private final Tree tree;
    private final long pace;
    private final long polling;

    /** Wakes that are not served; 0 when at rest. One from the beginning, until the first look is done. */
    private final AtomicInteger wakes = new AtomicInteger(1);

    private volatile boolean closed;
    private boolean ended;
    private long nextPoll;
    private @Nullable ScheduledFuture<?> timer;

    /**
     * A watch that has not looked yet.
     *
     * @param notifier {@code null} if and only if the watch polls
     * @param onClose run once when it is closed
     */
    Watch(
            WatchSpec spec,
            List<Path> roots,
            Listener listener,
            @Nullable Notifier notifier,
            ScheduledExecutorService pool,
            Runnable onClose)
            throws IOException {
        this.listener = listener;
        this.pool = pool;
        this.onClose = onClose;
        burst = new Burst(spec.debounce(), System::nanoTime);
        wiring = notifier == null ? null : new Wiring(notifier, this, this::tell);
        tree = new Tree(roots, new Filter(spec), burst, problems, wiring);
        pace = Math.min(MAX_PACE_NANOS, Math.max(0, spec.debounce().toNanos()) / 4);
        polling = spec.polling() == null
                ? 0
                : Math.max(MIN_POLLING_NANOS, spec.polling().toNanos());
    }

    /** Takes the first snapshot in the caller's thread; what changes after the return is reported. */
    void begin() throws IOException {
        tree.lookEverywhere();
        problems.begun();
        burst.take();
        nextPoll = System.nanoTime() + polling;
        pool.execute(this::serve);
    }

    @Override
    public void look(Path directory, Set<String> names, boolean whole, boolean lost) {
        hints.add(directory, names, whole, lost);
        wake(pace);
    }

    private void wake() {
        wake(0);
    }

    private void wake(long delay) {
        if (wakes.getAndIncrement() == 0) {
            pool.schedule(this::serve, delay, TimeUnit.NANOSECONDS);
        }
    }

    private void tell(IOException problem) {
        // When all watching ends, nothing can be registered any more.
        if (!closed) {
            problems.unregistered(problem);
        }
    }

    private void serve() {
        int served = wakes.get();
        try {
            step();
        } catch (RuntimeException | Error e) {
            LOG.error("Looking for changes failed", e);
        }
        if (wakes.addAndGet(-served) > 0) {
            pool.schedule(this::serve, pace, TimeUnit.NANOSECONDS);
        }
    }

    private void step() {
        if (closed) {
            end();
            return;
        }
        Map<Path, Hints.Hint> where = hints.drain();
        if (!where.isEmpty()) {
            tree.look(where);
        }
        if (polling > 0 && System.nanoTime() - nextPoll >= 0) {
            tree.lookEverywhere();
            nextPoll = System.nanoTime() + polling;
        }
        if (burst.remaining() == 0) {
            report();
        }
        arm();
    }

    private void report() {
        Change change = burst.take();
        if (closed || change.paths().isEmpty() && !change.overflow()) {
            return;
        }
        try {
            listener.onChange(change);
        } catch (RuntimeException | Error e) {
            LOG.error("A listener failed on the change of {}; the watch goes on", change.paths(), e);
        }
    }

    /** Sets the clock to the next moment at which there is something to do without a notification. */
    private void arm() {
        ScheduledFuture<?> old = timer;
        if (old != null) {
            old.cancel(false);
            timer = null;
        }
        long wait = burst.remaining();
        if (polling > 0) {
            wait = Math.min(wait, Math.max(0, nextPoll - System.nanoTime()));
        }
        if (wait != Long.MAX_VALUE) {
            timer = pool.schedule((Runnable) this::wake, wait, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void close() {
        closed = true;
        wake();
    }

    /** Gives back what a closed watch holds; in the pool, because it takes a moment for many directories. */
    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        if (timer != null) {
            timer.cancel(false);
        }
        abandon();
        onClose.run();
    }

    /** Gives back what a watch holds that could not begin, or whose pool has ended. */
    void abandon() {
        closed = true;
        if (wiring != null) {
            wiring.close();
        }
    }
}
