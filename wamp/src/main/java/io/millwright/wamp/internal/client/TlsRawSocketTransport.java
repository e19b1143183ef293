package io.millwright.wamp.internal.client;

import io.millwright.wamp.client.Transport;
import io.millwright.wamp.rawsocket.Handshake;
import io.millwright.wamp.serial.Serializer;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** RawSocket over TLS on TCP. The router's certificate must be of the host that was asked for. */
public final class TlsRawSocketTransport implements Transport {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final String host;
    private final int port;
    private final @Nullable SSLContext tls;

    /** A way to a host, which is looked up for each connection; with the JVM's own TLS context if none is given. */
    public TlsRawSocketTransport(String host, int port, @Nullable SSLContext tls) {
        this.host = host;
        this.port = port;
        this.tls = tls;
    }

    @Override
    public Connection open(Serializer serializer, int maxLength) throws IOException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IOException("the host '" + host + "' is not known");
        }
        // A channel's socket, because an interrupt ends what it does.
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            channel.socket().connect(address, TIMEOUT_MILLIS);
            channel.socket().setSoTimeout(TIMEOUT_MILLIS);
            SSLSocket socket = secured(channel);
            Handshake own = Handshake.of(serializer, maxLength);
            socket.getOutputStream().write(own.octets());
            Handshake router = own.ofRouter(octets(socket));
            channel.socket().setSoTimeout(0);
            return new TlsRawSocketConnection(channel, socket, own.maxLength(), router.maxLength());
        } catch (SocketTimeoutException e) {
            channel.close();
            throw new IOException("the router does not answer the handshake", e);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private SSLSocket secured(SocketChannel channel) throws IOException {
        SSLSocket socket = (SSLSocket) context().getSocketFactory().createSocket(channel.socket(), host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (EOFException | SocketException e) {
            throw ended(e);
        } catch (SSLException e) {
            throw e.getCause() instanceof EOFException || e.getCause() instanceof SocketException ? ended(e) : e;
        }
        return socket;
    }

    private static IOException ended(IOException why) {
        return new IOException(
                "the router ended the connection in the handshake of TLS; its listener may be one without TLS", why);
    }

    private SSLContext context() throws IOException {
        try {
            return tls == null ? SSLContext.getDefault() : tls;
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("this JVM has no TLS: " + e.getMessage(), e);
        }
    }

    private static byte[] octets(SSLSocket socket) throws IOException {
        byte[] octets = new byte[Handshake.OCTETS];
        try {
            new DataInputStream(socket.getInputStream()).readFully(octets);
        } catch (EOFException e) {
            throw new IOException("the router ended the connection in the handshake", e);
        }
        return octets;
    }

    @Override
    public String toString() {
        return "tls://" + host + ":" + port;
    }
}
