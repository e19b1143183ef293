package io.millwright.controller.internal.process.linux;

/**
 * How much a pipe holds and how much of it is read at once. A process that floods is woken each time its pipe has room again,
 * which costs the reader a good part of its time; so it gets a larger pipe while it floods. Only while few do: a thread that reads more
 * at once must not get more than others, and users other than root may have so much in pipes and no more. Used by one thread at
 * a time.
 */
final class PipeSize {
    /** What a pipe holds, unless somebody asks for more. */
    static final int USUAL = 64 * 1024;

    static final int LARGE = 1024 * 1024;

    /** How many reads in a row must find it at least half full (of what is usual) for a flood to begin, or not for it to end. */
    static final int READS = 16;

    private final int fd;
    private final Floods floods;
    private boolean flooding;
    private boolean large;
    private boolean refused;
    private int before;
    private int reads;
    private long counted = Long.MIN_VALUE;

    /**
     * Makes it for a pipe as it is.
     *
     * @param floods how many pipes flood
     */
    PipeSize(int fd, Floods floods) {
        this.fd = fd;
        this.floods = floods;
    }

    /** How much to read. */
    int most() {
        return large && floods.areFew() ? LARGE : USUAL;
    }

    /** To be told of each read. */
    void wasRead(long size) {
        if (size >= USUAL / 2 == flooding) {
            reads = 0;
        } else if (++reads == READS) {
            reads = 0;
            if (flooding) {
                calm();
            } else {
                flooding = true;
                refused = false;
            }
        }
        if (flooding) {
            counted = floods.count(counted);
            if (!large && !refused && floods.mayBeLarge()) {
                enlarge();
            }
        }
    }

    private void enlarge() {
        before = LibC.fcntl(fd, LibC.F_GETPIPE_SZ, 0);
        large = before >= LARGE || (before > 0 && LibC.fcntl(fd, LibC.F_SETPIPE_SZ, LARGE) >= 0);
        if (!large) {
            refused = true;
            floods.giveBack();
        }
    }

    /** Leaves it large if there is more in it than would fit. */
    private void calm() {
        if (!large || before >= LARGE || LibC.fcntl(fd, LibC.F_SETPIPE_SZ, before) >= 0) {
            forget();
        }
    }

    /** The pipe is not large any more, or no more. */
    void forget() {
        flooding = false;
        if (large) {
            large = false;
            floods.giveBack();
        }
    }
}
