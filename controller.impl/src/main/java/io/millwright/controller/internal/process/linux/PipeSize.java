package io.millwright.controller.internal.process.linux;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much a pipe holds and how much of it is read at once. A process that floods is woken each time the pipe has room again,
 * which costs the reader a good part of its time; so it gets a larger pipe while it floods. Only a few have one at a time:
 * users other than root may have so much in pipes and no more, and beyond that new pipes are tiny. Used by one thread at a
 * time, but for the count.
 */
final class PipeSize {
    /** What a pipe holds, unless somebody asks for more. */
    static final int USUAL = 64 * 1024;

    static final int LARGE = 256 * 1024;

    /** How many reads in a row must find the pipe at least half full (of what is usual), or not, before it changes. */
    static final int READS = 16;

    static final int MOST_LARGE = 16;

    private final int fd;
    /** The large pipes there are. */
    private final AtomicInteger count;

    private boolean large;
    private int before;
    private int reads;

    PipeSize(int fd, AtomicInteger count) {
        this.fd = fd;
        this.count = count;
    }

    int most() {
        return large ? LARGE : USUAL;
    }

    void wasRead(long size) {
        boolean full = size >= USUAL / 2;
        if (full == large) {
            reads = 0;
        } else if (++reads == READS) {
            reads = 0;
            if (large) {
                shrink();
            } else {
                enlarge();
            }
        }
    }

    private void enlarge() {
        if (count.incrementAndGet() <= MOST_LARGE) {
            before = LibC.fcntl(fd, LibC.F_GETPIPE_SZ, 0);
            large = before >= LARGE || (before > 0 && LibC.fcntl(fd, LibC.F_SETPIPE_SZ, LARGE) >= 0);
        }
        if (!large) {
            count.decrementAndGet();
        }
    }

    /** Does nothing if there is more in the pipe than would fit. */
    private void shrink() {
        if (before >= LARGE || LibC.fcntl(fd, LibC.F_SETPIPE_SZ, before) >= 0) {
            forget();
        }
    }

    /** The pipe is no longer read. */
    void forget() {
        if (large) {
            large = false;
            count.decrementAndGet();
        }
    }
}
