package io.millwright.wamp.net.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.wamp.WampErrors;
import io.millwright.wamp.message.Abort;
import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.Goodbye;
import io.millwright.wamp.message.Hello;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Result;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.message.Welcome;
import io.millwright.wamp.net.ListenerConfig;
import io.millwright.wamp.net.ListenerInfo;
import io.millwright.wamp.serial.Serializer;
import io.millwright.wamp.serial.Serializers;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSocket listeners with the JDK's client and with bytes by hand. */
@Timeout(60)
class WebSocketListenerTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final FakeRouter router = new FakeRouter();
    private Listening listening;

    @BeforeEach
    void open() throws Exception {
        listening = new Listening(loop -> router);
    }

    @AfterEach
    void close() {
        listening.close();
    }

    private static ListenerConfig config() {
        return ListenerConfig.tcp("w", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withType(ListenerConfig.Type.WEBSOCKET);
    }

    private InetSocketAddress add(ListenerConfig config) throws Exception {
        return (InetSocketAddress) listening.add(config).address();
    }

    private ListenerInfo info() {
        return listening.list().get(0);
    }

    /** A client of the JDK; what comes waits in a queue, the close as its code. */
    private static final class Client implements WebSocket.Listener {
        final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final Serializer serializer;
        final WebSocket socket;

        Client(int port, Serializer serializer) {
            this.serializer = serializer;
            this.socket = HTTP.newWebSocketBuilder()
                    .subprotocols("wamp.2.nonsense", serializer.webSocketProtocol())
                    .buildAsync(URI.create("ws://127.0.0.1:" + port + "/ws"), this)
                    .join();
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                received.add(serializer.decode(text.toString().getBytes(StandardCharsets.UTF_8)));
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            while (data.hasRemaining()) {
                bytes.write(data.get());
            }
            if (last) {
                received.add(serializer.decode(bytes.toByteArray()));
                bytes.reset();
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPong(WebSocket from, ByteBuffer data) {
            received.add("pong" + data.remaining());
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            received.add(code);
            return null;
        }

        Object next() throws InterruptedException {
            return received.poll(10, TimeUnit.SECONDS);
        }

        void send(WampMessage message) {
            byte[] encoded = serializer.encode(message);
            if (serializer.isBinary()) {
                socket.sendBinary(ByteBuffer.wrap(encoded), true).join();
            } else {
                socket.sendText(new String(encoded, StandardCharsets.UTF_8), true)
                        .join();
            }
        }

        Object hello() throws InterruptedException {
            send(new Hello("realm", Map.of("roles", Map.of("caller", Map.of()))));
            return next();
        }

        Object call(long request, String procedure, Object... args) throws InterruptedException {
            send(new Call(request, Map.of(), procedure, Payload.args(args)));
            return next();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "msgpack", "cbor"})
    void aSessionJoinsCallsAndLeaves(String name) throws Exception {
        Client client = new Client(add(config()).getPort(), Serializers.byName(name));
        assertThat(client.socket.getSubprotocol()).isEqualTo("wamp.2." + name);
        assertThat(client.hello()).isInstanceOf(Welcome.class);
        for (int length : new int[] {0, 100, 125, 126, 65_535, 65_536, 300_000}) {
            Result result = (Result) client.call(length + 1, "echo", "x".repeat(length));
            assertThat(result.payload().args().get(0)).isEqualTo("x".repeat(length));
        }
        client.socket.sendPing(ByteBuffer.allocate(7)).join();
        assertThat(client.next()).isEqualTo("pong7");
        client.send(new Goodbye(Map.of(), WampErrors.CLOSE_NORMAL));
        assertThat(client.next()).isInstanceOf(Goodbye.class);
        assertThat(client.next()).isEqualTo(1000);
        await().until(() -> info().connections() == 0);
        assertThat(router.connections.get(0).peer.transport())
                .containsEntry("type", "websocket")
                .containsEntry("serializer", name);
    }

    @Test
    void aClientThatClosesIsAnsweredAndGone() throws Exception {
        Client client = new Client(add(config()).getPort(), Serializers.JSON);
        client.hello();
        client.socket.sendClose(1001, "").join();
        assertThat(client.next()).isEqualTo(1001);
        await().until(() -> info().connections() == 0);
        assertThat(router.connections.get(0).closed.get(0)).contains("1001");
    }

    @Test
    void aListenerThatGoesSaysSo() throws Exception {
        Client client = new Client(add(config()).getPort(), Serializers.JSON);
        client.hello();
        listening.remove("w");
        assertThat(client.next()).isInstanceOf(Goodbye.class);
        assertThat(client.next()).isEqualTo(1000);
    }

    @Test
    void whatIsNotTheSubprotocolsEndsInWordsAndWithACode() throws Exception {
        InetSocketAddress address = add(config());
        Client binary = new Client(address.getPort(), Serializers.JSON);
        binary.socket.sendBinary(ByteBuffer.allocate(3), true).join();
        assertThat(((Abort) binary.next()).details().get("message")).asString().contains("text frames");
        assertThat(binary.next()).isEqualTo(1002);
        Client large = new Client(address.getPort(), Serializers.MSGPACK);
        large.socket.sendBinary(ByteBuffer.allocate(70_000), true).join();
        assertThat(((Abort) large.next()).details().get("message")).asString().contains("65536");
        assertThat(large.next()).isEqualTo(1009);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "101 | Host: 127.0.0.1:PORT",
                "101 | Host: localhost:PORT",
                "101 | Host: LOCALHOST",
                "101 | Host: good.example",
                "421 | Host: evil.example:PORT",
                "421 | X: y",
                "101 | Host: localhost:PORT ~ Origin: http://localhost:PORT",
                "101 | Host: localhost:PORT ~ Origin: https://page.example",
                "403 | Host: localhost:PORT ~ Origin: http://localhost:1",
                "403 | Host: localhost:PORT ~ Origin: http://evil.example",
                "403 | Host: localhost:PORT ~ Origin: null",
                "400 | Host: localhost ~ Sec-WebSocket-Protocol: wamp.2.json.batched",
                "400 | Host: localhost ~ Sec-WebSocket-Protocol: wamp.2.msgpack.batched, wamp.2.cbor.batched",
                "101 | Host: localhost ~ Sec-WebSocket-Protocol: wamp.2.json.batched, wamp.2.cbor",
                "426 | Host: localhost ~ Sec-WebSocket-Version: 8",
                "400 | Host: localhost ~ Sec-WebSocket-Key: short",
                "426 | Host: localhost ~ Upgrade: h2c",
                "426 | Host: localhost ~ Connection: close",
                "101 | Host: localhost ~ Connection: keep-alive, Upgrade",
                "400 | Host: localhost ~ nonsense",
                "400 | Host: localhost:PORT ~ Host: evil.example",
                "400 | Host: localhost:PORT ~ Host: localhost:PORT",
                "421 | Host: localhost:PORT, evil.example",
                "400 | Host : localhost",
                "400 | Host: localhost ~ X-Fold: a ~  b: c",
                "400 | Host: localhost ~ X-Line: aCRHost: evil.example",
                "400 | Host: localhost ~ X-Nul: aNULb",
                "400 | Host: localhost ~ Content-Length: 5",
                "101 | Host: localhost ~ Content-Length: 0",
                "400 | Host: localhost ~ Transfer-Encoding: chunked",
            })
    void theRequestIsChecked(String status, String headers) throws Exception {
        InetSocketAddress address =
                add(config().withHosts(List.of("good.example")).withOrigins(List.of("https://page.example")));
        StringBuilder request = new StringBuilder("GET /ws HTTP/1.1\r\n");
        for (String header : headers.split(" ~ ")) {
            request.append(header.replace("PORT", String.valueOf(address.getPort()))
                            .replace("CR", "\r")
                            .replace("NUL", "\0"))
                    .append("\r\n");
        }
        for (String header : List.of(
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                "Sec-WebSocket-Protocol: wamp.2.json")) {
            if (!headers.contains(header.substring(0, header.indexOf(':') + 1))) {
                request.append(header).append("\r\n");
            }
        }
        request.append("\r\n");
        try (RawClient client = RawClient.connect(address, Serializers.JSON)) {
            for (byte octet : request.toString().getBytes(StandardCharsets.ISO_8859_1)) {
                client.write(new byte[] {octet});
            }
            assertThat(new String(client.read(12), StandardCharsets.ISO_8859_1)).isEqualTo("HTTP/1.1 " + status);
            if (!status.equals("101")) {
                client.untilEnd();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "504f5354202f, 400",
        "160301, 400",
        "'', 408",
        "47455420, 408",
        // GET http://a/ HTTP/1.1
        "47455420687474703a2f2f612f20485454502f312e310d0a0d0a, 400",
    })
    void whatIsNoRequestIsRefused(String hex, int status) throws Exception {
        InetSocketAddress address = add(config().withHelloTimeout(Duration.ofMillis(200)));
        try (RawClient client = RawClient.connect(address, Serializers.JSON)) {
            client.hex(hex);
            assertThat(new String(client.read(12), StandardCharsets.ISO_8859_1)).isEqualTo("HTTP/1.1 " + status);
            client.untilEnd();
        }
    }

    @Test
    void aRequestWithoutEndIsRefused() throws Exception {
        InetSocketAddress address = add(config());
        try (RawClient client = RawClient.connect(address, Serializers.JSON)) {
            client.write(("GET /" + "x".repeat(Upgrade.MAX_REQUEST)).getBytes(StandardCharsets.ISO_8859_1));
            assertThat(new String(client.read(12), StandardCharsets.ISO_8859_1)).isEqualTo("HTTP/1.1 400");
            client.untilEnd();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', 1000",
        "03e8, 1000",
        "03e96279, 1001",
        "0bb8, 3000",
        "03, 1002",
        "0000, 1002",
        "03ed, 1002",
        "03ee, 1002",
        "03f7, 1002",
        "07d0, 1002",
        "1388, 1002",
        "03e8fffe, 1007",
    })
    void aCloseIsAnsweredByItsCodeOrByWhatIsWrongWithIt(String hex, int code) throws Exception {
        InetSocketAddress address = add(config());
        try (RawClient client = upgraded(address)) {
            // The mask is zero.
            client.hex("88" + Integer.toHexString(0x80 | hex.length() / 2) + "00000000" + hex);
            assertThat(HexFormat.of().formatHex(client.read(4))).isEqualTo("8802%04x".formatted(code));
            assertThat(client.untilEnd()).isZero();
        }
    }

    private static RawClient upgraded(InetSocketAddress address) throws Exception {
        RawClient client = RawClient.connect(address, Serializers.JSON);
        String request = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                + "Sec-WebSocket-Protocol: wamp.2.json\r\n\r\n";
        client.write(request.getBytes(StandardCharsets.US_ASCII));
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0) {
            answer.append((char) client.read(1)[0]);
        }
        return client;
    }

    @ParameterizedTest
    @CsvSource({
        // a text that is not UTF-8; the same in the name of a realm; a text that is no JSON; binary
        "81, ff, 1007",
        "81, 5b312c22ed a080 222c7b7d5d, 1007",
        "81, 5b312c, 1007",
        "82, 5b5d, 1002",
    })
    void contentThatIsNothingOfItsKindEndsTheConnectionWithACodeThatSaysSo(String start, String content, int code)
            throws Exception {
        InetSocketAddress address = add(config());
        try (RawClient client = upgraded(address)) {
            String hex = content.replace(" ", "");
            client.hex(start + Integer.toHexString(0x80 | hex.length() / 2) + "00000000" + hex);
            byte[] head = client.read(2);
            assertThat(head[0]).as("ABORT, a text").isEqualTo((byte) 0x81);
            int length = head[1] == 126 ? ByteBuffer.wrap(client.read(2)).getChar() : head[1];
            assertThat(new String(client.read(length), StandardCharsets.UTF_8)).startsWith("[3,");
            assertThat(HexFormat.of().formatHex(client.read(4))).isEqualTo("8802%04x".formatted(code));
            client.untilEnd();
        }
    }

    @Test
    void whenAllPlacesAreTakenAClientIsToldSo() throws Exception {
        InetSocketAddress address = add(config().withConnections(1));
        Client client = new Client(address.getPort(), Serializers.JSON);
        client.hello();
        try (RawClient other = RawClient.connect(address, Serializers.JSON)) {
            assertThat(new String(other.read(12), StandardCharsets.ISO_8859_1)).isEqualTo("HTTP/1.1 503");
            other.untilEnd();
        }
        assertThat(client.call(1, "echo", 1)).isInstanceOf(Result.class);
    }
}
