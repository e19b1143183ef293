package io.millwright.wamp.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.message.Event;
import io.millwright.wamp.message.Hello;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Subscribe;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.serial.SharedMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ConcurrencyTest {
    @Test
    void manyThreadsSendAndTheOrderBetweenEachPairStays() throws Exception {
        ExecutorService turns = Executors.newFixedThreadPool(3);
        ExecutorService handlers = Executors.newFixedThreadPool(2);
        try {
            run(new TestRealm(Limits.DEFAULT, turns), handlers);
        } finally {
            turns.shutdown();
            handlers.shutdown();
            assertThat(turns.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            assertThat(handlers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void run(TestRealm test, ExecutorService handlers) throws Exception {
        int senders = 4;
        int each = 500;
        LocalSession listener = test.realm.open("listener", "node", handlers);
        List<List<Object>> heard = new ArrayList<>();
        CompletableFuture<Void> all = new CompletableFuture<>();
        listener.subscribe("a", MatchPolicy.EXACT, event -> {
                    // No lock: handlers of one session run one after the other, whatever the executor has.
                    heard.add(event.payload().args());
                    if (heard.size() == senders * each) {
                        all.complete(null);
                    }
                })
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        List<Thread> threads = new ArrayList<>();
        for (int s = 0; s < senders; s++) {
            int sender = s;
            LocalSession session = test.realm.open("s" + s, "node", handlers);
            Thread thread = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    session.publish("a", Payload.args(sender, i), PublishTo.ALL);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        all.get(30, TimeUnit.SECONDS);
        Map<Object, Integer> last = new HashMap<>();
        for (List<Object> arguments : heard) {
            Integer before = last.put(arguments.get(0), (Integer) arguments.get(1));
            assertThat(arguments.get(1)).isEqualTo(before == null ? 0 : before + 1);
        }
        assertThat(test.failures).isEmpty();
    }

    @Test
    void anEventIsEncodedOnceForAllWhoseSerializerIsTheSame() {
        TestRealm test = new TestRealm();
        List<Object> shared = new ArrayList<>();
        Outbound keeps = new Outbound() {
            @Override
            public Offer offer(SharedMessage message) {
                WampMessage content = message.message();
                if (content instanceof Event) {
                    shared.add(message);
                }
                return Offer.TAKEN;
            }

            @Override
            public long queuedBytes() {
                return 0;
            }

            @Override
            public void end() {}
        };
        for (int i = 0; i < 3; i++) {
            Connection connection = test.router.connect(Peer.of("test", "h", "h"), keeps);
            connection.receive(new Hello(
                    TestRealm.NAME,
                    Map.of(
                            "roles",
                            TestPeer.ROLES,
                            "authmethods",
                            List.of("test"),
                            "authextra",
                            Map.of("role", "all"))));
            connection.receive(new Subscribe(1, Map.of(), "a"));
        }
        test.peer("p", "all").publish("a", Map.of(), 1);
        assertThat(shared).hasSize(3).allMatch(message -> message == shared.get(0));
    }
}
