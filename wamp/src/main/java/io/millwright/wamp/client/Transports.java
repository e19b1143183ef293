package io.millwright.wamp.client;

import io.millwright.wamp.internal.client.RawSocketTransport;
import io.millwright.wamp.internal.client.TlsRawSocketTransport;
import io.millwright.wamp.internal.client.WebSocketTransport;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The ways to a router that the client brings. */
public final class Transports {
    private Transports() {}

    /** RawSocket on a Unix domain socket. */
    public static Transport unix(Path socket) {
        return new RawSocketTransport(() -> UnixDomainSocketAddress.of(socket), "unix:" + socket);
    }

    /** RawSocket on TCP, unencrypted; the name is looked up at each connect. */
    public static Transport tcp(String host, int port) {
        return new RawSocketTransport(() -> new InetSocketAddress(host, port), "tcp://" + host + ":" + port);
    }

    /**
     * RawSocket over TLS, on TCP; the name is looked up at each connect, and must be the one of the router's certificate.
     *
     * @param tls says whom to trust; {@code null}: what the JVM does
     */
    public static Transport tls(String host, int port, @Nullable SSLContext tls) {
        return new TlsRawSocketTransport(host, port, tls);
    }

    /** WebSocket, by the JDK's HTTP client; {@code wss} checks the router's certificate as the JVM does. */
    public static Transport webSocket(URI uri) {
        return new WebSocketTransport(uri, null);
    }

    /** WebSocket with a TLS context of your own: an authority of your own, a client's certificate. */
    public static Transport webSocket(URI uri, SSLContext tls) {
        return new WebSocketTransport(uri, tls);
    }
}
