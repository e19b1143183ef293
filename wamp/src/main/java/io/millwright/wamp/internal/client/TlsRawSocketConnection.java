package io.millwright.wamp.internal.client;

import io.millwright.wamp.rawsocket.FrameReader;
import io.millwright.wamp.rawsocket.Frames;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A RawSocket connection over TLS: a thread of its own writes, because a write of the JDK's TLS sockets blocks. */
final class TlsRawSocketConnection extends FramedConnection {
    private static final int READ_BYTES = 16 * 1024;
    /** How long what waits, and the end of TLS, may take after {@link #close}: a peer that does not read would keep them for ever. */
    private static final int LINGER_SECONDS = 10;

    private final SocketChannel channel;
    private final SSLSocket socket;
    private final InputStream in;
    /** Guarded by the lock. */
    private final ArrayDeque<ByteBuffer> frames = new ArrayDeque<>();

    private long waiting;
    /** Completed when the writer is at its end. */
    private final CompletableFuture<@Nullable Void> written = new CompletableFuture<>();

    TlsRawSocketConnection(SocketChannel channel, SSLSocket socket, int ownLength, int routersLength)
            throws IOException {
        super(ownLength, routersLength);
        this.channel = channel;
        this.socket = socket;
        in = socket.getInputStream();
        Thread writer = new Thread(this::write, Thread.currentThread().getName() + "-writer");
        writer.setDaemon(true);
        writer.start();
    }

    @Override
    void send(Frames.Kind kind, byte[] content) throws IOException {
        ByteBuffer frame = Frames.frame(kind, content);
        synchronized (lock) {
            if (closed) {
                throw new ClosedChannelException();
            }
            frames.add(frame);
            waiting += frame.remaining();
            lock.notifyAll();
        }
    }

    /** The writer's thread. It says the end of TLS too, so that no caller of {@link #close} is kept by a peer that does not read. */
    private void write() {
        try (socket) {
            OutputStream out = socket.getOutputStream();
            for (ByteBuffer frame = next(0); frame != null; frame = next(frame.limit())) {
                out.write(frame.array(), frame.arrayOffset(), frame.limit());
            }
        } catch (IOException e) {
            // The reading thread tells.
        } finally {
            hangUp();
            written.complete(null);
        }
    }

    /** Waits for a frame; {@code null} if there will be none. What waited when the connection was closed comes first. */
    private @Nullable ByteBuffer next(int sent) {
        synchronized (lock) {
            waiting -= sent;
            while (frames.isEmpty() && !closed) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    // Nobody has this thread to interrupt.
                    return null;
                }
            }
            return frames.pollFirst();
        }
    }

    @Override
    public void run(Consumer<byte[]> receiver) throws IOException {
        FrameReader reader = new FrameReader(ownLength);
        byte[] bytes = new byte[READ_BYTES];
        try {
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                reader.read(ByteBuffer.wrap(bytes, 0, read), (kind, content) -> frame(kind, content, receiver));
                // An interrupt means that the client is to end: the session's own end was not waited for.
                if (isClosed() || Thread.interrupted()) {
                    return;
                }
            }
        } catch (ClosedChannelException e) {
            // Closed by the client, or its thread was interrupted.
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
            return closed ? 0 : waiting;
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            lock.notifyAll();
        }
        written.orTimeout(LINGER_SECONDS, TimeUnit.SECONDS).whenComplete((done, late) -> hangUp());
    }

    private void hangUp() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is closed for all that anybody can do.
        }
    }
}
