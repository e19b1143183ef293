package io.millwright.controller.internal.process.linux;

import io.millwright.controller.internal.process.OutputSink;
import io.millwright.controller.internal.process.PacedSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves one output stream of a process to its sink, one piece a turn, until its end or until abandoned. Only the leader reads.
 * It gives what it read to the sink itself, and nobody reads meanwhile; if much comes, a helper gives it to the sink while the
 * leader reads one piece more. Thread-safe.
 *
 * <p>The thread that reads or has the sink sees, when it is done, whether the stream is over, and ends it if nobody else does either.
 */
final class PipeReader implements IoLoop.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(PipeReader.class);

    private final IoLoop loop;
    private final int fd;
    private final OutputSink sink;
    private final String name;
    private final Runnable ended;
    /** Used by the reading thread. */
    private final PipeSize pipe;
    /** Used by the thread that has the sink. */
    private boolean complained;

    // Guarded by this.
    private long token;
    private boolean watched;
    /** The leader reads, or has a piece that nobody has got yet. */
    private boolean reading;
    /** Somebody has the sink. */
    private boolean delivering;
    /** It is a helper. */
    private boolean helped;
    /** For the helper next. */
    private @Nullable ByteBuffer waiting;
    /** Memory for large pieces, for the reading thread; while the stream floods. */
    private Helpers.@Nullable Pieces pieces;
    /** The sink takes nothing now, and says when it does again. */
    private boolean full;
    /** Nothing is to be read any more: it is at its end, or abandoned. */
    private boolean over;
    /** How much is still read of an abandoned pipe; -1 of one that is not. */
    private long rest = -1;
    /** It is ended, or just being ended. */
    private boolean closed;

    /**
     * Makes one; {@link #begin} lets it read.
     *
     * @param ended called once after the sink's end
     */
    PipeReader(IoLoop loop, int fd, OutputSink sink, String name, Runnable ended) {
        this.loop = loop;
        this.fd = fd;
        this.sink = sink;
        this.name = name;
        this.ended = ended;
        this.pipe = new PipeSize(fd, loop.floods());
    }

    /** The pipe's name; empty if it is closed. */
    synchronized String pipe() {
        return closed ? "" : Pipes.name(fd);
    }

    synchronized void begin() throws IOException {
        token = loop.add(fd, LibC.EPOLLIN, this);
        watched = true;
    }

    /** Stops watching, without which a pipe that stays ready would spin. False if it is at its end. */
    synchronized boolean pause() {
        if (watched) {
            loop.remove(fd, token);
            watched = false;
        }
        return !closed;
    }

    void resume(Turn turn) {
        if (watchAgain()) {
            finish(turn);
        }
    }

    /** True if that failed and the caller is to end it. */
    private boolean watchAgain() {
        IOException failure;
        boolean last;
        synchronized (this) {
            try {
                if (!watched && mayRead()) {
                    begin();
                }
                return false;
            } catch (IOException e) {
                failure = e;
                over = true;
                last = claimEnd();
            }
        }
        LOG.error("{}: output is cut off: {}", name, failure.getMessage());
        return last;
    }

    /** Whether there may be more to read, and a place for it; guarded by this. */
    private boolean mayRead() {
        return !over && !reading && !full && (!delivering || (helped && waiting == null));
    }

    /** Whether the caller is to end it: it is over, and nobody is at work on it; guarded by this. */
    private boolean claimEnd() {
        if (!over || closed || reading || delivering) {
            return false;
        }
        closed = true;
        return true;
    }

    @Override
    public void ready(Turn turn) {
        Helpers.Pieces large;
        synchronized (this) {
            if (!mayRead()) {
                // Somebody's sink hangs and another thread leads, or a helper has two pieces.
                pause();
                return;
            }
            reading = true;
            if (pieces == null && pipe.most() > PipeSize.USUAL) {
                pieces = loop.helpers().take();
            }
            large = pieces;
        }
        Turn.Space space = large == null ? turn.usual : large.next();
        long size = LibC.read(fd, space.address, Math.min(pipe.most(), space.bytes.capacity()));
        if (size > 0) {
            pipe.wasRead(size);
            wasRead(size);
            space.bytes.limit((int) size).position(0);
            give(turn, space.bytes, large);
        } else {
            boolean end = size == 0 || (LibC.errno() != LibC.EAGAIN && LibC.errno() != LibC.EINTR);
            if (nothingCame(end)) {
                finish(turn);
            }
        }
    }

    /** A process that floods an abandoned pipe does not keep it. */
    private synchronized void wasRead(long size) {
        if (rest >= 0) {
            rest = Math.max(0, rest - size);
            over |= rest == 0;
        }
    }

    /** True if the caller is to end it. */
    private synchronized boolean nothingCame(boolean end) {
        reading = false;
        if (rest >= 0 && !end && !over) {
            LOG.warn("{}: it is still held open by a process that is not the worker's; it is let go", name);
        }
        over |= end || rest >= 0;
        if (over) {
            pause();
        }
        forgetPieces();
        return claimEnd();
    }

    /** Gives what was read to a helper, or to the sink. */
    private void give(Turn turn, ByteBuffer piece, Helpers.@Nullable Pieces large) {
        synchronized (this) {
            reading = false;
            if (large != null) {
                large.swap();
            }
            if (helped) {
                waiting = piece;
                return;
            }
            delivering = true;
            helped = large != null;
        }
        if (large != null) {
            if (loop.helpers().help(() -> helpWith(piece))) {
                return;
            }
            synchronized (this) {
                // before the sink has it: another leader would read ahead for a helper that is none
                helped = false;
            }
        }
        loop.begin(turn);
        try {
            accept(piece);
        } finally {
            loop.done(turn);
        }
        boolean last;
        synchronized (this) {
            delivering = false;
            forgetPieces();
            last = claimEnd();
        }
        if (last) {
            finish(turn);
        } else {
            resume(turn);
            readRest();
        }
    }

    /** What a helper does: the sink gets a piece, and those that are read meanwhile. */
    private void helpWith(ByteBuffer first) {
        ByteBuffer piece = first;
        boolean last = false;
        while (piece != null) {
            accept(piece);
            synchronized (this) {
                piece = waiting;
                waiting = null;
                helped = piece != null;
                delivering = helped;
                forgetPieces();
                last = claimEnd();
            }
            last |= watchAgain();
        }
        if (last) {
            finish();
        } else {
            readRest();
        }
    }

    private void accept(ByteBuffer bytes) {
        try {
            sink.accept(bytes);
            if (sink instanceof PacedSink paced) {
                waitForRoom(paced);
            }
        } catch (RuntimeException | Error e) {
            if (!complained) {
                LOG.error("{}: output cannot be taken and is lost; the process goes on", name, e);
            }
            complained = true;
        }
    }

    private void waitForRoom(PacedSink paced) {
        synchronized (this) {
            // before it is asked, for there may be room again at any moment after
            full = true;
            pause();
        }
        if (!paced.isFull(this::roomAgain)) {
            synchronized (this) {
                full = false;
            }
        }
    }

    /** The sink takes more. If another thread reads the pipe just now, that thread sees it. */
    private void roomAgain() {
        synchronized (this) {
            full = false;
        }
        if (watchAgain()) {
            finish();
        } else {
            readRest();
        }
    }

    /** Gives memory back that nobody uses; guarded by this. */
    private void forgetPieces() {
        if (pieces != null && !reading && !delivering) {
            loop.helpers().giveBack(pieces);
            pieces = null;
        }
    }

    private void finish(Turn turn) {
        loop.begin(turn);
        try {
            finish();
        } finally {
            loop.done(turn);
        }
    }

    /** Closes and tells; for who claimed the end. */
    private void finish() {
        close();
        try {
            sink.end();
        } catch (RuntimeException | Error e) {
            LOG.error("{}: the end of output cannot be taken", name, e);
        }
        ended.run();
    }

    private synchronized void close() {
        if (watched) {
            loop.forget(token);
            watched = false;
        }
        pipe.forget();
        LibC.close(fd);
    }

    /**
     * Ends it as soon as the sink has what is in the pipe now: what was written by a worker is there, and what else holds the pipe
     * open is not waited for. For the leader.
     */
    void abandon(Turn turn) {
        boolean read;
        synchronized (this) {
            if (rest < 0) {
                rest = PipeSize.LARGE;
            }
            read = mayRead();
        }
        // Otherwise the thread that has the sink comes back to it.
        if (read) {
            ready(turn);
        }
    }

    /** What remains in an abandoned pipe raises no event. */
    private synchronized void readRest() {
        if (rest >= 0 && !closed) {
            loop.execute(this::abandon);
        }
    }

    private synchronized boolean giveUp() {
        over = true;
        return claimEnd();
    }

    @Override
    public void loopEnds(Turn turn) {
        if (giveUp()) {
            finish(turn);
        }
    }

    /** Closes it without a word to the sink, unless somebody is at work on it, who ends it then. */
    void discard() {
        if (giveUp()) {
            close();
        }
    }
}
