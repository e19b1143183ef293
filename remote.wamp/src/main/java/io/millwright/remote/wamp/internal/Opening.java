package io.millwright.remote.wamp.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The opening of a listener. One that the system refuses now, since another program has the address or a file is missing, is tried again until
 * it is open. The first attempt is made by the caller, the others by the timer's thread; one after the other. Thread-safe.
 */
final class Opening {
    static final Duration INTERVAL = Duration.ofSeconds(5);

    /** Opens it. */
    interface Attempt {
        /**
         * Makes one attempt.
         *
         * @throws IOException with a sentence, if it cannot be now
         */
        void open() throws IOException;
    }

    /** What becomes of it. */
    interface Outcome {
        /** An attempt has failed, {@code first} or a later one. */
        void refused(IOException why, boolean first);
    }

    private final ScheduledExecutorService timer;
    private final Duration interval;
    private final Attempt attempt;
    private final Outcome outcome;
    private boolean first = true;
    private boolean closed;
    private @Nullable Future<?> next;

    Opening(ScheduledExecutorService timer, Duration interval, Attempt attempt, Outcome outcome) {
        this.timer = timer;
        this.interval = interval;
        this.attempt = attempt;
        this.outcome = outcome;
    }

    /** Makes an attempt, and others later if it must. */
    synchronized void open() {
        if (closed) {
            return;
        }
        try {
            attempt.open();
        } catch (IOException e) {
            outcome.refused(e, first);
            first = false;
            next = timer.schedule(this::open, interval.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** No further attempt is made. Blocks while one is under way. */
    synchronized void close() {
        closed = true;
        if (next != null) {
            next.cancel(false);
        }
    }
}
