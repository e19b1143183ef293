package io.millwright.wamp.net;

import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Sentences for the log about peers that do what they should not: a few in a row, then one in a while with the number left out, so that nobody
 * outside can fill a disk. Thread-safe.
 */
public final class Complaints {
    private static final int IN_A_ROW = 10;
    private static final long ONE_IN_NANOS = 10_000_000_000L;

    private final Consumer<String> log;
    private final LongSupplier nanos;
    private int left = IN_A_ROW;
    private long since;
    private long unsaid;

    /**
     * None so far.
     *
     * @param log gets the sentences
     * @param nanos the time, as {@link System#nanoTime}
     */
    public Complaints(Consumer<String> log, LongSupplier nanos) {
        this.log = log;
        this.nanos = nanos;
        this.since = nanos.getAsLong();
    }

    /** Logs a sentence, or counts it; whether it is logged. */
    public synchronized boolean say(String sentence) {
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
            log.accept(sentence);
        } else {
            log.accept(sentence + " (" + unsaid + " more were refused since the last line of this kind)");
        }
        unsaid = 0;
        return true;
    }
}
