package io.millwright.wamp.net.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.Event;
import io.millwright.wamp.message.Hello;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Result;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.message.Welcome;
import io.millwright.wamp.net.ListenerConfig;
import io.millwright.wamp.net.ListenerInfo;
import io.millwright.wamp.rawsocket.Frames;
import io.millwright.wamp.rawsocket.Handshake;
import io.millwright.wamp.serial.Serializer;
import io.millwright.wamp.serial.Serializers;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Encrypted listeners: the JDK's clients, files that change, peers that speak something else. */
@Timeout(120)
@Tag("long")
class TlsListenerTest {
    private static final Serializer JSON = Serializers.JSON;

    @TempDir
    Path dir;

    private final FakeRouter router = new FakeRouter();
    private Listening listening;
    private Certificates certificates;

    @BeforeEach
    void open() throws Exception {
        listening = new Listening(loop -> router);
        certificates = new Certificates(dir);
        certificates.make("one", "EC");
    }

    @AfterEach
    void close() {
        listening.close();
    }

    private ListenerConfig config() {
        return ListenerConfig.tcp("t", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withTls(dir.resolve("one.crt"), dir.resolve("one.key"));
    }

    private ListenerConfig stored(String name, String password) throws IOException {
        Path file = Files.writeString(dir.resolve("password"), password + "\n");
        return ListenerConfig.tcp("t", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withTlsStore(dir.resolve(name), file);
    }

    @Test
    void aStoreHasKeyAndCertificate() throws Exception {
        int port = add(stored("one.p12", "password"));
        try (SSLSocket socket = connect(certificates.trusting("one"), port)) {
            assertThat(socket.getSession().getPeerCertificates())
                    .containsExactly(certificates.store("one").getCertificate("a"));
        }
        assertThat(info().certificateEnds())
                .isEqualTo(((X509Certificate) certificates.store("one").getCertificate("a"))
                        .getNotAfter()
                        .toInstant());
        certificates.make("two", "RSA");
        Files.copy(dir.resolve("two.p12"), dir.resolve("one.p12"), StandardCopyOption.REPLACE_EXISTING);
        assertThat(info().trouble()).isEmpty();
        try (SSLSocket socket = connect(certificates.trusting("two"), port)) {
            assertThat(socket.getSession().getPeerCertificates())
                    .containsExactly(certificates.store("two").getCertificate("a"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "one.p12, wrong, is not of the password",
        "one.key, password, one.key is no store of PKCS #12",
        "none.p12, password, none.p12 is not there",
        "two.p12, password, has 0 private keys in it"
    })
    void aStoreThatCannotBeUsedIsNamed(String name, String password, String sentence) throws Exception {
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        try (OutputStream out = Files.newOutputStream(dir.resolve("two.p12"))) {
            empty.store(out, Certificates.PASSWORD);
        }
        ListenerConfig config = stored(name, password);
        assertThatThrownBy(() -> listening.add(config))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(sentence);
    }

    private int add(ListenerConfig config) throws Exception {
        return ((InetSocketAddress) listening.add(config).address()).getPort();
    }

    private ListenerInfo info() {
        return listening.list().get(0);
    }

    private static SSLSocket connect(SSLContext context, int port) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress().getHostAddress(), port);
        socket.startHandshake();
        return socket;
    }

    private static void send(SSLSocket socket, WampMessage message) throws IOException {
        socket.getOutputStream()
                .write(Frames.frame(Frames.Kind.MESSAGE, JSON.encode(message)).array());
    }

    private static WampMessage receive(SSLSocket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        return JSON.decode(in.readNBytes(Frames.length(in.readInt())));
    }

    private static void join(SSLSocket socket) throws IOException {
        socket.getOutputStream().write(Handshake.of(JSON, Handshake.LONGEST).octets());
        assertThat(socket.getInputStream().readNBytes(4)).startsWith(0x7f);
        send(socket, new Hello("realm", Map.of("roles", Map.of("caller", Map.of()))));
        assertThat(receive(socket)).isInstanceOf(Welcome.class);
    }

    @ParameterizedTest
    @CsvSource({"EC, TLSv1.3", "EC, TLSv1.2", "RSA, TLSv1.3", "RSA, TLSv1.2", "Ed25519, TLSv1.3"})
    void aSessionOfRawSocketGoesThroughItBothWays(String algorithm, String version) throws Exception {
        certificates.make("other", algorithm);
        int port = add(config().withTls(dir.resolve("other.crt"), dir.resolve("other.key")));
        SSLContext context = certificates.trusting("other");
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setEnabledProtocols(new String[] {version});
            join(socket);
            for (int length : new int[] {0, 1, 16_000, 17_000, 500_000}) {
                String text = "x".repeat(length);
                send(socket, new Call(length + 1, Map.of(), "echo", Payload.args(text)));
                assertThat(((Result) receive(socket)).payload()).isEqualTo(Payload.args(text));
            }
            send(socket, new Call(7, Map.of(), "flood", Payload.args(2000, 2000)));
            for (int i = 0; i < 2000; i++) {
                assertThat(receive(socket)).isInstanceOf(Event.class);
            }
            assertThat(receive(socket)).isInstanceOf(Result.class);
            assertThat(router.connections.get(0).peer.isConfidential()).isTrue();
            assertThat(router.connections.get(0).peer.transport()).containsEntry("encrypted", true);
        }
        await().until(() -> info().connections() == 0);
        assertThat(info().certificateEnds()).isAfter(java.time.Instant.now());
    }

    @Test
    void webSocketGoesThroughItToo() throws Exception {
        int port = add(config().withType(ListenerConfig.Type.WEBSOCKET));
        HttpClient http =
                HttpClient.newBuilder().sslContext(certificates.trusting("one")).build();
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        CompletableFuture<WampMessage> welcome = new CompletableFuture<>();
        WebSocket socket = http.newWebSocketBuilder()
                .subprotocols("wamp.2.json")
                .buildAsync(URI.create("wss://127.0.0.1:" + port + "/"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                        welcome.complete(JSON.decode(data.toString().getBytes(StandardCharsets.UTF_8)));
                        from.request(1);
                        return null;
                    }

                    @Override
                    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                        closed.complete(code);
                        return null;
                    }
                })
                .join();
        byte[] hello = JSON.encode(new Hello("realm", Map.of("roles", Map.of("caller", Map.of()))));
        socket.sendText(new String(hello, StandardCharsets.UTF_8), true).join();
        assertThat(welcome.get()).isInstanceOf(Welcome.class);
        socket.sendClose(1000, "").join();
        assertThat(closed.get()).isEqualTo(1000);
        await().until(() -> info().connections() == 0);
    }

    @Test
    void aRenewedCertificateIsForTheNextConnectionsAndABrokenOneForNone() throws Exception {
        int port = add(config());
        certificates.make("two", "RSA");
        SSLContext context = certificates.trusting("one", "two");
        try (SSLSocket first = connect(context, port)) {
            join(first);
            BigInteger before = serial(first);
            Files.writeString(dir.resolve("one.key"), "nonsense");
            await().until(() -> {
                connect(context, port).close();
                return info().trouble().contains("no private key");
            });
            Files.copy(
                    dir.resolve("two.crt"), dir.resolve("one.crt"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            Files.copy(
                    dir.resolve("two.key"), dir.resolve("one.key"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            await().until(() -> {
                try (SSLSocket next = connect(context, port)) {
                    return !serial(next).equals(before);
                }
            });
            assertThat(info().trouble()).isEmpty();
            send(first, new Call(1, Map.of(), "echo", Payload.args(1)));
            assertThat(receive(first)).isInstanceOf(Result.class);
        }
    }

    private static BigInteger serial(SSLSocket socket) throws IOException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    }

    @Test
    void whatIsNoTlsIsRefused() throws Exception {
        int port = add(config());
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        for (byte[] bytes : new byte[][] {
            Handshake.of(JSON, 512).octets(), "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)
        }) {
            try (RawClient client = RawClient.connect(address, JSON)) {
                client.write(ByteBuffer.allocate(64).put(bytes).array());
                client.untilEnd();
            }
        }
        await().until(() -> info().connections() == 0);
        assertThat(info().refused()).isEqualTo(2);
        assertThat(router.connections).isEmpty();
    }

    @Test
    void filesThatCannotBeUsedAreNamed() throws Exception {
        certificates.make("two", "RSA");
        Path old = Files.writeString(
                dir.resolve("old.key"), "-----BEGIN RSA PRIVATE KEY-----\nAA==\n-----END RSA PRIVATE KEY-----\n");
        String[][] wrong = {
            {"one.crt", "two.key", "two.key has no key of the certificate's kind"},
            {"one.crt", "one.crt", "no private key in PEM"},
            {"one.key", "one.key", "one.key"},
            {"none.crt", "one.key", "none.crt"},
            {"two.crt", old.getFileName().toString(), "pkcs8"},
        };
        for (String[] row : wrong) {
            assertThatThrownBy(() -> add(config().withTls(dir.resolve(row[0]), dir.resolve(row[1]))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(row[2]);
        }
        certificates.make("three", "EC");
        assertThatThrownBy(() -> add(config().withTls(dir.resolve("one.crt"), dir.resolve("three.key"))))
                .hasMessageContaining("not the certificate's");
        assertThat(listening.list()).isEmpty();
        InetSocketAddress all = new InetSocketAddress("0.0.0.0", 0);
        add(ListenerConfig.tcp("all", all).withTls(dir.resolve("one.crt"), dir.resolve("one.key")));
    }
}
