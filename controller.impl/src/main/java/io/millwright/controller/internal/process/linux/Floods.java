package io.millwright.controller.internal.process.linux;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many pipes flood: those that were read while they did in this second or the one before, so that who falls silent counts
 * no longer. Thread-safe.
 */
final class Floods {
    /** How many there may be for one to be read in large pieces. */
    static final int FEW = 4;

    /** How many pipes may be large at a time, with those whose processes have fallen silent since. */
    static final int MOST_LARGE = 8;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanoTime;
    private long current = Long.MIN_VALUE;
    private int now;
    private int before;
    private int large;

    Floods(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Counts a pipe, once a second.
     *
     * @param counted what this answered for it the last time; anything else for a new one
     * @return for the next call
     */
    synchronized long count(long counted) {
        roll();
        if (counted != current) {
            now++;
        }
        return current;
    }

    /** Whether they are few. */
    synchronized boolean areFew() {
        roll();
        return Math.max(now, before) <= FEW;
    }

    /** Whether one more pipe may be made large; {@link #giveBack} is owed for it. */
    synchronized boolean mayBeLarge() {
        if (large == MOST_LARGE || !areFew()) {
            return false;
        }
        large++;
        return true;
    }

    /** A pipe is not large any more. */
    synchronized void giveBack() {
        large--;
    }

    private void roll() {
        long second = Math.floorDiv(nanoTime.getAsLong(), SECOND);
        if (second != current) {
            before = second == current + 1 ? now : 0;
            now = 0;
            current = second;
        }
    }
}
