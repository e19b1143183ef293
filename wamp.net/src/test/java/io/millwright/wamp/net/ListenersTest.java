package io.millwright.wamp.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.client.Transports;
import io.millwright.wamp.client.WampClient;
import io.millwright.wamp.message.Abort;
import io.millwright.wamp.message.Event;
import io.millwright.wamp.message.Goodbye;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Publish;
import io.millwright.wamp.message.Published;
import io.millwright.wamp.message.Result;
import io.millwright.wamp.message.Subscribe;
import io.millwright.wamp.message.Subscribed;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.net.internal.RawClient;
import io.millwright.wamp.router.LocalSession;
import io.millwright.wamp.router.PublishTo;
import io.millwright.wamp.serial.Serializer;
import io.millwright.wamp.serial.Serializers;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Listeners with the router that they are for. */
@Timeout(60)
class ListenersTest {
    private static final Serializer JSON = Serializers.JSON;

    @TempDir
    Path dir;

    @Test
    void sessionsOfAllListenersAndOfThisProcessMeet() throws Exception {
        ExecutorService handlers = Executors.newSingleThreadExecutor();
        try (TestRealm test = new TestRealm()) {
            LocalSession local = test.realm.open("here", "all", handlers);
            local.register("here.echo", MatchPolicy.EXACT, call -> CompletableFuture.completedStage(call.payload()))
                    .toCompletableFuture()
                    .get();
            SocketAddress unix = test.unix("u", dir.resolve("run/sock"));
            SocketAddress tcp = test.tcp("t");
            List<RawClient> clients = new ArrayList<>();
            for (Serializer serializer : Serializers.all()) {
                clients.add(RawClient.join(unix, serializer));
                clients.add(RawClient.join(tcp, serializer));
            }
            for (RawClient client : clients) {
                client.send(new Subscribe(1, Map.of(), "topic"));
                assertThat(client.receive()).isInstanceOf(Subscribed.class);
                assertThat(((Result) client.call(2, "here.echo", "ä", 7)).payload())
                        .isEqualTo(Payload.args("ä", 7L));
            }
            clients.get(0).send(new Publish(3, Map.of("acknowledge", true), "topic", Payload.args(1)));
            assertThat(clients.get(0).receive()).isInstanceOf(Published.class);
            for (RawClient client : clients.subList(1, clients.size())) {
                assertThat(((Event) client.receive()).payload()).isEqualTo(Payload.args(1L));
            }
            for (int i = 0; i < 1000; i++) {
                local.publish("topic", Payload.args(i), PublishTo.ALL);
            }
            for (RawClient client : clients) {
                for (long i = 0; i < 1000; i++) {
                    assertThat(((Event) client.receive()).payload()).isEqualTo(Payload.args(i));
                }
                client.close();
            }
        } finally {
            handlers.shutdownNow();
        }
        assertThat(dir.resolve("run")).isEmptyDirectory();
    }

    @Test
    void aClientOfOursComesBackWhenItsListenerDoes() throws Exception {
        Path path = dir.resolve("run/sock");
        try (TestRealm test = new TestRealm();
                WampClient client = WampClient.builder(Transports.unix(path))
                        .realm("realm")
                        .reconnect(Duration.ofMillis(20), Duration.ofMillis(100))
                        .build()) {
            test.unix("u", path);
            client.connect().get();
            client.register("test.add", call -> call.arg(0, Long.class) + call.arg(1, Long.class))
                    .get();
            for (int i = 0; i < 3; i++) {
                await().ignoreExceptions()
                        .until(() -> client.call(Long.class, "test.add", 2, 3).get() == 5);
                test.listeners.remove("u");
                test.unix("u", path);
            }
            await().ignoreExceptions()
                    .until(() -> client.call(Long.class, "test.add", 2, 3).get() == 5);
            // It left with a GOODBYE of its listener's, not by a broken connection.
            assertThat(test.left).isNotEmpty().allMatch(why -> why.contains("the listener 'u' is closed"));
        }
    }

    /** The kind: a realm that ends just before its listeners, and a second last word. */
    @Test
    void aSessionHasOneLastWord() throws Exception {
        try (TestRealm test = new TestRealm();
                RawClient client = RawClient.join(test.unix("u", dir.resolve("run/sock")), JSON)) {
            test.realm
                    .close("wamp.close.system_shutdown", "the realm ends")
                    .toCompletableFuture()
                    .get();
            test.listeners.remove("u");
            assertThat(client.receive()).isInstanceOf(Goodbye.class);
            assertThatThrownBy(client::receive).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aSessionThatDoesNotReadIsEndedInWords() throws Exception {
        try (TestRealm test = new TestRealm()) {
            SocketAddress tcp = test.tcp("t");
            try (RawClient slow = RawClient.join(tcp, JSON);
                    RawClient other = RawClient.join(tcp, JSON)) {
                slow.send(new Subscribe(1, Map.of(), "topic"));
                assertThat(slow.receive()).isInstanceOf(Subscribed.class);
                String text = "x".repeat(100_000);
                for (int i = 0; test.left.isEmpty() && i < 1000; i++) {
                    other.send(new Publish(i + 1, Map.of("acknowledge", true), "topic", Payload.args(text)));
                    assertThat(other.receive()).isInstanceOf(Published.class);
                }
                assertThat(test.left).hasSize(1).first().asString().contains("too slowly");
                WampMessage last = slow.receive();
                while (last instanceof Event) {
                    last = slow.receive();
                }
                assertThat(last).isInstanceOf(Goodbye.class);
            }
        }
    }

    @Test
    void beforeItJoinsASessionHasNoLargeMessagesAndItIsToldWhy() throws Exception {
        try (TestRealm test = new TestRealm()) {
            SocketAddress tcp = test.tcp("t");
            try (RawClient client = RawClient.open(tcp, JSON, 1 << 20)) {
                client.hex("00ffffff");
                assertThat(((Abort) client.receive()).details().get("message"))
                        .asString()
                        .contains("65536");
                assertThat(client.untilEnd()).isZero();
            }
            try (RawClient client = RawClient.open(tcp, JSON, 1 << 20)) {
                assertThat(((Abort) client.hello("other")).reason()).isEqualTo(WampErrors.NO_SUCH_REALM);
                assertThat(client.untilEnd()).isZero();
            }
            assertThat(test.refused).hasSize(2);
            assertThat(test.listeners.list().get(0).connections()).isZero();
        }
    }

    @Test
    void whatIsClosedTakesNothingMore() throws Exception {
        TestRealm test = new TestRealm();
        test.close();
        assertThatThrownBy(() -> test.tcp("t")).hasMessageContaining("closed");
        assertThatThrownBy(test.listeners::list).hasMessageContaining("closed");
        test.close();
    }
}
