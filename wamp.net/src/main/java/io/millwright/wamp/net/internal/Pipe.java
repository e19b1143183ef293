package io.millwright.wamp.net.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The bytes of a connection on their way through its channel, as they are or encrypted. Used by the loop's thread. */
interface Pipe {
    /**
     * Reads what is there; how many bytes it were, -1 if no more will come.
     *
     * @param most about how many bytes are to be read; what is encrypted comes by whole records, which may be more
     */
    int read(ByteBuffer into, int most) throws IOException;

    /** Writes as much as the channel takes; false if it takes no more now although there is more. */
    boolean write(Outgoing outgoing) throws IOException;

    /** Says that nothing follows. */
    void finish() throws IOException;

    /** Whether it waits for something done elsewhere; it calls when that is over, and there is nothing to read or write until then. */
    default boolean isResting() {
        return false;
    }

    /** Bytes as they are. */
    static Pipe plain(Loop loop, SocketChannel channel) {
        return new Pipe() {
            @Override
            public int read(ByteBuffer into, int most) throws IOException {
                return channel.read(into.limit(Math.min(into.limit(), into.position() + most)));
            }

            @Override
            public boolean write(Outgoing outgoing) throws IOException {
                while (!outgoing.isEmpty()) {
                    ByteBuffer bytes = loop.output();
                    outgoing.peek(bytes);
                    outgoing.taken(channel.write(bytes.flip()));
                    if (bytes.hasRemaining()) {
                        return false;
                    }
                }
                return true;
            }

            @Override
            public void finish() throws IOException {
                channel.shutdownOutput();
            }
        };
    }
}
