package io.millwright.wamp.net.internal;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sentences for the log about peers that do what they should not: a few in a row, then one in a while with the number left out, so that nobody
 * outside can fill a disk. Used by the loop's thread.
 */
final class Complaints {
    private static final Logger LOG = LoggerFactory.getLogger(Complaints.class);
    private static final int IN_A_ROW = 10;
    private static final long ONE_IN_NANOS = 10_000_000_000L;

    private final LongSupplier nanos;
    private int left = IN_A_ROW;
    private long since;
    private long unsaid;

    Complaints(LongSupplier nanos) {
        this.nanos = nanos;
        this.since = nanos.getAsLong();
    }

    /** Logs a sentence, or counts it; whether it is logged. */
    boolean say(String sentence) {
        long now = nanos.getAsLong();
        long earned = (now - since) / ONE_IN_NANOS;
        if (earned > 0) {
            left = (int) Math.min(IN_A_ROW, left + earned);
            since = now;
        }
        if (left == 0) {
            unsaid++;
            return false;
        }
        left--;
        if (unsaid == 0) {
            LOG.warn("{}", sentence);
        } else {
            LOG.warn("{} ({} more were refused since the last line of this kind)", sentence, unsaid);
        }
        unsaid = 0;
        return true;
    }
}
