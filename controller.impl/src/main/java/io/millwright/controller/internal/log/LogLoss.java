package io.millwright.controller.internal.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Counts what a log file could not take. Guarded by its {@link LogFile}, but for {@link #total}. */
final class LogLoss {
    private static final long RETRY_MILLIS = 1000;
    private static final long REPORT_MILLIS = 60_000;

    private volatile long total;
    private volatile long totalLines;
    private long lines;
    private long bytes;
    private long since;
    private volatile String reason = "";
    private volatile boolean failing;
    private long failedAt;
    private boolean reported;
    private long reportedAt;

    /** All bytes of the worker ever lost. */
    long total() {
        return total;
    }

    /** In words, for any thread; {@code null} if nothing was lost and the file can be written. */
    @Nullable
    String trouble() {
        long gone = total;
        if (!failing && gone == 0) {
            return null;
        }
        String lost = gone == 0 ? "" : totalLines + " lines (" + gone + " bytes) of its log file are lost";
        String now = failing ? "its log file cannot be written now: " + reason : "last reason: " + reason;
        return lost.isEmpty() ? now : lost + "; " + now;
    }

    boolean failing() {
        return failing;
    }

    /** Not with every chunk: on an almost full disk each try would leave a note. */
    boolean retryDue(long now) {
        return elapsed(now, failedAt, RETRY_MILLIS);
    }

    /** Whether there is something to tell in the file. */
    boolean pending() {
        return bytes > 0;
    }

    /**
     * The file could not be written.
     *
     * @return whether to report it: once, and once a minute if it fails, recovers and fails again
     */
    boolean failed(String why, long now) {
        boolean report = !failing && (!reported || elapsed(now, reportedAt, REPORT_MILLIS));
        failing = true;
        failedAt = now;
        reason = why;
        if (report) {
            reported = true;
            reportedAt = now;
        }
        return report;
    }

    void works() {
        failing = false;
    }

    /** The note for the file, to be written before anything else. */
    String note() {
        return "log: " + lines + " lines, " + bytes + " bytes lost since " + Instant.ofEpochMilli(since) + ": "
                + reason;
    }

    void told() {
        lines = 0;
        bytes = 0;
    }

    /** Counts the worker's part of the records in {@code batch[from, limit)}; notes of the node have none. */
    void addRecords(ByteBuffer batch, int from, long now) {
        int start = from;
        for (int i = from; i < batch.limit(); i++) {
            if (batch.get(i) != '\n') {
                continue;
            }
            int length = i - start - Stamp.LENGTH;
            if (length >= 0) {
                byte letter = batch.get(start + Stamp.LETTER);
                if (letter != 'n') {
                    add(1, letter == 'o' || letter == 'e' ? length + 1 : length, now);
                }
            }
            start = i + 1;
        }
    }

    /** Counts bytes of a raw file. */
    void addRaw(ByteBuffer rest, long now) {
        long newlines = 0;
        for (int i = rest.position(); i < rest.limit(); i++) {
            if (rest.get(i) == '\n') {
                newlines++;
            }
        }
        add(newlines, rest.remaining(), now);
    }

    private void add(long lostLines, long lostBytes, long now) {
        if (bytes == 0) {
            since = now;
        }
        lines += lostLines;
        bytes += lostBytes;
        long sum = total + lostBytes;
        long sumOfLines = totalLines + lostLines;
        totalLines = sumOfLines;
        total = sum;
    }

    static byte[] utf8(String text) {
        return text.replace('\n', ' ').replace('\r', ' ').getBytes(StandardCharsets.UTF_8);
    }

    private static boolean elapsed(long now, long then, long millis) {
        return now < then || now - then >= millis;
    }
}
