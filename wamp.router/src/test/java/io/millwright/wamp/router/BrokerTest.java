package io.millwright.wamp.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.wamp.WampErrors;
import io.millwright.wamp.message.Event;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Published;
import io.millwright.wamp.message.Subscribe;
import io.millwright.wamp.message.Unsubscribe;
import io.millwright.wamp.message.Unsubscribed;
import io.millwright.wamp.serial.Serializers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerTest {
    private final TestRealm test = new TestRealm();
    private final TestPeer alice = test.peer("alice", "all");
    private final TestPeer bob = test.peer("bob", "all");

    @Test
    void whatIsPublishedReachesThoseThatHaveSubscribed() {
        long subscription = bob.subscribe("a.b");
        alice.publish("a.b", Map.of(), 1, "two");
        alice.publish("a.c", Map.of(), 3);
        Event event = bob.next(Event.class);
        assertThat(event.subscription()).isEqualTo(subscription);
        assertThat(event.details()).isEmpty();
        assertThat(event.payload()).isEqualTo(Payload.args(1, "two"));
        bob.nothing();
        alice.nothing();
    }

    @Test
    void patternsMatchAsTheProtocolSaysAndTheEventNamesItsTopic() {
        long prefix = bob.subscribe("a.b", Map.of("match", "prefix"));
        long wildcard = bob.subscribe("a..c", Map.of("match", "wildcard"));
        alice.publish("a.bb.c", Map.of());
        Event first = bob.next(Event.class);
        Event second = bob.next(Event.class);
        bob.nothing();
        assertThat(List.of(first.subscription(), second.subscription())).containsExactly(prefix, wildcard);
        assertThat(first.details()).isEqualTo(Map.of("topic", "a.bb.c"));
        assertThat(first.publication()).isEqualTo(second.publication());
    }

    @Test
    void theSameTopicTwiceIsOneSubscription() {
        assertThat(bob.subscribe("a")).isEqualTo(bob.subscribe("a")).isEqualTo(alice.subscribe("a"));
        alice.publish("a", Map.of());
        bob.next(Event.class);
        bob.nothing();
    }

    @Test
    void afterUnsubscribedNothingComes() {
        long subscription = bob.subscribe("a");
        bob.send(new Unsubscribe(bob.nextRequest(), subscription));
        bob.next(Unsubscribed.class);
        alice.publish("a", Map.of());
        bob.nothing();
        bob.send(new Unsubscribe(bob.nextRequest(), subscription));
        bob.error(WampErrors.NO_SUCH_SUBSCRIPTION);
    }

    @Test
    void thePublisherIsLeftOutUnlessItWantsItsEvent() {
        long subscription = alice.subscribe("a");
        alice.publish("a", Map.of());
        alice.publish("a", Map.of("exclude_me", true));
        alice.nothing();
        alice.publish("a", Map.of("exclude_me", false));
        assertThat(alice.next(Event.class).subscription()).isEqualTo(subscription);
    }

    @Test
    void listsSayWhoMayHaveAnEvent() {
        TestPeer carol = test.peer("carol", "operator");
        for (TestPeer peer : List.of(bob, carol)) {
            peer.subscribe("a");
        }
        receivers(carol, Map.of("exclude", List.of(bob.session)), "carol");
        receivers(carol, Map.of("exclude_authid", List.of("bob")), "carol");
        receivers(carol, Map.of("exclude_authrole", List.of("all")), "carol");
        receivers(carol, Map.of("eligible", List.of(bob.session)), "bob");
        receivers(carol, Map.of("eligible_authid", List.of("carol")), "carol");
        receivers(carol, Map.of("eligible_authrole", List.of("operator", "none")), "carol");
        receivers(carol, Map.of("eligible", List.of()), "");
        receivers(carol, Map.of("eligible_authid", List.of("bob"), "exclude", List.of(bob.session)), "");
    }

    private void receivers(TestPeer carol, Map<String, Object> options, String who) {
        alice.publish("a", options);
        assertThat((bob.received.isEmpty() ? "" : "bob") + (carol.received.isEmpty() ? "" : "carol"))
                .as("%s", options)
                .isEqualTo(who);
        bob.received.clear();
        carol.received.clear();
    }

    @Test
    void anAcknowledgedPublicationHasAnAnswerAnyOtherHasNone() {
        bob.subscribe("a");
        alice.publish("a", Map.of("acknowledge", true));
        assertThat(alice.next(Published.class).publication())
                .isEqualTo(bob.next(Event.class).publication());
        alice.publish("wamp.a", Map.of("acknowledge", true));
        alice.error(WampErrors.INVALID_URI);
        alice.publish("wamp.a", Map.of());
        alice.nothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward_for", "acknowledged", "transaction_hash"})
    void anOptionThatIsNotKnownIsRefused(String option) {
        Object value = option.equals("forward_for") ? List.of(Map.of()) : "x";
        bob.subscribe("a");
        alice.publish("a", Map.of("acknowledge", true, option, value));
        alice.error(WampErrors.OPTION_NOT_ALLOWED);
        alice.send(new Subscribe(alice.nextRequest(), Map.of(option, value), "a"));
        alice.error(WampErrors.OPTION_NOT_ALLOWED);
        bob.nothing();
    }

    @Test
    void anOptionBetweenApplicationsIsPassedOver() {
        bob.subscribe("a", Map.of("_mine", 1, "x_yours", 2));
        alice.publish("a", Map.of("_mine", 1, "nkey", false));
        bob.next(Event.class);
    }

    @Test
    void aRetainedEventIsThereForThoseThatComeLater() {
        alice.publish("a.b", Map.of("retain", true), 1);
        alice.publish("a.b", Map.of("retain", true), 2);
        alice.publish("a.b", Map.of(), 3);
        alice.publish("a.c", Map.of("retain", true, "eligible_authid", List.of("alice")), 4);
        bob.subscribe("a.b");
        bob.nothing();
        bob.subscribe("a.b", Map.of("get_retained", true));
        Event event = bob.next(Event.class);
        assertThat(event.payload()).isEqualTo(Payload.args(2));
        assertThat(event.details()).isEqualTo(Map.of("retained", true));
        bob.subscribe("a", Map.of("get_retained", true, "match", "prefix"));
        assertThat(bob.next(Event.class).details()).isEqualTo(Map.of("retained", true, "topic", "a.b"));
        bob.nothing();
    }

    @Test
    void aRuleDisclosesThePublisher() {
        test.realm
                .roles()
                .put(Role.of("shown", Rule.prefix("a", Action.PUBLISH).disclosing(), Rule.exact("b", Action.PUBLISH)));
        TestPeer carol = test.peer("carol", "shown");
        bob.subscribe("a");
        bob.subscribe("b");
        carol.publish("a", Map.of());
        assertThat(bob.next(Event.class).details())
                .isEqualTo(
                        Map.of("publisher", carol.session, "publisher_authid", "carol", "publisher_authrole", "shown"));
        carol.publish("b", Map.of());
        assertThat(bob.next(Event.class).details()).isEmpty();
        carol.publish("b", Map.of("disclose_me", true, "acknowledge", true));
        carol.error(WampErrors.DISCLOSE_ME_NOT_ALLOWED);
        bob.nothing();
    }

    @Test
    void whatIsNotAllowedIsRefused() {
        TestPeer carol = test.peer("carol", "none");
        carol.publish("a", Map.of("acknowledge", true));
        carol.error(WampErrors.NOT_AUTHORIZED);
        carol.send(new Subscribe(carol.nextRequest(), Map.of("match", "prefix"), ""));
        carol.error(WampErrors.NOT_AUTHORIZED);
    }

    @Test
    void aPackedPayloadGoesThroughAsItIs() {
        bob.subscribe("a");
        Map<String, Object> packing = Map.of("ppt_scheme", "x_custom", "ppt_serializer", "cbor");
        alice.send(new io.millwright.wamp.message.Publish(
                alice.nextRequest(), packing, "a", Payload.opaque(new byte[] {1, 2, 3})));
        Event event = bob.next(Event.class);
        assertThat(event.details()).isEqualTo(packing);
        assertThat(event.payload().opaque()).containsExactly(1, 2, 3);
    }

    @Test
    void anEventThatAPeerCannotTakeIsLostForItAlone() {
        TestPeer json = test.peer("json", "all", Serializers.JSON);
        for (TestPeer peer : List.of(bob, json)) {
            peer.subscribe("a");
        }
        bob.maxBytes = 100;
        alice.publish("a", Map.of(), "x".repeat(200));
        json.next(Event.class);
        alice.publish("a", Map.of(), Double.NaN);
        bob.next(Event.class);
        alice.publish("a", Map.of(), 1);
        bob.next(Event.class);
        json.next(Event.class);
        assertThat(test.notes).hasSize(2).anyMatch(note -> note.startsWith("bob lost 1: longer"));
    }

    @Test
    void subscriptionsEndWithTheirSession() {
        bob.subscribe("a");
        bob.connection.closed("gone");
        alice.publish("a", Map.of());
        assertThat(test.notes).containsExactly("bob left: gone");
    }
}
