package io.millwright.shell.local.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An open file that is given up when the process has as many as it may have, so that one more client can be taken and told so.
 * For the server's thread only.
 */
final class SpareDescriptor implements AutoCloseable {
    private static final Path NULL = Path.of("/dev/null");
    private static final String WHY =
            "the node has as many open files as it may have and takes no command now; end workers, or raise its limit (ulimit -n)\n";

    private @Nullable FileChannel spare;

    SpareDescriptor() {
        open();
    }

    private void open() {
        try {
            spare = FileChannel.open(NULL);
        } catch (IOException e) {
            spare = null;
        }
    }

    /** Takes the next client in place of the spare file and hangs up on it; false if that is not possible. */
    boolean refuseOne(ServerSocketChannel server) {
        if (spare == null) {
            open();
        }
        if (spare == null) {
            return false;
        }
        close();
        try (SocketChannel client = server.accept()) {
            if (client == null) {
                return false;
            }
            byte[] text = WHY.getBytes(StandardCharsets.UTF_8);
            ByteBuffer answer = ByteBuffer.allocate(text.length + 14);
            answer.put(Protocol.ERROR).putInt(text.length).put(text);
            answer.put(Protocol.EXIT).putInt(Integer.BYTES).putInt(Protocol.EXIT_FAILED);
            client.configureBlocking(false);
            client.write(answer.flip());
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
