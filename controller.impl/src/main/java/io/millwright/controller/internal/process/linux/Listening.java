package io.millwright.controller.internal.process.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.millwright.controller.internal.process.SystemPath;
import io.millwright.controller.internal.process.tree.SocketHolders;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The descriptor of a listening socket, and what it left in the file system. Closed once, by one thread. */
final class Listening implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listening.class);
    private static final short AF_UNIX = 1;
    private static final short AF_INET = 2;
    private static final short AF_INET6 = 10;
    private static final int SOCK_STREAM = 1;
    private static final short POLLIN = 1;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int INET6_SIZE = 28;
    private static final int INET_SIZE = 16;
    /** With the byte that ends it. */
    private static final int LONGEST_PATH = 108;

    private static final int MEMORY = Short.BYTES + LONGEST_PATH;
    private static final int LAST_PRIVILEGED = 1023;
    /** Above the numbers it is handed under, so that none of these is overwritten before it was copied. */
    private static final int LEAST_NUMBER = 64;

    private final int fd;
    private final @Nullable Path path;
    private final @Nullable Object file;

    private Listening(int fd, @Nullable Path path, @Nullable Object file) {
        this.fd = fd;
        this.path = path;
        this.file = file;
    }

    int fd() {
        return fd;
    }

    /** Binds and listens; blocks. */
    static Listening open(SocketAddress address, int backlog, int mode) throws IOException {
        if (address instanceof UnixDomainSocketAddress unix) {
            return openUnix(unix.getPath(), backlog, mode);
        }
        InetSocketAddress inet = (InetSocketAddress) address;
        short family = inet.getAddress() instanceof Inet6Address ? AF_INET6 : AF_INET;
        int fd = socket(family);
        try {
            bind(fd, inet);
            listen(fd, backlog, inet);
            return new Listening(fd, null, null);
        } catch (IOException | RuntimeException | Error e) {
            LibC.close(fd);
            throw e;
        }
    }

    /** Gives it another backlog and its file other permissions; what listens can be told to listen again. */
    void adjust(int backlog, int mode) throws IOException {
        if (LibC.listen(fd, backlog) != 0) {
            throw LibC.failure("cannot listen with a backlog of " + backlog);
        }
        if (path != null && isOwnFile(path)) {
            Files.setAttribute(path, "unix:mode", mode);
        }
    }

    /** Whether a connection can be accepted now. */
    boolean hasConnection() {
        try {
            return withMemory(memory -> {
                        Pointer at = new Pointer(memory);
                        at.setInt(0, fd);
                        at.setShort(Integer.BYTES, POLLIN);
                        at.setShort(Integer.BYTES + Short.BYTES, (short) 0);
                        return LibC.poll(memory, 1, 0);
                    })
                    == 1;
        } catch (IOException noMemory) {
            return false;
        }
    }

    private static int socket(short family) throws IOException {
        int made = LibC.socket(family, SOCK_STREAM | LibC.O_CLOEXEC, 0);
        if (made < 0) {
            throw Descriptors.failure("cannot make a socket");
        }
        int fd = LibC.fcntl(made, LibC.F_DUPFD_CLOEXEC, LEAST_NUMBER);
        IOException failure = fd < 0 ? Descriptors.failure("cannot make a socket") : null;
        LibC.close(made);
        if (failure != null) {
            throw failure;
        }
        return fd;
    }

    private static void bind(int fd, InetSocketAddress inet) throws IOException {
        byte[] bytes = inet.getAddress().getAddress();
        boolean long6 = inet.getAddress() instanceof Inet6Address;
        int error = withMemory(memory -> {
            Pointer at = new Pointer(memory);
            at.setInt(0, 1);
            LibC.setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, memory, Integer.BYTES);
            at.clear(INET6_SIZE);
            at.setShort(0, long6 ? AF_INET6 : AF_INET);
            at.setByte(2, (byte) (inet.getPort() >> Byte.SIZE));
            at.setByte(3, (byte) inet.getPort());
            at.write(long6 ? Long.BYTES : Integer.BYTES, bytes, 0, bytes.length);
            if (inet.getAddress() instanceof Inet6Address scoped) {
                at.setInt(INET6_SIZE - Integer.BYTES, scoped.getScopeId());
            }
            return LibC.bind(fd, memory, long6 ? INET6_SIZE : INET_SIZE) == 0 ? 0 : LibC.errno();
        });
        if (error != 0) {
            throw refused(inet, error);
        }
    }

    private static void listen(int fd, int backlog, InetSocketAddress inet) throws IOException {
        if (LibC.listen(fd, backlog) != 0) {
            // Two may be bound to one address before either listens.
            throw refused(inet, LibC.errno());
        }
    }

    private static IOException refused(InetSocketAddress inet, int error) {
        InetAddress host = inet.getAddress();
        String what =
                "cannot listen on port " + inet.getPort() + " of " + host.getHostAddress() + ": " + LibC.text(error);
        if (error == LibC.EADDRINUSE) {
            what += holders(SocketHolders.ofPort(inet.getPort()));
        } else if (error == LibC.EACCES && inet.getPort() <= LAST_PRIVILEGED) {
            what += "; ports below " + (LAST_PRIVILEGED + 1)
                    + " need a node with CAP_NET_BIND_SERVICE, or another net.ipv4.ip_unprivileged_port_start";
        } else if (error == LibC.EADDRNOTAVAIL) {
            what += "; this machine has no such address";
        }
        return new IOException(what);
    }

    private static String holders(List<Long> pids) {
        return pids.isEmpty() ? "" : " by process " + pids.get(0) + " (" + SocketHolders.name(pids.get(0)) + ")";
    }

    private static Listening openUnix(Path path, int backlog, int mode) throws IOException {
        byte[] name = SystemPath.bytes(path);
        String what = "cannot listen on " + path + ": ";
        if (name.length >= LONGEST_PATH) {
            throw new IOException(
                    what + "its path has " + name.length + " bytes, and the path of a Unix socket has at most "
                            + (LONGEST_PATH - 1) + "; choose a shorter one");
        }
        removeStale(path, what);
        int fd = socket(AF_UNIX);
        try {
            int error = withMemory(memory -> {
                Pointer at = new Pointer(memory);
                at.clear(MEMORY);
                at.setShort(0, AF_UNIX);
                at.write(Short.BYTES, name, 0, name.length);
                return LibC.bind(fd, memory, Short.BYTES + name.length + 1) == 0 ? 0 : LibC.errno();
            });
            if (error != 0) {
                Path folder = path.getParent();
                String hint = error == LibC.ENOENT ? "; there is no folder " + folder + ", make it" : "";
                throw new IOException(what + LibC.text(error) + hint);
            }
            // Nobody can connect before it listens.
            Files.setAttribute(path, "unix:mode", mode);
            if (LibC.listen(fd, backlog) != 0) {
                throw LibC.failure("cannot listen on " + path);
            }
            return new Listening(fd, path, fileOf(path));
        } catch (IOException | RuntimeException | Error e) {
            LibC.close(fd);
            throw e;
        }
    }

    /** Removes the socket file of a program that is not there any more. */
    private static void removeStale(Path path, String what) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        int type = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0170000;
        if (type != 0140000) {
            throw new IOException(what + "there is something else than a socket; remove it, or choose another path");
        }
        try (SocketChannel channel = SocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            channel.configureBlocking(false);
            channel.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("refused")) {
                LOG.info("{} was left behind by a program that has ended; it is replaced", path);
                Files.deleteIfExists(path);
                return;
            }
        }
        throw new IOException(what + "in use" + holders(SocketHolders.ofPath(path)));
    }

    private static @Nullable Object fileOf(Path path) throws IOException {
        return Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    }

    private boolean isOwnFile(Path there) throws IOException {
        return Files.exists(there, LinkOption.NOFOLLOW_LINKS) && Objects.equals(file, fileOf(there));
    }

    private interface Call {
        int with(long memory);
    }

    private static int withMemory(Call call) throws IOException {
        long memory = Native.malloc(MEMORY);
        if (memory == 0) {
            throw new IOException("no memory");
        }
        try {
            return call.with(memory);
        } finally {
            Native.free(memory);
        }
    }

    @Override
    public void close() {
        if (path != null) {
            try {
                if (isOwnFile(path)) {
                    Files.deleteIfExists(path);
                }
            } catch (IOException e) {
                LOG.debug("{} could not be removed", path, e);
            }
        }
        LibC.close(fd);
    }
}
