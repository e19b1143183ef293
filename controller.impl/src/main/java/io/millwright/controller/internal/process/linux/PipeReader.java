package io.millwright.controller.internal.process.linux;

import io.millwright.controller.internal.process.OutputSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves one output stream of a process to its sink, one buffer a turn, until its end or until abandoned. Only the leader reads.
 * It gives what it read to the sink itself, and nobody reads meanwhile; if much comes, a helper gives it to the sink while the
 * leader reads one piece more. Thread-safe.
 */
final class PipeReader implements IoLoop.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(PipeReader.class);

    private final IoLoop loop;
    private final int fd;
    private final OutputSink sink;
    private final String name;
    private final Runnable ended;
    /** The leader's. */
    private final PipeSize pipe;
    /** Used by whoever has the claim. */
    private boolean complained;
    /** While it floods. The leader's, and that of who ends it. */
    private Helpers.@Nullable Pieces pieces;
    // Guarded by this.
    private long token;
    /** The claim: somebody has the sink, or is about to. */
    private boolean busy;
    /** It is a helper. */
    private boolean helped;
    /** For the helper next. */
    private @Nullable ByteBuffer waiting;
    /** All was read, and the helper is to end it. */
    private boolean atEnd;

    private boolean watched;
    private boolean abandoned;
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
        if (!watchAgain() && claim()) {
            finish(turn);
        }
    }

    /** False if that failed, and the output ends here. */
    private synchronized boolean watchAgain() {
        try {
            if (!watched && mayRead()) {
                begin();
            }
            return true;
        } catch (IOException e) {
            LOG.error("{}: output is cut off: {}", name, e.getMessage());
            abandoned = true;
            return false;
        }
    }

    /** Whether there may be more to read, and a place for it. */
    private boolean mayRead() {
        return !closed && !abandoned && !atEnd && (!busy || (helped && waiting == null));
    }

    private synchronized boolean claim() {
        if (closed || busy) {
            return false;
        }
        busy = true;
        return true;
    }

    @Override
    public void ready(Turn turn) {
        boolean ahead;
        synchronized (this) {
            if (!mayRead()) {
                // Somebody's sink hangs and another thread leads, or a helper has two pieces.
                pause();
                return;
            }
            ahead = busy;
            busy = true;
        }
        Helpers.Pieces large = ahead ? pieces : choosePieces();
        Turn.Space space = large == null ? turn.usual : large.next();
        long size = LibC.read(fd, space.address, Math.min(pipe.most(), space.bytes.capacity()));
        if (size > 0) {
            pipe.wasRead(size);
            space.bytes.limit((int) size).position(0);
            if (large != null) {
                large.swap();
                if (help(space.bytes)) {
                    return;
                }
            }
            deliver(turn, space.bytes);
            release(turn);
        } else if (size == 0 || (LibC.errno() != LibC.EAGAIN && LibC.errno() != LibC.EINTR)) {
            if (claimEnd()) {
                finish(turn);
            }
        } else if (!ahead) {
            release(turn);
        }
    }

    /** Gets memory for large pieces or gives it back; no helper has one of them. */
    private Helpers.@Nullable Pieces choosePieces() {
        boolean large = pipe.most() > PipeSize.USUAL;
        if (large && pieces == null) {
            pieces = loop.helpers().take();
        } else if (!large) {
            forgetPieces();
        }
        return pieces;
    }

    private void forgetPieces() {
        if (pieces != null) {
            loop.helpers().giveBack(pieces);
            pieces = null;
        }
    }

    /** Leaves what was read to a helper; false if there is none, and the caller has the claim. */
    private boolean help(ByteBuffer piece) {
        synchronized (this) {
            if (helped) {
                waiting = piece;
                return true;
            }
            busy = true;
            helped = true;
        }
        if (loop.helpers().help(() -> helpWith(piece))) {
            return true;
        }
        synchronized (this) {
            helped = false;
        }
        return false;
    }

    /** What a helper does: the sink gets a piece, and those that are read meanwhile. */
    private void helpWith(ByteBuffer first) {
        ByteBuffer piece = first;
        boolean over = false;
        while (piece != null) {
            accept(piece);
            synchronized (this) {
                piece = waiting;
                waiting = null;
                helped = piece != null;
                busy = helped;
                watchAgain();
                over = !helped && (abandoned || atEnd);
                busy |= over;
            }
        }
        if (over) {
            finish();
        }
    }

    /** Whether the caller is to end it, for which it has the claim then. */
    private synchronized boolean claimEnd() {
        if (helped) {
            atEnd = true;
            pause();
            return false;
        }
        busy = true;
        return true;
    }

    /** Gives up the claim unless the stream was abandoned meanwhile. */
    private void release(Turn turn) {
        boolean over;
        synchronized (this) {
            over = abandoned;
            busy = over;
        }
        if (over) {
            finish(turn);
        } else {
            resume(turn);
        }
    }

    private void deliver(Turn turn, ByteBuffer bytes) {
        loop.begin(turn);
        try {
            accept(bytes);
        } finally {
            loop.done(turn);
        }
    }

    private void accept(ByteBuffer bytes) {
        try {
            sink.accept(bytes);
        } catch (RuntimeException | Error e) {
            if (!complained) {
                LOG.error("{}: output cannot be taken and is lost; the process goes on", name, e);
            }
            complained = true;
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

    /** Closes and tells; the caller has the claim and keeps it. */
    private void finish() {
        close();
        forgetPieces();
        try {
            sink.end();
        } catch (RuntimeException | Error e) {
            LOG.error("{}: the end of output cannot be taken", name, e);
        }
        ended.run();
    }

    private synchronized void close() {
        if (!closed) {
            if (watched) {
                loop.forget(token);
                watched = false;
            }
            closed = true;
            pipe.forget();
            LibC.close(fd);
        }
    }

    /** Ends it although the stream is not at its end. For the leader. */
    void abandon(Turn turn) {
        synchronized (this) {
            if (closed) {
                return;
            }
            if (busy) {
                abandoned = true;
                return;
            }
            busy = true;
        }
        finish(turn);
    }

    @Override
    public void loopEnds(Turn turn) {
        abandon(turn);
    }

    /** Closes what was never begun, without a word to the sink. */
    void discard() {
        synchronized (this) {
            if (busy) {
                abandoned = true;
                return;
            }
            busy = true;
        }
        close();
    }
}
