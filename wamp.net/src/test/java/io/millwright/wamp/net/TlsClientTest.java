package io.millwright.wamp.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.wamp.WampConnectionException;
import io.millwright.wamp.client.Transport;
import io.millwright.wamp.client.Transport.Connection;
import io.millwright.wamp.client.Transports;
import io.millwright.wamp.client.WampClient;
import io.millwright.wamp.net.internal.Certificates;
import io.millwright.wamp.serial.Serializers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client by RawSocket over TLS. */
@Timeout(120)
class TlsClientTest {
    @TempDir
    Path dir;

    private Certificates certificates;

    @BeforeEach
    void make() throws Exception {
        certificates = new Certificates(dir);
        certificates.make("one", "EC");
    }

    private int listen(TestRealm test, String host) throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), 0);
        return ((InetSocketAddress) test.listeners
                        .add(ListenerConfig.tcp("t", address).withTls(dir.resolve("one.crt"), dir.resolve("one.key")))
                        .address())
                .getPort();
    }

    private static WampClient client(Transport transport) {
        return WampClient.builder(transport)
                .realm("realm")
                .reconnect(Duration.ofMillis(5), Duration.ofMillis(50))
                .build();
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    @Test
    void callsAndEventsOfAllLengthsComeThrough() throws Exception {
        SSLContext tls = certificates.trusting("one");
        try (TestRealm test = new TestRealm()) {
            Transport transport = Transports.tls("127.0.0.1", listen(test, "127.0.0.1"), tls);
            try (WampClient client = client(transport)) {
                get(client.connect());
                get(client.register("client.echo", call -> call.arg(0, byte[].class)));
                for (int length : new int[] {0, 1, 16_000, 70_000, 1_000_000, 8_000_000}) {
                    byte[] bytes = new byte[length];
                    Arrays.fill(bytes, (byte) length);
                    assertThat(get(client.call(byte[].class, "client.echo", (Object) bytes)))
                            .isEqualTo(bytes);
                }
            }
            await().untilAsserted(() -> assertThat(test.left).hasSize(1));
        }
    }

    @Test
    void aRouterThatIsStartedAgainIsJoinedAgain() throws Exception {
        SSLContext tls = certificates.trusting("one");
        try (TestRealm test = new TestRealm()) {
            int port = listen(test, "127.0.0.1");
            try (WampClient client = client(Transports.tls("127.0.0.1", port, tls))) {
                get(client.connect());
                get(client.register("client.p", call -> 1));
                test.listeners.remove("t");
                InetSocketAddress same = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
                test.listeners.add(
                        ListenerConfig.tcp("t", same).withTls(dir.resolve("one.crt"), dir.resolve("one.key")));
                await().ignoreExceptions().untilAsserted(() -> assertThat(get(client.call(Integer.class, "client.p")))
                        .isEqualTo(1));
            }
        }
    }

    @Test
    void aCertificateOfSomebodyElseIsRefused() throws Exception {
        certificates.make("two", "EC");
        SSLContext others = certificates.trusting("two");
        try (TestRealm test = new TestRealm()) {
            int port = listen(test, "127.0.0.1");
            try (WampClient client = WampClient.builder(Transports.tls("127.0.0.1", port, others))
                    .realm("realm")
                    .build()) {
                assertThatThrownBy(() -> get(client.connect()))
                        .hasCauseInstanceOf(WampConnectionException.class)
                        .hasMessageContaining("certification path");
            }
        }
    }

    @Test
    void aCertificateOfAnotherHostIsRefused() throws Exception {
        SSLContext tls = certificates.trusting("one");
        try (TestRealm test = new TestRealm()) {
            // The certificate is for 127.0.0.1 alone.
            int port = listen(test, "127.0.0.1");
            try (WampClient client = WampClient.builder(Transports.tls("localhost", port, tls))
                    .realm("realm")
                    .build()) {
                assertThatThrownBy(() -> get(client.connect()))
                        .hasCauseInstanceOf(WampConnectionException.class)
                        .hasMessageContaining("localhost");
            }
        }
    }

    @Test
    void aListenerWithoutEncryptionIsNamed() throws Exception {
        try (TestRealm test = new TestRealm()) {
            int port = ((InetSocketAddress) test.tcp("plain")).getPort();
            try (WampClient client = WampClient.builder(Transports.tls("127.0.0.1", port, certificates.trusting("one")))
                    .realm("realm")
                    .build()) {
                assertThatThrownBy(() -> get(client.connect())).hasCauseInstanceOf(WampConnectionException.class);
            }
        }
    }

    /** A router that lets a client in and never reads again: who sends and who closes is not kept. */
    @Test
    void aRouterThatDoesNotReadKeepsNobody() throws Exception {
        SSLContext context = certificates.serving("one");
        try (ServerSocket server =
                context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Socket> served = CompletableFuture.supplyAsync(() -> {
                try {
                    Socket socket = server.accept();
                    InputStream in = socket.getInputStream();
                    OutputStream out = socket.getOutputStream();
                    byte[] octets = in.readNBytes(4);
                    out.write(octets);
                    return socket;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            Connection connection = Transports.tls("127.0.0.1", server.getLocalPort(), certificates.trusting("one"))
                    .open(Serializers.MSGPACK, 1 << 24);
            Socket peer = get(served);
            for (int i = 0; i < 20; i++) {
                connection.send(new byte[1 << 20]);
            }
            assertThat(connection.waiting()).isPositive();
            CompletableFuture<Void> run = CompletableFuture.runAsync(() -> {
                try {
                    connection.run(message -> {});
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            connection.close();
            get(run);
            assertThat(connection.waiting()).isZero();
            assertThatThrownBy(() -> connection.send(new byte[1])).isInstanceOf(IOException.class);
            peer.close();
        }
    }
}
