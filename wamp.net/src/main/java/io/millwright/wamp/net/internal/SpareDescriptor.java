package io.millwright.wamp.net.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** An open file that is given up when the process has as many as it may have, so that peers can be hung up on instead of waiting. */
final class SpareDescriptor implements AutoCloseable {
    private static final Path NULL = Path.of("/dev/null");

    private @Nullable FileChannel spare;

    void open() {
        try {
            spare = FileChannel.open(NULL);
        } catch (IOException e) {
            spare = null;
        }
    }

    /** Takes the next peer in place of the spare file and hangs up on it; false if there is none, or it is not possible. */
    boolean refuseOne(ServerSocketChannel server) {
        if (spare == null) {
            open();
        }
        if (spare == null) {
            return false;
        }
        close();
        try (SocketChannel peer = server.accept()) {
            return peer != null;
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
