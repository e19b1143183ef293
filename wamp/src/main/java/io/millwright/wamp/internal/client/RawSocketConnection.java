package io.millwright.wamp.internal.client;

import io.millwright.wamp.rawsocket.FrameReader;
import io.millwright.wamp.rawsocket.Frames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.Consumer;

/** A RawSocket connection: senders write what the socket takes at once, the reading thread writes the rest. */
final class RawSocketConnection extends FramedConnection {
    private static final int READ_BYTES = 64 * 1024;
    private static final int FRAMES_AT_ONCE = 64;

    private final SocketChannel channel;
    private final Selector selector;
    /** Guarded by the lock, with the order of what is written; the socket never blocks. */
    private final ArrayDeque<ByteBuffer> frames = new ArrayDeque<>();

    private long waiting;

    RawSocketConnection(SocketChannel channel, Selector selector, int ownLength, int routersLength) {
        super(ownLength, routersLength);
        this.channel = channel;
        this.selector = selector;
    }

    @Override
    void send(Frames.Kind kind, byte[] content) throws IOException {
        ByteBuffer frame = Frames.frame(kind, content);
        boolean wake;
        synchronized (lock) {
            if (closed) {
                throw new ClosedChannelException();
            }
            boolean first = frames.isEmpty();
            frames.add(frame);
            waiting += frame.remaining();
            if (first) {
                write();
            }
            wake = first && !frames.isEmpty();
        }
        if (wake) {
            selector.wakeup();
        }
    }

    /** Writes what the socket takes. */
    private void write() throws IOException {
        while (!frames.isEmpty()) {
            ByteBuffer[] some = new ByteBuffer[Math.min(FRAMES_AT_ONCE, frames.size())];
            Iterator<ByteBuffer> next = frames.iterator();
            for (int i = 0; i < some.length; i++) {
                some[i] = next.next();
            }
            long written = channel.write(some);
            waiting -= written;
            while (!frames.isEmpty() && !frames.getFirst().hasRemaining()) {
                frames.removeFirst();
            }
            if (written == 0) {
                return;
            }
        }
    }

    @Override
    public void run(Consumer<byte[]> receiver) throws IOException {
        FrameReader reader = new FrameReader(ownLength);
        ByteBuffer bytes = ByteBuffer.allocate(READ_BYTES);
        SelectionKey key = channel.keyFor(selector);
        try {
            while (true) {
                synchronized (lock) {
                    if (closed) {
                        return;
                    }
                    write();
                    key.interestOps(
                            frames.isEmpty() ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                }
                selector.select();
                selector.selectedKeys().clear();
                bytes.clear();
                int read = channel.read(bytes);
                if (read < 0) {
                    return;
                }
                reader.read(bytes.flip(), (kind, content) -> frame(kind, content, receiver));
                // An interrupt means that the client is to end: the session's own end was not waited for.
                if (Thread.interrupted()) {
                    return;
                }
            }
        } catch (ClosedChannelException | ClosedSelectorException | CancelledKeyException e) {
            // Closed by the client.
            return;
        } catch (IOException e) {
            if (!isClosed()) {
                throw e;
            }
        } finally {
            close();
        }
    }

    @Override
    public long waiting() {
        synchronized (lock) {
            return waiting;
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            frames.clear();
            waiting = 0;
        }
        try {
            channel.close();
            selector.close();
        } catch (IOException e) {
            // It is closed for all that anybody can do.
        }
    }
}
