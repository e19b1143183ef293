package io.millwright.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lock that lets one node at a time use a node directory: an operating system lock on {@code run/lock}, so that it
 * ends with the process however that ends, and one on {@code .lock} for the case that {@code run/} is removed under a node. Used by the main thread only.
 */
final class NodeLock implements AutoCloseable {
    private static final String OUTER = ".lock";

    private final Path run;
    private final List<FileChannel> channels;

    private NodeLock(Path run, List<FileChannel> channels) {
        this.run = run;
        this.channels = channels;
    }

    /** Takes the lock and writes {@code run/pid}, or refuses naming the process that has it. */
    static NodeLock take(NodeDirectory directory) throws LauncherException {
        List<FileChannel> taken = new ArrayList<>();
        boolean complete = false;
        try {
            for (Path file :
                    List.of(directory.path().resolve(OUTER), directory.run().resolve("lock"))) {
                FileChannel channel = open(file, directory);
                if (channel != null) {
                    taken.add(channel);
                    lock(channel, directory);
                }
            }
            forgetState(directory.run());
            Files.writeString(directory.run().resolve("pid"), pid());
            complete = true;
            return new NodeLock(directory.run(), taken);
        } catch (IOException e) {
            throw LauncherException.failed(
                    "cannot lock the node directory with " + directory.run().resolve("lock") + ": " + Reason.of(e));
        } finally {
            if (!complete) {
                taken.forEach(NodeLock::closeQuietly);
            }
        }
    }

    /** The lock beside {@code run/} is for a directory whose {@code run/} is removed; where nobody may write there, it is left out. */
    private static @Nullable FileChannel open(Path file, NodeDirectory directory) throws LauncherException {
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (AccessDeniedException e) {
            if (file.endsWith(OUTER) && Files.notExists(file)) {
                return null;
            }
            throw LauncherException.failed("cannot open the lock of the node directory: " + Reason.of(e));
        } catch (IOException e) {
            throw LauncherException.failed("cannot open the lock of the node directory: " + Reason.of(e));
        }
    }

    private static void lock(FileChannel channel, NodeDirectory directory) throws IOException, LauncherException {
        if (!tryLock(channel)) {
            throw LauncherException.failed("a node already runs in " + directory.path() + " (pid " + owner(channel)
                    + "); stop it first, or use another node directory");
        }
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(pid().getBytes(StandardCharsets.US_ASCII)), 0);
    }

    private static String pid() {
        return ProcessHandle.current().pid() + "\n";
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
        channels.forEach(NodeLock::closeQuietly);
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
