package io.millwright.wamp.router.internal;

import java.util.function.LongSupplier;

/** Counts the messages of a realm, in all and in each of the last seconds. Used in the router's turns. */
final class Meter {
    private static final int SECONDS = 60;
    private static final long NANOS = 1_000_000_000;

    private final LongSupplier nanos;
    private final long began;
    /** By second; the one that is going on is not a whole one. */
    private final int[] received = new int[SECONDS + 1];

    private final int[] sent = new int[SECONDS + 1];
    private long second;
    private int place;
    private long allReceived;
    private long allSent;

    Meter(LongSupplier nanos) {
        this.nanos = nanos;
        this.began = nanos.getAsLong();
    }

    void received() {
        tick();
        allReceived++;
        received[place]++;
    }

    /** What is sent is sent because something was received: the clock was looked at then. */
    void sent() {
        allSent++;
        sent[place]++;
    }

    long allReceived() {
        return allReceived;
    }

    long allSent() {
        return allSent;
    }

    double receivedRate() {
        return rate(received);
    }

    double sentRate() {
        return rate(sent);
    }

    private double rate(int[] counts) {
        tick();
        long whole = Math.min(second, SECONDS);
        long sum = -counts[place];
        for (int count : counts) {
            sum += count;
        }
        return whole == 0 ? counts[place] : (double) sum / whole;
    }

    private void tick() {
        long now = (nanos.getAsLong() - began) / NANOS;
        for (long gone = Math.min(now - second, received.length); gone > 0; gone--) {
            place = (place + 1) % received.length;
            received[place] = 0;
            sent[place] = 0;
        }
        second = Math.max(second, now);
    }
}
