package io.millwright.sockets;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An open file that is given up when the process has as many as it may have, so that peers can be told, and hung up on, instead of waiting. For one
 * thread.
 */
public final class SpareDescriptor implements AutoCloseable {
    private static final Path NULL = Path.of("/dev/null");

    private final byte[] lastWord;
    private @Nullable FileChannel spare;

    /**
     * None yet.
     *
     * @param lastWord what a peer is sent before it is hung up on; may be empty
     */
    public SpareDescriptor(byte[] lastWord) {
        this.lastWord = lastWord.clone();
    }

    /** Opens it, while there are files to be had. */
    public void open() {
        try {
            spare = FileChannel.open(NULL);
        } catch (IOException e) {
            spare = null;
        }
    }

    /**
     * Takes the next peer in place of the spare file, sends the last word and hangs up. Does not block.
     *
     * @param server does not block either
     * @return false if nobody waits, or it is not possible
     */
    public boolean refuseOne(ServerSocketChannel server) {
        if (spare == null) {
            open();
        }
        if (spare == null) {
            return false;
        }
        close();
        try (SocketChannel peer = server.accept()) {
            if (peer == null) {
                return false;
            }
            peer.configureBlocking(false);
            peer.write(ByteBuffer.wrap(lastWord));
            return true;
        } catch (IOException e) {
            return false;
        } finally {
            open();
        }
    }

    @Override
    public void close() {
        try {
            if (spare != null) {
                spare.close();
            }
        } catch (IOException e) {
            // Nothing was written.
            return;
        } finally {
            spare = null;
        }
    }
}
