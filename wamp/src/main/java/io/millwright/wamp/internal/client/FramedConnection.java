package io.millwright.wamp.internal.client;

import io.millwright.wamp.WampErrorException;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.client.Transport;
import io.millwright.wamp.rawsocket.Frames;
import java.io.IOException;
import java.util.function.Consumer;

/** What RawSocket connections have in common, whatever carries their frames: the router's limit of length, and PONG for PING. */
abstract class FramedConnection implements Transport.Connection {
    /** Guards {@link #closed} and what subclasses say. */
    final Object lock = new Object();

    final int ownLength;
    private final int routersLength;
    boolean closed;

    FramedConnection(int ownLength, int routersLength) {
        this.ownLength = ownLength;
        this.routersLength = routersLength;
    }

    @Override
    public final void send(byte[] message) throws IOException {
        int longest = Math.min(routersLength, Frames.LONGEST);
        if (message.length > longest) {
            throw new WampErrorException(
                    WampErrors.PAYLOAD_SIZE_EXCEEDED,
                    "a message of " + message.length + " bytes; the router takes " + longest);
        }
        send(Frames.Kind.MESSAGE, message);
    }

    /**
     * Sends a frame, now or when those before it are sent.
     *
     * @throws IOException if the connection is closed or broken
     */
    abstract void send(Frames.Kind kind, byte[] content) throws IOException;

    /** Takes a frame that has come; in the reading thread. */
    final void frame(Frames.Kind kind, byte[] content, Consumer<byte[]> receiver) {
        if (kind == Frames.Kind.MESSAGE) {
            receiver.accept(content);
        } else if (kind == Frames.Kind.PING) {
            try {
                send(Frames.Kind.PONG, content);
            } catch (IOException e) {
                // The next read tells.
                close();
            }
        }
    }

    final boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }
}
