package io.millwright.wamp.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.message.Event;
import io.millwright.wamp.message.Invocation;
import io.millwright.wamp.message.MessageType;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Result;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.message.Yield;
import io.millwright.wamp.serial.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that send anything, in any order, valid or nearly so; beside them two that must not notice. */
class FuzzTest {
    private static final List<String> URIS = List.of(
            "a",
            "a",
            "a.b",
            "a.b",
            "a.b.c",
            "a..c",
            "",
            "a.",
            "wamp.session.count",
            "wamp.session.kill_all",
            "wamp.session.add_testament",
            "wamp.subscription.list",
            "wamp.registration.get",
            "wamp.session.flush_testaments",
            "wamp.session.get");
    private static final List<String> KEYS =
            List.of("match", "roles", "authmethods", "authextra", "force", "kwargs", "mode");
    private static final Map<MessageType, List<String>> OPTIONS = Map.of(
            MessageType.PUBLISH,
            List.of("acknowledge", "exclude_me", "exclude", "eligible_authrole", "retain", "x_y"),
            MessageType.SUBSCRIBE,
            List.of("match", "get_retained", "x_y"),
            MessageType.REGISTER,
            List.of("match", "invoke"),
            MessageType.CALL,
            List.of("receive_progress", "timeout"),
            MessageType.CANCEL,
            List.of("mode"),
            MessageType.YIELD,
            List.of("progress"));

    private final TestRealm test = new TestRealm(Limits.DEFAULT
            .withQueuedBytes(100_000)
            .withCalls(50)
            .withRetained(20)
            .withTestaments(5));
    private final Map<MessageType, Integer> came = new EnumMap<>(MessageType.class);
    private final Map<TestPeer, Long> invocations = new HashMap<>();
    private TestPeer publisher;
    private TestPeer listener;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void noSessionHarmsAnother(long seed) {
        Random random = new Random(seed);
        test.realm.roles().put(Role.of("quiet", Rule.prefix("q", Action.values())));
        test.realm
                .roles()
                .put(Role.of("fuzz", Rule.prefix("a", Action.values())).withMeta(MetaRights.READ));
        publisher = test.peer("publisher", "quiet");
        listener = test.peer("listener", "quiet");
        listener.subscribe("q.topic");
        listener.register("q.procedure");
        LocalSession node = test.realm.open("node", "node", Runnable::run);
        List<TestPeer> peers = new ArrayList<>();
        for (int step = 0; step < 5_000; step++) {
            if (peers.size() < 8 || random.nextInt(200) == 0) {
                peers.add(join(random));
            }
            TestPeer peer = peers.get(random.nextInt(peers.size()));
            act(random, peer);
            if (peer.ended) {
                peers.remove(peer);
                invocations.remove(peer);
            }
            if (step % 50 == 0) {
                undisturbed(step);
            }
        }
        peers.forEach(peer -> peer.connection.closed("end"));
        test.timer.pass(Duration.ofHours(1));
        TestPeer operator = test.peer("operator", "operator");
        undisturbed(0);
        assertThat(test.failures).isEmpty();
        assertThat(operator.ask("wamp.session.count")).isEqualTo(4L);
        assertThat(operator.ask("wamp.registration.list").toString()).matches(".*\\[\\d+\\].*\\[\\].*\\[\\].*");
        assertThat(operator.ask("wamp.subscription.list").toString()).matches(".*\\[\\d+\\].*\\[\\].*\\[\\].*");
        assertThat(test.timer.waiting()).isZero();
        node.close();
        // The fuzz has reached what it is there for.
        for (MessageType type : List.of(
                MessageType.EVENT,
                MessageType.INVOCATION,
                MessageType.RESULT,
                MessageType.ERROR,
                MessageType.INTERRUPT)) {
            assertThat(came.getOrDefault(type, 0)).as("%s", type).isGreaterThan(20);
        }
    }

    private TestPeer join(Random random) {
        TestPeer peer = test.connect(Serializers.all().get(random.nextInt(3)));
        if (random.nextInt(4) > 0) {
            peer.join(TestRealm.NAME, "f" + random.nextInt(3), "fuzz");
        }
        peer.maxBytes = random.nextInt(5) == 0 ? 200 : Integer.MAX_VALUE;
        return peer;
    }

    private void act(Random random, TestPeer peer) {
        switch (random.nextInt(60)) {
            case 0 -> peer.connection.closed("gone");
            case 1 -> peer.reading = false;
            case 2 -> peer.readAll();
            default -> {
                List<Object> list = message(random, peer);
                if (random.nextInt(20) == 0) {
                    mutate(random, list);
                }
                try {
                    peer.send(WampMessage.parse(list));
                } catch (WampProtocolException e) {
                    if (random.nextInt(4) == 0) {
                        peer.connection.violation(e);
                    }
                }
                peer.received.forEach(message -> came(peer, message));
                peer.received.clear();
            }
        }
    }

    private void came(TestPeer peer, WampMessage message) {
        came.merge(message.type(), 1, Integer::sum);
        if (message instanceof Invocation invocation) {
            invocations.put(peer, invocation.request());
        }
    }

