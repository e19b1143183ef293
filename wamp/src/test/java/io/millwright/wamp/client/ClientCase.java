package io.millwright.wamp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.millwright.wamp.WampException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;

/** What tests of the client share: a client and its router in memory; each ends with the test, their threads too. */
abstract class ClientCase {
    final ScriptedRouter router = new ScriptedRouter();
    /** What the listener was told, in its order. */
    final List<String> news = new CopyOnWriteArrayList<>();

    final ClientListener listener = new ClientListener() {
        @Override
        public void joined(SessionInfo session, boolean again) {
            news.add(again ? "joined again" : "joined");
        }

        @Override
        public void disconnected(WampException why, boolean again) {
            news.add("disconnected" + (again ? ", will try again: " : ": ") + why.getMessage());
        }

        @Override
        public void notRestored(String uri, WampException why) {
            news.add("not restored " + uri + ": " + why.uri());
        }

        @Override
        public void overrun(String uri, long lost) {
            news.add("overrun " + uri + ": " + lost);
        }

        @Override
        public void failed(String uri, Throwable failure) {
            news.add("failed " + uri + ": " + failure.getMessage());
        }
    };

    private WampClient client;

    WampClientBuilder builder() {
        return WampClient.builder(router).realm("realm1").name("test").listener(listener);
    }

    WampClient client() {
        return client(builder());
    }

    WampClient reconnecting() {
        return client(builder().reconnect(Duration.ofMillis(1), Duration.ofMillis(5)));
    }

    WampClient client(WampClientBuilder builder) {
        client = builder.build();
        return client;
    }

    /** Ends without the router's goodbye: nobody plays it any more. */
    @AfterEach
    void end() throws Exception {
        if (client != null) {
            CompletableFuture<Void> left = client.leave();
            if (current != null) {
                current.close();
            }
            left.get(20, TimeUnit.SECONDS);
        }
    }

    private ScriptedRouter.Peer current;

    /** The client's session, joined. */
    ScriptedRouter.Peer join(WampClient some) throws Exception {
        CompletableFuture<SessionInfo> joined = some.connect();
        rejoin();
        get(joined);
        return current;
    }

    ScriptedRouter.Peer rejoin() throws Exception {
        current = router.welcome();
        until(() -> assertThat(client.session()).isNotNull());
        return current;
    }

    /** Waits until it is so: what the listener is told comes by a thread of its own. */
    static void until(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .untilAsserted(assertion);
    }

    void untilTold(String... lines) {
        until(() -> assertThat(news).contains(lines));
    }

    static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    static <E extends Throwable> E failure(CompletableFuture<?> future, Class<E> type) {
        ExecutionException e = catchThrowableOfType(ExecutionException.class, () -> future.get(20, TimeUnit.SECONDS));
        assertThat(e).as("a failure").isNotNull();
        assertThat(e.getCause()).isInstanceOf(type);
        return type.cast(e.getCause());
    }
}
