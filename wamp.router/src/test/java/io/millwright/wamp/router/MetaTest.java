package io.millwright.wamp.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.wamp.WampErrors;
import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.Event;
import io.millwright.wamp.message.Goodbye;
import io.millwright.wamp.message.Hello;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Subscribe;
import io.millwright.wamp.message.Unregister;
import io.millwright.wamp.message.Unregistered;
import io.millwright.wamp.message.Unsubscribe;
import io.millwright.wamp.message.Unsubscribed;
import io.millwright.wamp.message.Welcome;
import io.millwright.wamp.serial.Serializers;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetaTest {
    private final TestRealm test = new TestRealm();
    private final TestPeer operator = test.peer("op", "operator");

    @ParameterizedTest
    @CsvSource({
        // procedure, NONE, TESTAMENTS, READ, ALL
        "wamp.session.count, false, false, true, true",
        "wamp.session.list, false, false, true, true",
        "wamp.session.get, false, false, true, true",
        "wamp.session.kill, false, false, false, true",
        "wamp.session.kill_by_authid, false, false, false, true",
        "wamp.session.kill_by_authrole, false, false, false, true",
        "wamp.session.kill_all, false, false, false, true",
        "wamp.session.add_testament, false, true, false, true",
        "wamp.session.flush_testaments, false, true, false, true",
        "wamp.registration.list, false, false, true, true",
        "wamp.registration.lookup, false, false, true, true",
        "wamp.registration.match, false, false, true, true",
        "wamp.registration.get, false, false, true, true",
        "wamp.registration.list_callees, false, false, true, true",
        "wamp.registration.count_callees, false, false, true, true",
        "wamp.subscription.list, false, false, true, true",
        "wamp.subscription.lookup, false, false, true, true",
        "wamp.subscription.match, false, false, true, true",
        "wamp.subscription.get, false, false, true, true",
        "wamp.subscription.list_subscribers, false, false, true, true",
        "wamp.subscription.count_subscribers, false, false, true, true",
    })
    void rights(String procedure, boolean none, boolean testaments, boolean read, boolean all) {
        boolean[] allowed = {none, testaments, read, all};
        for (MetaRights rights : MetaRights.values()) {
            test.realm.roles().put(Role.of("r", Rule.exact("a", Action.PUBLISH)).withMeta(rights));
            TestPeer peer = test.peer("p", "r");
            peer.call(procedure, Map.of());
            boolean refused = peer.next().toList().contains(WampErrors.NOT_AUTHORIZED);
            assertThat(refused).as("%s", rights).isEqualTo(!allowed[rights.ordinal()]);
            peer.send(new Subscribe(peer.nextRequest(), Map.of(), "wamp.session.on_join"));
            boolean deaf = peer.next().toList().contains(WampErrors.NOT_AUTHORIZED);
            assertThat(deaf).as("%s", rights).isEqualTo(rights.ordinal() < MetaRights.READ.ordinal());
        }
    }

    @Test
    void sessionsAreCountedListedAndRead() {
        TestPeer bob = test.peer("bob", "all");
        TestPeer observer = test.peer("ob", "observer");
        assertThat(observer.ask("wamp.session.count")).isEqualTo(3L);
        assertThat(observer.ask("wamp.session.count", List.of("all", "none"))).isEqualTo(1L);
        assertThat(observer.ask("wamp.session.list", List.of("all"))).isEqualTo(List.of(bob.session));
        assertThat(observer.ask("wamp.session.get", bob.session))
                .isEqualTo(Map.of(
                        "session",
                        bob.session,
                        "authid",
                        "bob",
                        "authrole",
                        "all",
                        "authmethod",
                        "test",
                        "authprovider",
                        "static"));
        assertThat(operator.ask("wamp.session.get", bob.session).toString()).contains("transport", "host:1");
        observer.call("wamp.session.get", Map.of(), 12345);
        observer.error(WampErrors.NO_SUCH_SESSION);
        observer.call("wamp.session.get", Map.of(), "x");
        observer.error(WampErrors.INVALID_ARGUMENT);
        observer.call("wamp.session.get", Map.of());
        observer.error(WampErrors.INVALID_ARGUMENT);
    }

    @Test
    void comingAndGoingIsPublished() {
        operator.subscribe("wamp.session.on_join");
        operator.subscribe("wamp.session.on_leave");
        TestPeer bob = test.peer("bob", "all");
        assertThat(operator.next(Event.class).payload().args().toString())
                .contains("bob", "all")
                .doesNotContain("host");
        bob.connection.closed("gone");
        assertThat(operator.next(Event.class).payload()).isEqualTo(Payload.args(bob.session, "bob", "all"));
        operator.nothing();
    }

    @Test
    void sessionsAreEndedInWords() {
        TestPeer a = test.peer("a", "all");
        TestPeer b1 = test.peer("b", "all");
        TestPeer b2 = test.peer("b", "all");
        TestPeer none = test.peer("n", "none");
        TestPeer observer = test.peer("o", "observer");
        operator.send(new Call(
                operator.nextRequest(),
                Map.of(),
                "wamp.session.kill",
                Payload.of(List.of(a.session), Map.of("reason", "my.reason", "message", "because"))));
        operator.next();
        Goodbye goodbye = a.next(Goodbye.class);
        assertThat(goodbye.reason()).isEqualTo("my.reason");
        assertThat(goodbye.details()).isEqualTo(Map.of("message", "because"));
        assertThat(operator.ask("wamp.session.kill_by_authid", "b")).isEqualTo(2L);
        b1.next(Goodbye.class);
        b2.next(Goodbye.class);
        assertThat(operator.ask("wamp.session.kill_by_authrole", "none")).isEqualTo(1L);
        none.next(Goodbye.class);
        assertThat(operator.ask("wamp.session.kill_all")).isEqualTo(1L);
        observer.next(Goodbye.class);
        assertThat(operator.ask("wamp.session.list")).isEqualTo(List.of(operator.session));
        operator.call("wamp.session.kill", Map.of(), operator.session);
        operator.error(WampErrors.NO_SUCH_SESSION);
        operator.send(new Call(
                operator.nextRequest(),
                Map.of(),
                "wamp.session.kill_all",
                Payload.of(List.of(), Map.of("reason", "no uri"))));
        operator.error(WampErrors.INVALID_URI);
    }

    @Test
    void sparedSessionsAreEndedOnlyByForceAndThoseOfThisProcessNever() {
        TestPeer worker = test.connect(Serializers.CBOR);
        worker.send(new Hello(
                TestRealm.NAME,
                Map.of(
                        "roles",
                        TestPeer.ROLES,
                        "authmethods",
                        List.of("test"),
                        "authid",
                        "w",
                        "authextra",
                        Map.of("role", "all", "spared", true))));
        long session = worker.next(Welcome.class).session();
        LocalSession local = test.realm.open("node", "node", Runnable::run);
        assertThat(operator.ask("wamp.session.kill_all")).isEqualTo(0L);
        operator.call("wamp.session.kill", Map.of(), session);
        operator.error(WampErrors.NOT_AUTHORIZED);
        operator.call("wamp.session.kill", Map.of(), local.info().id());
        operator.error(WampErrors.NOT_AUTHORIZED);
        worker.nothing();
        operator.send(new Call(
                operator.nextRequest(),
                Map.of(),
                "wamp.session.kill_all",
                Payload.of(List.of(), Map.of("force", true))));
        worker.next(Goodbye.class);
        operator.next();
        assertThat(operator.ask("wamp.session.count")).isEqualTo(2L);
    }

    @Test
    void registrationsAreListedLookedUpAndRead() {
        TestPeer bob = test.peer("bob", "all");
        long exact = bob.register("a.b");
        long prefix = bob.register("a", Map.of("match", "prefix", "invoke", "roundrobin"));
        long wildcard = bob.register("a.", Map.of("match", "wildcard"));
        String p = "wamp.registration.";
        assertThat(operator.ask(p + "list"))
                .isEqualTo(Map.of("exact", List.of(exact), "prefix", List.of(prefix), "wildcard", List.of(wildcard)));
        assertThat(operator.ask(p + "lookup", "a.b")).isEqualTo(exact);
        assertThat(operator.ask(p + "lookup", "a", Map.of("match", "prefix"))).isEqualTo(prefix);
        assertThat(operator.ask(p + "lookup", "x")).isNull();
        assertThat(operator.ask(p + "match", "a.c")).isEqualTo(prefix);
        assertThat(operator.ask(p + "match", "x")).isNull();
        assertThat(operator.ask(p + "get", prefix).toString())
                .contains("uri=a", "match=prefix", "invoke=roundrobin", "created=");
        assertThat(operator.ask(p + "list_callees", exact)).isEqualTo(List.of(bob.session));
        assertThat(operator.ask(p + "count_callees", exact)).isEqualTo(1L);
        for (String name : List.of("get", "list_callees", "count_callees")) {
            operator.call(p + name, Map.of(), 99);
            operator.error(WampErrors.NO_SUCH_REGISTRATION);
        }
    }

    @Test
    void subscriptionsAreListedLookedUpAndRead() {
        TestPeer bob = test.peer("bob", "all");
        long exact = bob.subscribe("a.b");
        long prefix = bob.subscribe("a", Map.of("match", "prefix"));
        long wildcard = bob.subscribe("a.", Map.of("match", "wildcard"));
        String p = "wamp.subscription.";
        assertThat(operator.ask(p + "list"))
                .isEqualTo(Map.of("exact", List.of(exact), "prefix", List.of(prefix), "wildcard", List.of(wildcard)));
        assertThat(operator.ask(p + "lookup", "a", Map.of("match", "prefix"))).isEqualTo(prefix);
        assertThat(operator.ask(p + "match", "a.b")).isEqualTo(List.of(exact, prefix, wildcard));
        assertThat(operator.ask(p + "match", "x")).isNull();
        assertThat(operator.ask(p + "get", wildcard).toString()).contains("uri=a.,", "match=wildcard");
        assertThat(operator.ask(p + "list_subscribers", exact)).isEqualTo(List.of(bob.session));
        assertThat(operator.ask(p + "count_subscribers", exact)).isEqualTo(1L);
        for (String name : List.of("get", "list_subscribers", "count_subscribers")) {
            operator.call(p + name, Map.of(), 99);
            operator.error(WampErrors.NO_SUCH_SUBSCRIPTION);
        }
        operator.call(p + "lookup", Map.of(), "a", Map.of("match", "no"));
        operator.error(WampErrors.INVALID_ARGUMENT);
    }

    @Test
    void registrationsAndSubscriptionsTellTheirLives() {
        TestPeer bob = test.peer("bob", "all");
        TestPeer carol = test.peer("carol", "all");
        operator.subscribe("wamp.", Map.of("match", "prefix"));
        operator.received.clear();
        long registration = bob.register("a", Map.of("invoke", "roundrobin"));
        carol.register("a", Map.of("invoke", "roundrobin"));
        bob.send(new Unregister(bob.nextRequest(), registration));
        bob.next(Unregistered.class);
        carol.connection.closed("gone");
        told("wamp.registration.on_create", bob.session, null);
        told("wamp.registration.on_register", bob.session, registration);
        told("wamp.registration.on_register", carol.session, registration);
        told("wamp.registration.on_unregister", bob.session, registration);
        told("wamp.registration.on_unregister", carol.session, registration);
        told("wamp.registration.on_delete", carol.session, registration);
        told("wamp.session.on_leave", carol.session, "carol");
        long subscription = bob.subscribe("a");
        bob.send(new Unsubscribe(bob.nextRequest(), subscription));
        bob.next(Unsubscribed.class);
        told("wamp.subscription.on_create", bob.session, null);
        told("wamp.subscription.on_subscribe", bob.session, subscription);
        told("wamp.subscription.on_unsubscribe", bob.session, subscription);
        told("wamp.subscription.on_delete", bob.session, subscription);
        operator.nothing();
    }

    private void told(String topic, long session, Object second) {
        Event event = operator.next(Event.class);
        assertThat(event.details()).isEqualTo(Map.of("topic", topic));
        assertThat(event.payload().args().get(0)).isEqualTo(session);
        if (second != null) {
            assertThat(event.payload().args().get(1)).isEqualTo(second);
        }
    }

    private void testament(TestPeer peer, String topic, Map<String, Object> more) {
        peer.send(new Call(
                peer.nextRequest(),
                Map.of(),
                "wamp.session.add_testament",
                Payload.of(Arrays.asList(topic, List.of(1), Map.of("k", 2)), more)));
    }

    @Test
    void testamentsArePublishedWhenTheirSessionIsOver() {
        test.realm
                .roles()
                .put(Role.of("w", Rule.prefix("w.c1.", Action.PUBLISH)).withMeta(MetaRights.TESTAMENTS));
        operator.subscribe("w.", Map.of("match", "prefix"));
        TestPeer worker = test.peer("c1", "w");
        testament(worker, "w.c10.gone", Map.of());
        worker.error(WampErrors.NOT_AUTHORIZED);
        testament(worker, "no uri", Map.of());
        worker.error(WampErrors.INVALID_URI);
        testament(worker, "w.c1.gone", Map.of("publish_options", Map.of("forward_for", List.of(Map.of()))));
        worker.error(WampErrors.OPTION_NOT_ALLOWED);
        testament(worker, "w.c1.gone", Map.of("publish_options", Map.of("exclude", "x")));
        worker.error(WampErrors.INVALID_ARGUMENT);
        testament(worker, "w.c1.gone", Map.of("scope", "never"));
        worker.error(WampErrors.INVALID_ARGUMENT);
        testament(worker, "w.c1.flushed", Map.of("scope", "detached"));
        worker.next();
        worker.send(new Call(
                worker.nextRequest(),
                Map.of(),
                "wamp.session.flush_testaments",
                Payload.of(List.of(), Map.of("scope", "detached"))));
        worker.next();
        testament(worker, "w.c1.gone", Map.of());
        worker.next();
        operator.nothing();
        worker.connection.closed("gone");
        Event event = operator.next(Event.class);
        assertThat(event.details()).isEqualTo(Map.of("topic", "w.c1.gone"));
        assertThat(event.payload()).isEqualTo(Payload.of(List.of(1), Map.of("k", 2)));
        operator.nothing();
    }

    @Test
    void aTestamentIsNotPublishedIfItsOwnerMayNoLongerPublishSo() {
        test.realm.roles().put(Role.of("w", Rule.prefix("w", Action.PUBLISH)).withMeta(MetaRights.TESTAMENTS));
        operator.subscribe("w.", Map.of("match", "prefix"));
        TestPeer worker = test.peer("c1", "w");
        testament(worker, "w.gone", Map.of());
        worker.next();
        test.realm.roles().put(Role.of("w", Rule.prefix("v", Action.PUBLISH)));
        worker.connection.closed("gone");
        operator.nothing();
    }
}
