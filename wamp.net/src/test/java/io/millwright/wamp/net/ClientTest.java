package io.millwright.wamp.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.WampConnectionException;
import io.millwright.wamp.WampErrorException;
import io.millwright.wamp.client.CallRequest;
import io.millwright.wamp.client.PendingCall;
import io.millwright.wamp.client.Publication;
import io.millwright.wamp.client.Registration;
import io.millwright.wamp.client.Subscription;
import io.millwright.wamp.client.Transport;
import io.millwright.wamp.client.Transports;
import io.millwright.wamp.client.WampClient;
import io.millwright.wamp.router.SessionTraffic;
import io.millwright.wamp.serial.Serializer;
import io.millwright.wamp.serial.Serializers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client of {@code wamp} with the router and the listeners. */
@Timeout(60)
class ClientTest {
    @TempDir
    Path dir;

    private static WampClient client(Transport transport, Serializer serializer) {
        return WampClient.builder(transport)
                .realm("realm")
                .serializer(serializer)
                .reconnect(Duration.ofMillis(5), Duration.ofMillis(50))
                .build();
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    @Test
    void messagesAndTheirBytesAreCounted() throws Exception {
        Path socket = dir.resolve("s");
        try (TestRealm test = new TestRealm()) {
            test.unix("u", socket);
            try (WampClient client = client(Transports.unix(socket), Serializers.JSON)) {
                get(client.connect());
                SessionTraffic before = traffic(test);
                get(client.register("client." + "x".repeat(200), call -> 1));
                SessionTraffic after = traffic(test);
                assertThat(after.received()).isEqualTo(before.received() + 1);
                assertThat(after.sent()).isEqualTo(before.sent() + 1);
                assertThat(after.receivedBytes() - before.receivedBytes()).isBetween(210L, 300L);
                assertThat(after.sentBytes() - before.sentBytes()).isBetween(5L, 60L);
            }
        }
    }

    private static SessionTraffic traffic(TestRealm test) throws Exception {
        return get(test.realm.traffic().toCompletableFuture()).get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "msgpack", "cbor"})
    void callsPartsCancellationsAndEvents(String name) throws Exception {
        Path socket = dir.resolve("s");
        try (TestRealm test = new TestRealm()) {
            test.unix("u", socket);
            Serializer serializer = Serializers.byName(name);
            Transport webSocket = Transports.webSocket(URI.create("ws://127.0.0.1:" + web(test, 0) + "/"));
            try (WampClient callee = client(webSocket, serializer);
                    WampClient caller = client(Transports.unix(socket), Serializers.CBOR)) {
                get(callee.connect());
                get(caller.connect());
                get(callee.register("client.sum", call -> call.arg(0, Long.class) + call.arg(1, Long.class)));
                get(callee.register("client.count", call -> {
                    for (int i = 0; i < 100; i++) {
                        assertThat(call.progress(i)).isTrue();
                    }
                    return "done";
                }));
                CompletableFuture<Object> never = new CompletableFuture<>();
                CountDownLatch called = new CountDownLatch(1);
                get(callee.register("client.never", call -> {
                    called.countDown();
                    return never;
                }));
                assertThat(get(caller.call(Long.class, "client.sum", 1, 2))).isEqualTo(3);
                assertThat(get(caller.call("client.sum", 1, 2)).details()).doesNotContainKey("progress");
                List<Integer> parts = Collections.synchronizedList(new ArrayList<>());
                assertThat(get(caller.call(CallRequest.of("client.count")
                                        .onProgress(part -> parts.add(part.arg(0, Integer.class)))))
                                .arg(0, String.class))
                        .isEqualTo("done");
                assertThat(parts).hasSize(100).isSorted();
                PendingCall cancelled = caller.call("client.never");
                assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();
                cancelled.cancel(true);
                assertThatThrownBy(() -> get(never)).isInstanceOf(CancellationException.class);
                assertThatThrownBy(() ->
                                get(caller.call(CallRequest.of("client.sum").args("a", "b"))))
                        .isInstanceOf(ExecutionException.class)
                        .hasMessageContaining("argument 0 is a String, not a Long")
                        .hasMessageContaining("wamp.error.runtime_error");
                events(callee, caller);
            }
        }
    }

    private static void events(WampClient one, WampClient other) throws Exception {
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        Subscription exact = get(one.subscribe("topic.a", e -> got.add("exact " + e.topic() + e.args())));
        Subscription prefix =
                get(one.subscribe("topic.", MatchPolicy.PREFIX, e -> got.add("prefix " + e.topic() + e.args())));
        assertThat(get(other.publish(Publication.of("topic.a").args(1).acknowledge())))
                .isPositive();
        assertThat(List.of(take(got), take(got))).containsExactlyInAnyOrder("exact topic.a[1]", "prefix topic.a[1]");
        get(exact.unsubscribe());
        get(other.publish(Publication.of("topic.a").args(2).acknowledge()));
        assertThat(take(got)).isEqualTo("prefix topic.a[2]");
        get(other.publish(Publication.of("topic.b").args(3).acknowledge().retain()));
        assertThat(take(got)).isEqualTo("prefix topic.b[3]");
        get(prefix.unsubscribe());
        get(one.subscribe("topic.b", Map.of("get_retained", true), e -> got.add(e.retained() + " " + e.args())));
        assertThat(take(got)).isEqualTo("true [3]");
    }

