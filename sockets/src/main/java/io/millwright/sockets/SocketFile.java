package io.millwright.sockets;

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

/** The file of a Unix socket: made for its owner alone, be that another user, and removed only by its maker. For one thread. */
public final class SocketFile {
    /** The longest path, in bytes: sun_path holds 104 on macOS and 108 on Linux, with the closing zero; the JDK wants some of it. */
    public static final int MAX_PATH = 100;

    private static final Set<PosixFilePermission> DIRECTORY_MODE = PosixFilePermissions.fromString("rwx------");
    /** Others may pass through it to what they may reach in it, and see nothing of it. */
    private static final Set<PosixFilePermission> PASSAGE = PosixFilePermissions.fromString("rwx--x--x");

    private static final Set<PosixFilePermission> SOCKET_MODE = PosixFilePermissions.fromString("rw-------");

    private final Path path;
    private final @Nullable String user;
    private @Nullable Object identity;

    /**
     * A file that is not made yet.
     *
     * @param path where, in a folder of its own: that will be closed to all but its owner
     */
    public SocketFile(Path path) {
        this(path, null);
    }

    /**
     * A file that is not made yet.
     *
     * @param path where, in a folder of its own: others will pass through that only if the socket is another user's
     * @param user the user that alone may connect, by name or number; {@code null} for the one that makes it
     */
    public SocketFile(Path path, @Nullable String user) {
        this.path = path;
        this.user = user;
    }

    /**
     * Lets others pass through a folder of the caller's to what they may reach in it, or no more. What is in it by names that others know is
     * to have modes that keep them out. It stays so though a socket is made in it.
     *
     * @throws IOException if its mode cannot be changed
     */
    public static void setPassage(Path directory, boolean open) throws IOException {
        Files.setPosixFilePermissions(directory, open ? PASSAGE : DIRECTORY_MODE);
    }

    /**
     * Where it is.
     *
     * @return the path
     */
    public Path path() {
        return path;
    }

    /**
     * Makes the file and binds a channel to it, taking the place of a socket that nobody answers on. Blocks.
     *
     * @param channel of the Unix family
     * @param backlog how many peers may wait to be taken
     * @throws IOException with a sentence, if it cannot be
     */
    public void bind(ServerSocketChannel channel, int backlog) throws IOException {
        int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > MAX_PATH) {
            throw new IOException(
                    "its path has " + length + " bytes and the system takes " + MAX_PATH + "; choose a shorter one");
        }
        Path directory = Objects.requireNonNull(path.getParent(), "a path of a socket has a folder");
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(Objects.requireNonNull(directory.getParent()));
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(DIRECTORY_MODE));
        }
        // The socket is born with the umask's mode: before it is there its folder must keep others out.
        boolean passage =
                user != null || Files.getPosixFilePermissions(directory).equals(PASSAGE);
        Files.setPosixFilePermissions(directory, DIRECTORY_MODE);
        removeStale();
        channel.bind(UnixDomainSocketAddress.of(path), backlog);
        identity = identity();
        Files.setPosixFilePermissions(path, SOCKET_MODE);
        if (user != null) {
            Files.setOwner(
                    path, path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
        }
        if (passage) {
            setPassage(directory, true);
        }
    }

    /**
     * Whose it is.
     *
     * @return the user
     * @throws IOException if the file is not there
     */
    public UserPrincipal owner() throws IOException {
        return Files.getOwner(path, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Removes the file, unless it is another's by now.
     *
     * @throws IOException if it cannot be removed
     */
    public void remove() throws IOException {
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
            // Nobody listens: a process that was killed left it behind.
            Files.delete(path);
            return;
        }
        throw new IOException("another process or listener answers there; a socket is one listener's");
    }

    private Object identity() throws IOException {
        Object key = attributes().fileKey();
        return key == null ? path : key;
    }

    private BasicFileAttributes attributes() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }
}