    private void undisturbed(int step) {
        publisher.publish("q.topic", Map.of(), step);
        assertThat(listener.next(Event.class).payload()).isEqualTo(Payload.args(step));
        publisher.call("q.procedure", Map.of(), step);
        Invocation invocation = listener.next(Invocation.class);
        listener.send(new Yield(invocation.request(), Map.of(), invocation.payload()));
        assertThat(publisher.next(Result.class).payload()).isEqualTo(Payload.args(step));
        publisher.nothing();
        listener.nothing();
    }

    private List<Object> message(Random random, TestPeer peer) {
        MessageType[] types = MessageType.values();
        MessageType type = types[random.nextInt(types.length)];
        if (random.nextInt(40) > 0) {
            List<MessageType> frequent = List.of(
                    MessageType.PUBLISH,
                    MessageType.SUBSCRIBE,
                    MessageType.CALL,
                    MessageType.REGISTER,
                    MessageType.YIELD,
                    MessageType.CANCEL,
                    MessageType.ERROR,
                    MessageType.UNREGISTER,
                    MessageType.UNSUBSCRIBE);
            type = frequent.get(random.nextInt(frequent.size()));
        }
        boolean answers = type == MessageType.YIELD || type == MessageType.ERROR;
        if (answers && !invocations.containsKey(peer) && random.nextInt(20) > 0) {
            type = MessageType.CALL;
        }
        List<Object> list = new ArrayList<>(List.of(type.code()));
        switch (type) {
            case HELLO -> list.addAll(List.of(TestRealm.NAME, options(random, type)));
            case GOODBYE, ABORT -> list.addAll(List.of(options(random, type), "a.b"));
            case PUBLISH, CALL, SUBSCRIBE, REGISTER ->
                list.addAll(List.of(id(random), options(random, type), URIS.get(random.nextInt(URIS.size()))));
            case ERROR -> list.addAll(List.of(68, answered(random, peer), options(random, type), "a.error"));
            case YIELD -> list.addAll(List.of(answered(random, peer), options(random, type)));
            case CANCEL -> list.addAll(List.of(id(random), options(random, type)));
            case INVOCATION, EVENT -> list.addAll(List.of(id(random), id(random), options(random, type)));
            default -> list.addAll(List.of(id(random), id(random)));
        }
        boolean payload = type == MessageType.PUBLISH
                || type == MessageType.CALL
                || type == MessageType.YIELD
                || type == MessageType.ERROR;
        if (payload && random.nextBoolean()) {
            list.add(List.of(value(random, 0), value(random, 0)));
        }
        return list;
    }

    /** The request of an invocation that the session has had. */
    private Object answered(Random random, TestPeer peer) {
        long last = invocations.getOrDefault(peer, 0L);
        return last == 0 || random.nextInt(50) == 0
                ? id(random)
                : (Object) (1 + Math.floorMod(random.nextLong(), last));
    }

    private static Object id(Random random) {
        return random.nextInt(30) == 0 ? random.nextLong() : (Object) (long) (1 + random.nextInt(40));
    }

    private static Map<String, Object> options(Random random, MessageType type) {
        Map<String, Object> options = new HashMap<>();
        List<String> known = random.nextInt(10) == 0 ? KEYS : OPTIONS.getOrDefault(type, KEYS);
        for (int n = random.nextInt(5) - 2; n > 0; n--) {
            String key = known.get(random.nextInt(known.size()));
            options.put(key, likely(random, key));
        }
        return options;
    }

    private static Object likely(Random random, String key) {
        return switch (random.nextInt(20) == 0 ? "" : key) {
            case "match" -> List.of("exact", "prefix", "wildcard").get(random.nextInt(3));
            case "invoke" -> List.of("single", "roundrobin", "random").get(random.nextInt(3));
            case "mode" -> List.of("skip", "kill", "killnowait").get(random.nextInt(3));
            case "timeout" -> random.nextInt(5000);
            case "exclude" -> List.of(id(random));
            case "eligible_authrole", "authmethods" -> List.of("test", "fuzz");
            case "roles" -> TestPeer.ROLES;
            case "authextra" -> Map.of("role", "fuzz");
            case "" -> value(random, 0);
            default -> random.nextBoolean();
        };
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 2 ? 6 : 8)) {
            case 0 -> random.nextLong();
            case 1 -> "x".repeat(random.nextInt(300));
            case 2 -> Double.NaN;
            case 3 -> new byte[random.nextInt(20)];
            case 4 -> random.nextBoolean();
            case 5 -> URIS.get(random.nextInt(URIS.size()));
            case 6 -> List.of(value(random, depth + 1));
            default -> Map.of(KEYS.get(random.nextInt(KEYS.size())), value(random, depth + 1));
        };
    }

    private static void mutate(Random random, List<Object> list) {
        int index = random.nextInt(list.size());
        switch (random.nextInt(3)) {
            case 0 -> list.remove(index);
            case 1 -> list.set(index, value(random, 0));
            default -> list.add(index, value(random, 0));
        }
    }
}
