package io.millwright.shell.local.internal;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the command server does when it cannot accept a client, mostly because the process has as many open files as it may
 * have. The client stays in the queue, so the selector would report it again at once: without a pause the thread would
 * spin and fill the log. One line is logged for all failures in a row. For the server's thread only.
 */
final class AcceptTroubles {
    /** Long enough to cost nothing, short enough for a client that waits. */
    private static final long PAUSE_MILLIS = 200;

    private static final Logger LOG = LoggerFactory.getLogger(AcceptTroubles.class);

    private final long pauseMillis;
    private long failures;

    AcceptTroubles() {
        this(PAUSE_MILLIS);
    }

    AcceptTroubles(long pauseMillis) {
        this.pauseMillis = pauseMillis;
    }

    /** A client could not be accepted. Blocks for the pause; returns whether this was the first of a row, which is logged. */
    boolean failed(IOException cause) {
        boolean first = failures++ == 0;
        if (first) {
            LOG.warn(
                    "The command socket cannot take a client now: {}. It is tried again until it can; raise the limit of"
                            + " open files (ulimit -n) if that is what is missing",
                    cause.getMessage() == null ? cause.toString() : cause.getMessage());
        }
        try {
            TimeUnit.MILLISECONDS.sleep(pauseMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return first;
    }

    /** A client was accepted. Returns how many failures there were in a row before it. */
    long over() {
        long before = failures;
        if (before > 0) {
            LOG.info("The command socket takes clients again, after {} failed attempts", before);
        }
        failures = 0;
        return before;
    }
}
