package io.millwright.shell.local.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sends frames to a client, waiting while it reads none. Thread-safe. An interrupt neither tears a frame nor closes
 * the connection, which is why the channel is a non-blocking one: the channel of a blocking write would be closed.
 */
final class FrameWriter {
    private final SocketChannel channel;
    private final Runnable askForRoom;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean room;
    private volatile boolean closed;

    /**
     * A writer on a non-blocking channel.
     *
     * @param channel where to write
     * @param askForRoom asks the server's thread to call {@link #roomAgain} once the channel takes more
     */
    FrameWriter(SocketChannel channel, Runnable askForRoom) {
        this.channel = channel;
        this.askForRoom = askForRoom;
    }

    /** Sends one frame; blocks, deaf to interrupts, until it is out or the connection closed. */
    void send(byte type, byte[] data, int offset, int length) throws IOException {
        ByteBuffer frame = frame(type, data, offset, length);
        lock.lock();
        try {
            while (true) {
                if (closed) {
                    throw new ClosedChannelException();
                }
                channel.write(frame);
                if (!frame.hasRemaining()) {
                    return;
                }
                room = false;
                askForRoom.run();
                while (!room && !closed) {
                    changed.awaitUninterruptibly();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void sendExit(int code) throws IOException {
        send(Protocol.EXIT, ByteBuffer.allocate(4).putInt(code).array(), 0, 4);
    }

    /** Sends a frame if the channel takes it at once, else drops it: for refusals by the server's thread. */
    void offer(byte type, byte[] data) throws IOException {
        channel.write(frame(type, data, 0, data.length));
    }

    /** Called by the server's thread when the channel takes more. */
    void roomAgain() {
        lock.lock();
        try {
            room = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends every present and later {@link #send} with an exception. Leaves the channel itself to its owner. */
    void close() {
        closed = true;
        roomAgain();
    }

    private static ByteBuffer frame(byte type, byte[] data, int offset, int length) {
        ByteBuffer frame = ByteBuffer.allocate(5 + length);
        return frame.put(type).putInt(length).put(data, offset, length).flip();
    }
}
