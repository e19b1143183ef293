package io.millwright.remote.wamp.internal;

import io.millwright.controller.api.ErrorCode;
import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.channel.ExpectedRun;
import io.millwright.sockets.SocketFile;
import io.millwright.wamp.net.ListenerConfig;
import io.millwright.wamp.net.Listeners;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets of workers of other users than the node's: each has one in {@code run/w/ID/}, to which its user alone can connect, and which
 * is gone when its run is over. While there is any, others can pass through {@code run}, whose other files keep them out. Thread-safe; looks
 * at files.
 */
final class WorkerSockets implements WorkerChannels.Sockets {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerSockets.class);
    private static final String SOCKET = "wamp.sock";

    private final Path run;
    private final Path folder;
    private final Listeners listeners;
    /** Guarded by this. */
    private int open;

    /**
     * None yet; what a node that was killed has left is removed.
     *
     * @param run the node's folder of sockets
     * @param listeners take those that connect
     */
    WorkerSockets(Path run, Listeners listeners) {
        this.run = run;
        this.folder = run.resolve("w");
        this.listeners = listeners;
        if (Files.isDirectory(folder)) {
            try (Stream<Path> left = Files.list(folder)) {
                left.forEach(WorkerSockets::remove);
            } catch (IOException e) {
                LOG.warn("{} cannot be looked through: {}", folder, e.toString());
            }
        }
    }

    @Override
    public WorkerChannels.Address open(ExpectedRun expected, String user) {
        Path own = folder.resolve(expected.worker().value());
        Path socket = own.resolve(SOCKET);
        try {
            requireReach(run.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
            synchronized (this) {
                Files.createDirectories(folder);
                SocketFile.setPassage(folder, true);
                SocketFile.setPassage(run, true);
                open++;
            }
            listeners.add(ListenerConfig.unix(name(expected), socket).withUser(user));
            return new WorkerChannels.Address(socket.toString(), uid(socket));
        } catch (IOException | IllegalStateException e) {
            close(expected);
            throw new NodeException(
                    ErrorCode.CANNOT_START,
                    "no control channel for user '" + user + "': "
                            + (e instanceof UserPrincipalNotFoundException
                                    ? "there is no such user on this machine"
                                    : e instanceof FileSystemException ? e : e.getMessage()));
        }
    }

    private static long uid(Path file) throws IOException {
        return ((Number) Files.getAttribute(file, "unix:uid")).longValue();
    }

    private static String name(ExpectedRun expected) {
        return "worker:" + expected.worker();
    }

    /** Each folder above must let the user pass; what it may as a member of a group counts for nothing here. */
    private void requireReach(UserPrincipal user) throws IOException {
        if (Files.getOwner(run).equals(user)) {
            return;
        }
        for (Path one = run.toAbsolutePath().getParent(); one != null; one = one.getParent()) {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(one);
            if (!mode.contains(PosixFilePermission.OTHERS_EXECUTE)
                    && !Files.getOwner(one).equals(user)) {
                throw new IOException(
                        "it cannot reach its socket, for " + one
                                + " is closed to others; let them pass through it (chmod o+x), or run the worker as the node's user");
            }
        }
    }

    @Override
    public void close(ExpectedRun expected) {
        listeners.remove(name(expected));
        remove(folder.resolve(expected.worker().value()));
        synchronized (this) {
            if (open > 0 && --open == 0) {
                try {
                    SocketFile.setPassage(run, false);
                } catch (IOException e) {
                    LOG.warn("{} is not closed to others: {}", run, e.toString());
                }
            }
        }
    }

    private static void remove(Path own) {
        try {
            Files.deleteIfExists(own.resolve(SOCKET));
            Files.deleteIfExists(own);
        } catch (IOException e) {
            LOG.warn("{} cannot be removed: {}", own, e.toString());
        }
    }
}
