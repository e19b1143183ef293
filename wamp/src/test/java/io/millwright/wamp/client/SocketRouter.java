package io.millwright.wamp.client;

import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.serial.Serializer;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** A listener whose every octet the test says, written by hand and not with the framing it tests. */
final class SocketRouter implements Closeable {
    private final ServerSocketChannel server;
    private final Path folder;

    private SocketRouter(ServerSocketChannel server, Path folder) {
        this.server = server;
        this.folder = folder;
    }

    static SocketRouter unix() throws IOException {
        // A short path: a socket's has 107 bytes at most.
        Path folder = Files.createTempDirectory(Path.of("/tmp"), "mw");
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(folder.resolve("s")));
        return new SocketRouter(server, folder);
    }

    static SocketRouter tcp() throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return new SocketRouter(server, null);
    }

    Transport transport() throws IOException {
        return folder == null
                ? Transports.tcp("127.0.0.1", ((InetSocketAddress) server.getLocalAddress()).getPort())
                : Transports.unix(folder.resolve("s"));
    }

    /** The next connection; its handshake must be this, and is answered by that. */
    Line accept(String expected, String answer) throws IOException {
        Line line = new Line(server.accept());
        String octets = HexFormat.of().formatHex(line.bytes(4));
        if (!octets.equals(expected)) {
            throw new IOException("a handshake of " + octets);
        }
        line.raw(answer);
        return line;
    }

    @Override
    public void close() throws IOException {
        server.close();
        if (folder != null) {
            Files.deleteIfExists(folder.resolve("s"));
            Files.delete(folder);
        }
    }

    /** The router's end of a connection. */
    static final class Line implements Closeable {
        private final SocketChannel channel;

        Line(SocketChannel channel) {
            this.channel = channel;
        }

        void raw(String hex) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        byte[] bytes(int count) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(count);
            while (bytes.hasRemaining()) {
                if (channel.read(bytes) < 0) {
                    throw new EOFException("the client is gone");
                }
            }
            return bytes.array();
        }

        void say(Serializer serializer, WampMessage message) throws IOException {
            byte[] content = serializer.encode(message);
            raw(HexFormat.of().toHexDigits(content.length, 8) + HexFormat.of().formatHex(content));
        }

        /** The next frame: its header, and its content. */
        byte[] frame(int kind) throws IOException {
            int header = ByteBuffer.wrap(bytes(4)).getInt();
            if (header >>> 24 != kind) {
                throw new IOException("a frame of kind " + (header >>> 24));
            }
            return bytes(header & 0xffffff);
        }

        WampMessage expect(Serializer serializer) throws IOException {
            return serializer.decode(frame(0));
        }

        /** Whether the client is gone; with bytes it has not read its end is a reset. */
        boolean isAtEnd() throws IOException {
            try {
                return channel.read(ByteBuffer.allocate(1)) < 0;
            } catch (SocketException e) {
                return true;
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