    private static String take(BlockingQueue<String> queue) throws InterruptedException {
        return String.valueOf(queue.poll(20, TimeUnit.SECONDS));
    }

    private static int web(TestRealm test, int port) throws IOException {
        ListenerConfig config = ListenerConfig.tcp("w", new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        InetSocketAddress address = (InetSocketAddress) test.listeners
                .add(config.withType(ListenerConfig.Type.WEBSOCKET))
                .address();
        return address.getPort();
    }

    /** What is too long for the client ends its connection, in words; long messages go both ways. */
    @Test
    void longMessagesOverAWebSocket() throws Exception {
        try (TestRealm test = new TestRealm()) {
            URI uri = URI.create("ws://127.0.0.1:" + web(test, 0) + "/");
            try (WampClient client = client(Transports.webSocket(uri), Serializers.JSON);
                    WampClient small = WampClient.builder(Transports.webSocket(uri))
                            .realm("realm")
                            .maxLength(10_000)
                            .build()) {
                get(client.connect());
                get(small.connect());
                get(client.register("client.echo", call -> call.payload()));
                String text = "ü".repeat(1_000_000);
                assertThat(get(client.call(String.class, "client.echo", text))).isEqualTo(text);
                List<CompletableFuture<String>> many = new ArrayList<>();
                for (int i = 0; i < 500; i++) {
                    many.add(client.call(String.class, "client.echo", text.substring(0, 2000) + i));
                }
                for (int i = 0; i < 500; i++) {
                    assertThat(get(many.get(i))).endsWith("ü" + i);
                }
                assertThatThrownBy(() -> get(small.call("client.echo", text)))
                        .hasRootCauseMessage("a message is longer than 10000 bytes");
            }
        }
    }

    @Test
    void noWebSocketThere() throws Exception {
        int port;
        try (TestRealm test = new TestRealm()) {
            port = ((InetSocketAddress) test.tcp("t")).getPort();
            refused("ws://127.0.0.1:" + port + "/");
        }
        refused("ws://127.0.0.1:" + port + "/");
        assertThatThrownBy(() -> Transports.webSocket(URI.create("http://127.0.0.1/")))
                .hasMessageContaining("must begin with ws:// or wss://");
    }

    private static void refused(String uri) {
        try (WampClient client = WampClient.builder(Transports.webSocket(URI.create(uri)))
                .realm("realm")
                .build()) {
            assertThatThrownBy(() -> get(client.connect()))
                    .cause()
                    .isInstanceOf(WampConnectionException.class)
                    .hasMessageContaining(uri);
        }
    }

    /** The listener is taken away and comes back: what was wanted is there again. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aListenerComesBack(boolean webSocket) throws Exception {
        Path socket = dir.resolve("s");
        try (TestRealm test = new TestRealm()) {
            test.unix("u", socket);
            int port = web(test, 0);
            Transport transport = webSocket
                    ? Transports.webSocket(URI.create("ws://127.0.0.1:" + port + "/"))
                    : Transports.unix(socket);
            try (WampClient client = client(transport, Serializers.MSGPACK)) {
                BlockingQueue<String> got = new LinkedBlockingQueue<>();
                CompletableFuture<Subscription> subscribed =
                        client.subscribe("topic", e -> got.add(e.arg(0, String.class)));
                CompletableFuture<Registration> registered = client.register("client.p", call -> "answer");
                get(client.connect());
                get(subscribed);
                get(registered);
                assertThat(test.listeners.remove("w")).isTrue();
                assertThat(test.listeners.remove("u")).isTrue();
                assertThat(web(test, port)).isEqualTo(port);
                test.unix("u", socket);
                try (WampClient other = client(Transports.unix(socket), Serializers.JSON)) {
                    get(other.connect());
                    // Until the other is back there is nobody to answer.
                    String answer = null;
                    while (answer == null) {
                        try {
                            answer = get(other.call(String.class, "client.p"));
                        } catch (ExecutionException e) {
                            assertThat(e.getCause()).isInstanceOf(WampErrorException.class);
                        }
                    }
                    assertThat(answer).isEqualTo("answer");
                    get(other.publish(Publication.of("topic").args("again").acknowledge()));
                    assertThat(take(got)).isEqualTo("again");
                }
            }
        }
    }
}
