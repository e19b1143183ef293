package io.millwright.wamp.internal.client;

import io.millwright.wamp.client.Transport;
import io.millwright.wamp.rawsocket.Handshake;
import io.millwright.wamp.serial.Serializer;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** RawSocket over a Unix domain socket or TCP. */
public final class RawSocketTransport implements Transport {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Supplier<SocketAddress> address;
    private final String name;

    /** A way to an address, which is made anew for each connection. */
    public RawSocketTransport(Supplier<SocketAddress> address, String name) {
        this.address = address;
        this.name = name;
    }

    @Override
    public Connection open(Serializer serializer, int maxLength) throws IOException {
        SocketChannel channel = connect(address.get());
        Selector selector = null;
        try {
            selector = Selector.open();
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            Handshake own = Handshake.of(serializer, maxLength);
            channel.write(ByteBuffer.wrap(own.octets()));
            Handshake router = own.ofRouter(octets(channel, selector));
            return new RawSocketConnection(channel, selector, own.maxLength(), router.maxLength());
        } catch (IOException | RuntimeException e) {
            channel.close();
            if (selector != null) {
                selector.close();
            }
            throw e;
        }
    }

    private static SocketChannel connect(SocketAddress to) throws IOException {
        if (to instanceof UnixDomainSocketAddress) {
            return SocketChannel.open(to);
        }
        if (to instanceof InetSocketAddress inet && inet.isUnresolved()) {
            throw new IOException("the host '" + inet.getHostString() + "' is not known");
        }
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            channel.socket().connect(to, TIMEOUT_MILLIS);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** The router's four octets; a router that says nothing is waited for some seconds. */
    private static byte[] octets(SocketChannel channel, Selector selector) throws IOException {
        ByteBuffer octets = ByteBuffer.allocate(Handshake.OCTETS);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS);
        while (octets.hasRemaining()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                throw new IOException("the router does not answer the handshake");
            }
            selector.select(left);
            selector.selectedKeys().clear();
            if (channel.read(octets) < 0) {
                throw new EOFException("the router ended the connection in the handshake");
            }
        }
        return octets.array();
    }

    @Override
    public String toString() {
        return name;
    }
}
