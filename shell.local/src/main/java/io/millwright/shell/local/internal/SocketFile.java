package io.millwright.shell.local.internal;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The file of the command socket, {@code run/node.sock}: made for its owner alone, removed only by who made it. */
final class SocketFile {
    /** sun_path holds 104 bytes on macOS and 108 on Linux, with the closing zero; the JDK wants some of it. */
    static final int MAX_PATH = 100;

    private static final Set<PosixFilePermission> DIRECTORY_MODE = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> SOCKET_MODE = PosixFilePermissions.fromString("rw-------");
    private static final int BACKLOG = 128;

    private final Path path;
    private @Nullable Object identity;

    SocketFile(Path nodeDirectory) {
        this.path = nodeDirectory.resolve("run").resolve("node.sock");
    }

    Path path() {
        return path;
    }

    /**
     * Makes the socket and listens on it, taking the place of one nobody answers on.
     *
     * @return a blocking channel
     * @throws IOException with a sentence for the node's user when it cannot be
     */
    ServerSocketChannel listen() throws IOException {
        int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_PATH) {
            throw new IOException("its path has " + length + " bytes and the system takes " + MAX_PATH
                    + "; choose a node directory with a shorter path");
        }
        Path directory = Objects.requireNonNull(path.getParent());
        Files.createDirectories(Objects.requireNonNull(directory.getParent()));
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(DIRECTORY_MODE));
        }
        // the socket is born with the umask's mode: before it is there its directory must keep others out
        Files.setPosixFilePermissions(directory, DIRECTORY_MODE);
        removeStale();
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(path), BACKLOG);
            Files.setPosixFilePermissions(path, SOCKET_MODE);
            identity = identity();
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    UserPrincipal owner() throws IOException {
        return Files.getOwner(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** Removes the file, unless it is another's by now. */
    void remove() throws IOException {
        if (identity != null && Files.exists(path, LinkOption.NOFOLLOW_LINKS) && identity.equals(identity())) {
            Files.delete(path);
        }
        identity = null;
    }

    private void removeStale() throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!attributes().isOther()) {
            throw new IOException("there is a file of that name which is no socket; remove it");
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            // nobody listens: what a node that was killed left behind
            Files.delete(path);
            return;
        }
        throw new IOException("another process answers there; one node directory is for one node");
    }

    private Object identity() throws IOException {
        Object key = attributes().fileKey();
        return key == null ? path : key;
    }

    private BasicFileAttributes attributes() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
}
