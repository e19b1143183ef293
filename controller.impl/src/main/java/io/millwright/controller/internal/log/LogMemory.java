package io.millwright.controller.internal.log;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.LogEntry;
import io.millwright.controller.api.LogListener;
import io.millwright.controller.api.NodeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * The part of a log that is in memory: ring and followers. Its monitor is the log's memory lock, which is held for moments
 * only, never while the disk or a listener is waited for. Thread-safe, but for {@link #add}.
 */
final class LogMemory {
    /** Positions of a log begin above those of any before it that has had less than 2^20 lines a second; below 2^53, as JSON has it. */
    private static final int LINES_A_SECOND = 20;

    private final long beginning = Instant.now().getEpochSecond() << LINES_A_SECOND;
    private long position = beginning;
    private LogRing ring;
    private List<Follower> followers = List.of();
    private boolean complete;

    LogMemory(LogOptions options) {
        ring = new LogRing(options.ringLines(), options.ringBytes());
    }

    /** Adds lines with a {@code \n} between them; the caller has the monitor. */
    void add(long time, int kind, byte[] bytes, int from, int length, int lines) {
        ring.add(time, kind, bytes, from, length, lines);
        position += lines;
        for (int i = 0; i < followers.size(); i++) {
            followers.get(i).add(time, kind, bytes, from, length, lines);
        }
    }

    synchronized List<LogEntry> tail(int limit) {
        return ring.tail(limit);
    }

    synchronized void resize(LogOptions options) {
        ring.resize(options.ringLines(), options.ringBytes());
    }

    synchronized void trim(int lines) {
        ring = ring.copy(lines);
    }

    synchronized Follower follow(int backlog, LogListener listener, Executor executor) {
        LogRing first = ring.copy(backlog);
        return follow(new Follower(this, new Follower.Start(first, 0, position), listener, executor, this::remove));
    }

    synchronized Follower followAfter(long after, LogListener listener, Executor executor) {
        if (after < beginning || after > position) {
            throw new NodeException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the log has no position " + after + "; it is that of a log before this one");
        }
        long missed = position - after;
        int kept = (int) Math.min(missed, ring.lines());
        Follower.Start start = new Follower.Start(ring.copy(kept), missed - kept, position);
        return follow(new Follower(this, start, listener, executor, this::remove));
    }

    private Follower follow(Follower follower) {
        if (complete) {
            follower.complete();
        } else {
            List<Follower> more = new ArrayList<>(followers);
            more.add(follower);
            followers = List.copyOf(more);
        }
        return follower;
    }

    void endForGood() {
        List<Follower> ended;
        synchronized (this) {
            complete = true;
            ended = followers;
            followers = List.of();
            ended.forEach(Follower::complete);
        }
        ended.forEach(Follower::wake);
    }

    synchronized void reopen() {
        complete = false;
    }

    /** Sees that followers get what waits; without any lock. */
    void wake() {
        List<Follower> present;
        synchronized (this) {
            present = followers;
        }
        present.forEach(Follower::wake);
    }

    private synchronized void remove(Follower follower) {
        followers = followers.stream().filter(f -> f != follower).toList();
    }
}
