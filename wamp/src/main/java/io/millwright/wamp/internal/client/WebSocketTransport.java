package io.millwright.wamp.internal.client;

import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.client.Transport;
import io.millwright.wamp.serial.Serializer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** WebSocket by the JDK's HTTP client, whose threads end some time after the transport is no longer used. */
public final class WebSocketTransport implements Transport {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final URI uri;
    private final @Nullable SSLContext tls;
    /** Made at the first connect: its thread is for nothing until then. */
    private @Nullable HttpClient client;

    /** A way to a URI of {@code ws} or {@code wss}; with the JVM's own TLS context if none is given. */
    public WebSocketTransport(URI uri, @Nullable SSLContext tls) {
        if (!"ws".equalsIgnoreCase(uri.getScheme()) && !"wss".equalsIgnoreCase(uri.getScheme())) {
            throw new IllegalArgumentException(
                    "'" + uri + "' is no URI of a WebSocket; it must begin with ws:// or wss://");
        }
        this.uri = uri;
        this.tls = tls;
    }

    private synchronized HttpClient client() {
        HttpClient known = client;
        if (known == null) {
            HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(TIMEOUT);
            if (tls != null) {
                builder.sslContext(tls);
            }
            known = builder.build();
            client = known;
        }
        return known;
    }

    @Override
    public Connection open(Serializer serializer, int maxLength) throws IOException {
        WebSocketConnection connection = new WebSocketConnection(serializer.isBinary(), maxLength);
        CompletableFuture<WebSocket> opening = client().newWebSocketBuilder()
                .subprotocols(serializer.webSocketProtocol())
                .connectTimeout(TIMEOUT)
                .buildAsync(uri, connection.listener());
        try {
            WebSocket socket = opening.get(2 * TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            connection.opened(socket);
            if (!socket.getSubprotocol().equals(serializer.webSocketProtocol())) {
                connection.close();
                throw new WampProtocolException("the router does not speak " + serializer.webSocketProtocol());
            }
            return connection;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new IOException(cause == null ? e.toString() : String.valueOf(cause.getMessage()), e);
        } catch (TimeoutException e) {
            opening.cancel(true);
            throw new IOException("the router does not answer the handshake", e);
        } catch (InterruptedException e) {
            opening.cancel(true);
            // Opened all the same, it is closed.
            opening.thenAccept(WebSocket::abort);
            throw new InterruptedIOException("the client is closed");
        }
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}
