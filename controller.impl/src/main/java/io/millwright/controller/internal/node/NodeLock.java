package io.millwright.controller.internal.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps a node directory for one node: a lock on {@code run/lock}, which holds the owner's pid. Held until closed. */
public final class NodeLock implements AutoCloseable {
    private final FileChannel channel;
    private final FileLock lock;

    private NodeLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Takes the lock.
     *
     * @param directory the node directory, with its {@code run} folder made
     * @return the lock
     * @throws IOException if another node has it; the message names that node's pid
     */
    public static NodeLock take(NodeDirectory directory) throws IOException {
        Path file = directory.run().resolve("lock");
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = tryLock(channel);
            if (lock == null) {
                String owner = Files.readString(file).trim();
                throw new IOException("another node" + (owner.isEmpty() ? "" : " (pid " + owner + ")")
                        + " uses node directory " + directory.path()
                        + "; stop it, or give this node a directory of its own (millwright.dir)");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
            return new NodeLock(channel, lock);
        } catch (IOException | RuntimeException failed) {
            // With the channel goes its lock.
            channel.close();
            throw failed;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException here) {
            return null;
        }
    }

    @Override
    public void close() {
        try (channel) {
            lock.release();
        } catch (IOException e) {
            // The operating system releases it with the process at the latest.
            org.slf4j.LoggerFactory.getLogger(NodeLock.class).debug("releasing the node's lock", e);
        }
    }
}
