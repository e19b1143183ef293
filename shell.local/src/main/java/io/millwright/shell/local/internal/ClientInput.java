package io.millwright.shell.local.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A command's standard input: asks the client for a piece only when the command reads and nothing is left. Thread-safe;
 * at most one piece is held.
 */
final class ClientInput extends InputStream {
    private final FrameWriter writer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private ByteBuffer piece = ByteBuffer.allocate(0);
    private boolean asked;
    private boolean ended;
    private boolean broken;
    private boolean interrupted;

    ClientInput(FrameWriter writer) {
        this.writer = writer;
    }

    /** A piece came; empty means the end. Called by the server's thread. */
    void supply(ByteBuffer data) throws ProtocolException {
        lock.lock();
        try {
            if (!asked) {
                throw new ProtocolException("input came that nobody asked for");
            }
            asked = false;
            ended = !data.hasRemaining();
            piece = data;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No more will come: the connection is gone. */
    void close(boolean clean) {
        lock.lock();
        try {
            ended = true;
            broken |= !clean;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends a waiting or the next read with an {@link InterruptedIOException}; what is asked for stays asked for. */
    void interrupt() {
        lock.lock();
        try {
            interrupted = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Closing is the connection's business, not a command's. */
    @Override
    public void close() {}

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        askIfNeeded();
        lock.lock();
        try {
            while (!piece.hasRemaining() && !ended && !interrupted) {
                changed.await();
            }
            if (broken) {
                throw new IOException("the client is gone");
            }
            if (interrupted) {
                interrupted = false;
                throw new InterruptedIOException("interrupted while waiting for input");
            }
            int count = Math.min(length, piece.remaining());
            piece.get(target, offset, count);
            return count == 0 ? -1 : count;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for input");
        } finally {
            lock.unlock();
        }
    }

    private void askIfNeeded() throws IOException {
        lock.lock();
        try {
            if (asked || ended || piece.hasRemaining()) {
                return;
            }
            asked = true;
        } finally {
            lock.unlock();
        }
        // without the lock: sending waits for the client, and the server's thread, which wakes it, needs the lock
        writer.send(Protocol.NEED_INPUT, new byte[0], 0, 0);
    }

    @Override
    public int available() {
        lock.lock();
        try {
            return piece.remaining();
        } finally {
            lock.unlock();
        }
    }
}
