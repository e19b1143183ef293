package io.millwright.controller.internal.process.linux;

import io.millwright.controller.internal.process.OutputSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves one output stream of a process to its sink, one buffer a turn, until its end or until abandoned. While a sink has a
 * buffer nobody else reads. Thread-safe.
 */
final class PipeReader implements IoLoop.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(PipeReader.class);

    private final IoLoop loop;
    private final int fd;
    private final OutputSink sink;
    private final String name;
    private final Runnable ended;
    // Used by whoever has the claim.
    private final PipeSize pipe;
    private boolean complained;
    // Guarded by this.
    private long token;
    private boolean busy;
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
        IOException failure = watchAgain();
        if (failure != null && claim()) {
            LOG.error("{}: output is cut off: {}", name, failure.getMessage());
            finish(turn);
        }
    }

    private synchronized @Nullable IOException watchAgain() {
        try {
            if (!watched && !busy && !closed) {
                begin();
            }
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    private synchronized boolean claim() {
        if (closed) {
            return false;
        }
        if (busy) {
            // Somebody's sink hangs and another thread leads.
            pause();
            return false;
        }
        busy = true;
        return true;
    }

    @Override
    public void ready(Turn turn) {
        if (!claim()) {
            return;
        }
        Turn.Space space = turn.space(pipe.most());
        long size = LibC.read(fd, space.address, space.bytes.capacity());
        if (size > 0) {
            pipe.wasRead(size);
            deliver(turn, space.bytes, (int) size);
        } else if (size == 0 || (LibC.errno() != LibC.EAGAIN && LibC.errno() != LibC.EINTR)) {
            finish(turn);
            return;
        }
        if (release()) {
            finish(turn);
        } else {
            resume(turn);
        }
    }

    /** Gives up the claim unless the stream was abandoned meanwhile. */
    private synchronized boolean release() {
        busy = abandoned;
        return abandoned;
    }

    private void deliver(Turn turn, ByteBuffer bytes, int size) {
        bytes.limit(size).position(0);
        loop.begin(turn);
        try {
            sink.accept(bytes);
        } catch (RuntimeException | Error e) {
            if (!complained) {
                LOG.error("{}: output cannot be taken and is lost; the process goes on", name, e);
            }
            complained = true;
        } finally {
            loop.done(turn);
        }
    }

    /** Closes and tells; the caller has the claim and keeps it. */
    private void finish(Turn turn) {
        close();
        loop.begin(turn);
        try {
            sink.end();
        } catch (RuntimeException | Error e) {
            LOG.error("{}: the end of output cannot be taken", name, e);
        } finally {
            loop.done(turn);
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
        close();
    }
}
