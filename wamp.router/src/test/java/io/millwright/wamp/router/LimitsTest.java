package io.millwright.wamp.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.message.Abort;
import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.Event;
import io.millwright.wamp.message.Hello;
import io.millwright.wamp.message.Invocation;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Published;
import io.millwright.wamp.message.Register;
import io.millwright.wamp.message.Subscribe;
import io.millwright.wamp.message.Welcome;
import io.millwright.wamp.message.Yield;
import io.millwright.wamp.serial.Serializers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LimitsTest {
    private static final Limits TWO = Limits.DEFAULT
            .withCalls(2)
            .withSubscriptions(2)
            .withRegistrations(2)
            .withTestaments(2)
            .withRetained(2);

    @Test
    void aSessionHasSoMuchAndNoMore() {
        TestRealm test = new TestRealm(TWO);
        TestPeer peer = test.peer("p", "operator");
        for (int i = 0; i < 2; i++) {
            peer.subscribe("a" + i);
            peer.register("a" + i);
            peer.publish("a" + i, Map.of("retain", true, "acknowledge", true));
            peer.next();
            peer.ask("wamp.session.add_testament", "a", List.of(), Map.of());
        }
        peer.subscribe("a0");
        peer.send(new Subscribe(peer.nextRequest(), Map.of(), "a3"));
        peer.error(WampErrors.UNAVAILABLE);
        peer.send(new Register(peer.nextRequest(), Map.of(), "a3"));
        peer.error(WampErrors.UNAVAILABLE);
        peer.publish("a1", Map.of("retain", true, "acknowledge", true));
        peer.next();
        peer.publish("a3", Map.of("retain", true, "acknowledge", true));
        peer.error(WampErrors.UNAVAILABLE);
        peer.call("wamp.session.add_testament", Map.of(), "a", List.of(), Map.of());
        peer.error(WampErrors.UNAVAILABLE);
        for (int i = 0; i < 2; i++) {
            peer.call("a0", Map.of());
            peer.next(Invocation.class);
        }
        peer.call("a0", Map.of());
        peer.error(WampErrors.UNAVAILABLE);
        assertThat(peer.ask("wamp.session.count")).isEqualTo(1L);
        assertThat(test.limited)
                .containsExactly(
                        "p: this session has 2 subscriptions, and may have no more",
                        "p: this session has 2 registrations, and may have no more",
                        "p: this session has 2 testaments, and may have no more");
        assertThat(test.realm.traffic().toCompletableFuture().join().get(0).refused())
                .isEqualTo(5);
    }

    @Test
    void testamentsAndRetainedEventsAreBoundedInBytesToo() {
        TestRealm test = new TestRealm();
        TestPeer peer = test.peer("p", "operator");
        String half = "x".repeat(600_000);
        peer.ask("wamp.session.add_testament", "a", List.of(half), Map.of());
        peer.call("wamp.session.add_testament", Map.of(), "a", List.of(half), Map.of());
        peer.error(WampErrors.PAYLOAD_SIZE_EXCEEDED);
        peer.ask("wamp.session.flush_testaments");
        peer.ask("wamp.session.add_testament", "a", List.of(half), Map.of());
        for (int i = 0; i < 27; i++) {
            peer.publish("a" + i, Map.of("retain", true), half);
        }
        peer.nothing();
        peer.publish("a28", Map.of("retain", true, "acknowledge", true), half);
        peer.error(WampErrors.UNAVAILABLE);
    }

    @Test
    void aRealmHasSoManySessionsAndSoManyOfOnePeer() {
        TestRealm test = new TestRealm(Limits.DEFAULT.withSessions(3).withSessionsPerPeer(2));
        TestPeer first = test.peer("p", "all");
        test.peer("p", "all");
        refused(test.connect(Serializers.JSON));
        Peer other = Peer.of("test", "other:1", "other");
        TestPeer.connect(test.router, other, Serializers.JSON).join(TestRealm.NAME, "o", "all");
        refused(TestPeer.connect(test.router, Peer.of("test", "third:1", "third"), Serializers.JSON));
        first.connection.closed("gone");
        test.peer("p", "all");
    }

    /** The kind: a node with many workers, which all come as its own user. */
    @Test
    void usersWhomTheKernelNamesAreNotCountedByPeer() {
        TestRealm test = new TestRealm(Limits.DEFAULT.withSessions(4).withSessionsPerPeer(1));
        Peer user = Peer.of("test", "unix", "user 1000").withUid(1000);
        for (int i = 0; i < 4; i++) {
            TestPeer.connect(test.router, user, Serializers.JSON).join(TestRealm.NAME, "w" + i, "all");
        }
        refused(TestPeer.connect(test.router, user, Serializers.JSON));
    }

    /** The kind: an operator limits others, and the node's own workers cannot join or do their work. */
    @Test
    void theOwnersSessionsAreNotCountedAndNotLimited() {
        TestRealm test = new TestRealm(TWO.withSessions(1).withSessionsPerPeer(1));
        Map<String, Object> spared = Map.of("role", "all", "spared", true);
        for (int i = 0; i < 3; i++) {
            TestPeer worker = test.connect(Serializers.JSON);
            worker.send(new Hello(
                    TestRealm.NAME,
                    Map.of("roles", TestPeer.ROLES, "authmethods", List.of("test"), "authextra", spared)));
            worker.next(Welcome.class);
            for (int n = 0; n < 3; n++) {
                worker.register("w" + i + "." + n);
                worker.subscribe("w" + i + "." + n);
            }
        }
        LocalSession own = test.realm.open("own", "own", Runnable::run);
        for (int n = 0; n < 3; n++) {
            own.register("own." + n, MatchPolicy.EXACT, call -> CompletableFuture.completedFuture(Payload.EMPTY))
                    .toCompletableFuture()
                    .join();
        }
        test.peer("p", "all");
        refused(TestPeer.connect(test.router, Peer.of("test", "other:1", "other"), Serializers.JSON));
        assertThat(test.limited).containsExactly("nobody: the realm has 1 sessions, and may have no more");
    }

    private static void refused(TestPeer peer) {
        peer.send(new Hello(TestRealm.NAME, Map.of("roles", TestPeer.ROLES, "authmethods", List.of("test"))));
        assertThat(peer.next(Abort.class).reason()).isEqualTo(WampErrors.UNAVAILABLE);
    }

    @Test
    void limitsChangeAndNobodyWhoIsThereIsEnded() {
        TestRealm test = new TestRealm();
        TestPeer peer = test.peer("p", "operator");
        TestPeer other = test.peer("o", "all");
        for (int i = 0; i < 3; i++) {
            peer.subscribe("a" + i);
            peer.register("a" + i);
            peer.publish("a" + i, Map.of("retain", true));
        }
        test.realm.setLimits(TWO.withSessions(1).withSessionsPerPeer(1).withMessageBytes(1000));
        assertThat(test.notes).isEmpty();
        assertThat(peer.connection.maxMessageBytes()).isEqualTo(1000);
        peer.send(new Subscribe(peer.nextRequest(), Map.of(), "a3"));
        peer.error(WampErrors.UNAVAILABLE);
        peer.send(new Register(peer.nextRequest(), Map.of(), "a3"));
        peer.error(WampErrors.UNAVAILABLE);
        peer.publish("a3", Map.of("retain", true, "acknowledge", true));
        peer.error(WampErrors.UNAVAILABLE);
        refused(test.connect(Serializers.JSON));
        other.publish("a0", Map.of());
        peer.next(Event.class);
        test.realm.setLimits(Limits.DEFAULT);
        peer.subscribe("a3");
        test.peer("n", "all");
        assertThat(test.limited).contains("nobody: the realm has 2 sessions, and may have no more");
    }

    @Test
    void aSessionThatReadsTooSlowlyForANewLimitIsEnded() {
        TestRealm test = new TestRealm();
        TestPeer slow = test.peer("slow", "all");
        TestPeer publisher = test.peer("p", "all");
        slow.subscribe("a");
        slow.reading = false;
        publisher.publish("a", Map.of(), "x".repeat(20_000));
        test.realm.setLimits(Limits.DEFAULT.withQueuedBytes(10_000));
        assertThat(test.notes).isEmpty();
        publisher.publish("a", Map.of(), "x");
        assertThat(test.notes).hasSize(1).first().asString().contains("more than 10000 bytes");
    }

    @Test
    void aConnectionMaySendLongMessagesOnlyWhenItsSessionHasJoined() {
        TestRealm test = new TestRealm(Limits.DEFAULT.withMessageBytes(1 << 20));
        TestPeer peer = test.connect(Serializers.JSON);
        assertThat(peer.connection.maxMessageBytes()).isEqualTo(64 << 10);
        peer.join(TestRealm.NAME, "p", "all");
        assertThat(peer.connection.maxMessageBytes()).isEqualTo(1 << 20);
    }

    @Test
    void aSessionThatDoesNotReadIsEndedInWordsAndNoOtherNotices() {
        TestRealm test = new TestRealm(Limits.DEFAULT.withQueuedBytes(10_000));
        TestPeer slow = test.peer("slow", "all");
        TestPeer quick = test.peer("quick", "all");
        TestPeer publisher = test.peer("p", "all");
        slow.subscribe("a");
        quick.subscribe("a");
        slow.register("b");
        slow.reading = false;
        for (int i = 0; i < 30; i++) {
            publisher.publish("a", Map.of(), "x".repeat(1000));
            quick.next(Event.class);
        }
        assertThat(slow.queued).isLessThan(13_000);
        assertThat(test.notes)
                .containsExactly("slow left: more than 10000 bytes waited to be read; this session reads too slowly"
                        + " (forced)");
        publisher.call("b", Map.of());
        publisher.error(WampErrors.NO_SUCH_PROCEDURE);
        test.timer.pass(Duration.ofSeconds(2));
        assertThat(slow.ended).isTrue();
        assertThat(quick.ended).isFalse();
    }

    @Test
    void resultsErrorsAndInvocationsAreNeverDropped() {
        TestRealm test = new TestRealm(Limits.DEFAULT.withQueuedBytes(10_000));
        TestPeer slow = test.peer("slow", "all");
        TestPeer callee = test.peer("callee", "all");
        callee.register("a");
        slow.reading = false;
        for (int i = 0; i < 30 && !slow.ended; i++) {
            slow.send(new Call(slow.nextRequest(), Map.of(), "a", Payload.EMPTY));
            if (callee.received.isEmpty()) {
                break;
            }
            callee.send(new Yield(callee.next(Invocation.class).request(), Map.of(), Payload.args("x".repeat(1000))));
        }
        assertThat(test.notes).hasSize(1).first().asString().contains("reads too slowly");
        assertThat(slow.queued).isBetween(10_000L, 13_000L);
    }

    @Test
    void aTransportThatThrowsIsItsOwnSessionsFaultAlone() {
        TestRealm test = new TestRealm();
        TestPeer publisher = test.peer("p", "all");
        TestPeer broken = test.peer("broken", "all");
        TestPeer quick = test.peer("quick", "all");
        broken.subscribe("a");
        quick.subscribe("a");
        broken.register("b");
        broken.broken = true;
        publisher.publish("a", Map.of("acknowledge", true));
        publisher.next(Published.class);
        quick.next(Event.class);
        publisher.call("b", Map.of());
        publisher.error(WampErrors.INVALID_PAYLOAD);
        assertThat(test.failures).hasSize(2);
    }
}
