package io.millwright.launcher;

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

/**
 * The lock that lets one node at a time use a node directory: an operating system lock on {@code run/lock}, so that it
 * ends with the process however that ends. Used by the main thread only.
 */
final class NodeLock implements AutoCloseable {
    private final Path run;
    private final FileChannel channel;

    private NodeLock(Path run, FileChannel channel) {
        this.run = run;
        this.channel = channel;
    }

    /** Takes the lock and writes {@code run/pid}, or refuses naming the process that has it. */
    static NodeLock take(NodeDirectory directory) throws LauncherException {
        Path file = directory.run().resolve("lock");
        FileChannel channel;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw LauncherException.failed("cannot open the lock of the node directory: " + Reason.of(e));
        }
        boolean taken = false;
        try {
            if (!tryLock(channel)) {
                throw LauncherException.failed("a node already runs in " + directory.path() + " (pid " + owner(channel)
                        + "); stop it first, or use another node directory");
            }
            String pid = ProcessHandle.current().pid() + "\n";
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
            forgetState(directory.run());
            Files.writeString(directory.run().resolve("pid"), pid);
            taken = true;
            return new NodeLock(directory.run(), channel);
        } catch (IOException e) {
            throw LauncherException.failed("cannot lock the node directory with " + file + ": " + Reason.of(e));
        } finally {
            if (!taken) {
                closeQuietly(channel);
            }
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(32);
        channel.read(buffer, 0);
        String pid = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII).strip();
        return pid.isEmpty() ? "unknown" : pid;
    }

    /** Notes for others that this process was told to stop. Never throws: without the note it is only told once more. */
    void markStopping() {
        try {
            Files.createFile(run.resolve("stopping"));
        } catch (IOException e) {
            // There already, or the disk is full.
            return;
        }
    }

    /** Removes {@code run/pid} and lets go; the lock file stays, since deleting it would race with the next node. */
    @Override
    public void close() {
        try {
            forgetState(run);
            Files.deleteIfExists(run.resolve("pid"));
        } catch (IOException e) {
            Console.error("cannot remove " + run.resolve("pid") + ": " + Reason.of(e));
        }
        closeQuietly(channel);
    }

    private static void forgetState(Path run) throws IOException {
        Files.deleteIfExists(run.resolve("ready"));
        Files.deleteIfExists(run.resolve("stopping"));
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            Console.error("cannot close the lock file: " + Reason.of(e));
        }
    }
}
