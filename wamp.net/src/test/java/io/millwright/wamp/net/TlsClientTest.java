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
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client by RawSocket over TLS. */
@Timeout(120)
@Tag("long")
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
                assertThatThrownBy(() -> get(client.connect()))
                        .hasCauseInstanceOf(WampConnectionException.class)
                        .hasMessageContaining("the handshake of TLS; its listener may be one without TLS");
            }
        }
    }

    /** A router over TLS that answers the handshake of RawSocket. */
    private CompletableFuture<Socket> serve(ServerSocket server) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                Socket socket = server.accept();
                socket.getOutputStream().write(socket.getInputStream().readNBytes(4));
                return socket;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private ServerSocket server() throws Exception {
        return certificates
                .serving("one")
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private Connection open(ServerSocket server) throws Exception {
        return Transports.tls("127.0.0.1", server.getLocalPort(), certificates.trusting("one"))
                .open(Serializers.MSGPACK, 1 << 24);
    }

    /** What the socket takes only later is sent all the same. */
    @Test
    void whatWaitsWhenItIsClosedIsSent() throws Exception {
        int messages = 12;
        int length = 1 << 20;
        try (ServerSocket server = server()) {
            CompletableFuture<Socket> served = serve(server);
            Connection connection = open(server);
            try (Socket peer = get(served)) {
                for (int i = 0; i < messages; i++) {
                    connection.send(new byte[length]);
                }
                connection.close();
                assertThatThrownBy(() -> connection.send(new byte[1])).isInstanceOf(IOException.class);
                assertThat(peer.getInputStream().readAllBytes().length).isEqualTo(messages * (length + 4));
            }
        }
    }

    @Test
    void aRouterThatBreaksTheProtocolGetsTheAbort() throws Exception {
        try (ServerSocket server = server()) {
            CompletableFuture<Socket> served = serve(server);
            try (WampClient client = WampClient.builder(
                            Transports.tls("127.0.0.1", server.getLocalPort(), certificates.trusting("one")))
                    .realm("realm")
                    .build()) {
                CompletableFuture<?> connected = client.connect();
                try (Socket peer = get(served)) {
                    InputStream in = peer.getInputStream();
                    byte[] head = in.readNBytes(4);
                    in.readNBytes((head[1] & 0xff) << 16 | (head[2] & 0xff) << 8 | head[3] & 0xff);
                    // One octet that begins nothing in MessagePack, and is no JSON and no CBOR.
                    peer.getOutputStream().write(new byte[] {0, 0, 0, 1, (byte) 0xc1});
                    assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
                            .contains("wamp.error.protocol_violation");
                }
                assertThatThrownBy(() -> get(connected)).isInstanceOf(ExecutionException.class);
            }
        }
    }

    /** A router that lets a client in and never reads again: a sender and a caller of close are not kept. */
    @Test
    void aRouterThatDoesNotReadKeepsNobody() throws Exception {
        try (ServerSocket server = server()) {
            CompletableFuture<Socket> served = serve(server);
            Thread.currentThread().setName("a-client-that-is-not-read");
            Connection connection = open(server);
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
            await().atMost(60, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                            .extracting(Thread::getName)
                            .doesNotContain("a-client-that-is-not-read-writer"));
            // The peer comes to an end, because the descriptor is closed.
            assertThat(peer.getInputStream().readAllBytes().length).isLessThan(20 << 20);
            peer.close();
        }
    }
}
