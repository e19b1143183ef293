package io.millwright.controller.internal.node;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The directory a node keeps everything in, and the places in it. Immutable.
 *
 * @param path absolute
 */
public record NodeDirectory(Path path) {
    /** Makes the path absolute and plain. */
    public NodeDirectory {
        path = path.toAbsolutePath().normalize();
    }

    /**
     * Makes the folders that are missing: {@code log/workers}, and {@code run}, {@code key} and {@code state} for the node's user only.
     *
     * @throws IOException if one cannot be made or written; the message says which and what to do
     */
    public void create() throws IOException {
        try {
            Files.createDirectories(workerLogs());
            privateDirectory(run());
            privateDirectory(key());
            privateDirectory(state());
        } catch (IOException e) {
            throw new IOException(
                    "node directory " + path + " cannot be used: " + e
                            + "; it must be a directory the node's user can write",
                    e);
        }
        if (!Files.isWritable(path)) {
            throw new IOException("node directory " + path + " is not writable for the node's user");
        }
    }

    private static void privateDirectory(Path directory) throws IOException {
        Files.createDirectories(directory);
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /**
     * Where worker logs are.
     *
     * @return {@code log/workers}
     */
    public Path workerLogs() {
        return path.resolve("log").resolve("workers");
    }

    /**
     * The audit log.
     *
     * @return {@code log/audit.log}
     */
    public Path auditLog() {
        return path.resolve("log").resolve("audit.log");
    }

    /**
     * Where run files are.
     *
     * @return {@code run}
     */
    public Path run() {
        return path.resolve("run");
    }

    /**
     * Where what outlives a life of the node is.
     *
     * @return {@code state}
     */
    public Path state() {
        return path.resolve("state");
    }

    /**
     * Where the node key is.
     *
     * @return {@code key}
     */
    public Path key() {
        return path.resolve("key");
    }
}
