package io.millwright.controller.internal.process.linux;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Writes to the standard input of one process, in order, as far as it reads. Thread-safe; nothing blocks. */
final class PipeWriter implements IoLoop.Handler {
    /** More than this waiting means that nobody reads. */
    private static final long LIMIT = 1 << 20;

    private final String worker;
    private final IoLoop loop;
    private final int fd;
    // The leader's own.
    private long token;
    private int offset;
    // The rest is guarded by this.
    private final Deque<Item> items = new ArrayDeque<>();
    private long waiting;
    private boolean closed;
    private @Nullable String closedBecause;

    private record Item(byte @Nullable [] data, CompletableFuture<Void> written) {}

    PipeWriter(String worker, IoLoop loop, int fd) {
        this.worker = worker;
        this.loop = loop;
        this.fd = fd;
    }

    /** See {@link io.millwright.controller.internal.process.WorkerProcess#write}. */
    CompletableFuture<Void> write(byte[] data) {
        Item item = new Item(data, new CompletableFuture<>());
        String refused = enqueue(item);
        if (refused != null) {
            item.written.completeExceptionally(new IOException(refused));
        } else {
            loop.execute(this::flush);
        }
        return item.written;
    }

    /** The pipe's name; empty if it is closed. */
    synchronized String pipe() {
        return closed ? "" : Pipes.name(fd);
    }

    private synchronized @Nullable String enqueue(Item item) {
        if (closedBecause != null) {
            return "standard input of worker '" + worker + "' is closed: " + closedBecause;
        }
        long length = item.data == null ? 0 : item.data.length;
        if (waiting > 0 && waiting + length > LIMIT) {
            return "worker '" + worker + "' does not read its standard input: " + waiting
                    + " bytes are waiting already; try again when it has read them";
        }
        items.add(item);
        waiting += length;
        return null;
    }

    /** Ends the input after what was written before; {@code why} is told to those who write later. */
    void close(String why) {
        synchronized (this) {
            if (closedBecause != null) {
                return;
            }
            // Waiting bytes do not count here: the end can always be told.
            items.add(new Item(null, new CompletableFuture<>()));
            closedBecause = why;
        }
        loop.execute(this::flush);
    }

    @Override
    public void ready(Turn turn) {
        flush(turn);
    }

    private void flush(Turn turn) {
        for (Item item = head(); item != null; item = head()) {
            byte[] data = item.data;
            if (data == null) {
                fail("it was ended");
                return;
            }
            if (offset < data.length) {
                int size = Math.min(data.length - offset, PipeSize.USUAL);
                turn.usual.bytes.clear().put(data, offset, size);
                long written = LibC.write(fd, turn.usual.address, size);
                if (written < 0) {
                    if (LibC.errno() == LibC.EAGAIN || LibC.errno() == LibC.EINTR) {
                        awaitRoom();
                    } else {
                        fail("the process does not take it any more (" + LibC.text(LibC.errno()) + ")");
                    }
                    return;
                }
                offset += (int) written;
            }
            if (offset == data.length) {
                offset = 0;
                remove(data.length);
                item.written.complete(null);
            }
        }
        rest();
    }

    private synchronized @Nullable Item head() {
        return closed ? null : items.peek();
    }

    private synchronized void remove(int size) {
        items.remove();
        waiting -= size;
    }

    private void awaitRoom() {
        if (token == 0) {
            try {
                token = loop.add(fd, LibC.EPOLLOUT, this);
            } catch (IOException e) {
                fail(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Not watched while there is nothing to write: a pipe whose reader is gone is always ready. */
    private void rest() {
        if (token != 0) {
            loop.remove(fd, token);
            token = 0;
        }
    }

    /** Closes; threads that wait and threads that come later are told why. For the leader. */
    void fail(String why) {
        rest();
        Deque<Item> left;
        String reason;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            reason = closedBecause == null ? why : closedBecause;
            closedBecause = reason;
            left = new ArrayDeque<>(items);
            items.clear();
            waiting = 0;
            LibC.close(fd);
        }
        left.forEach(item -> item.written.completeExceptionally(
                new IOException("standard input of worker '" + worker + "' cannot be written: " + why)));
    }

    @Override
    public void loopEnds(Turn turn) {
        fail("the node is ending");
    }

    /** Closes what was never begun. */
    synchronized void discard() {
        if (!closed) {
            closed = true;
            LibC.close(fd);
        }
    }
}
