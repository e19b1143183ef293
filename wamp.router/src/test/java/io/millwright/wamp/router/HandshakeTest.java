package io.millwright.wamp.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.wamp.WampErrors;
import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.message.Abort;
import io.millwright.wamp.message.Authenticate;
import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.Cancel;
import io.millwright.wamp.message.Challenge;
import io.millwright.wamp.message.ErrorMessage;
import io.millwright.wamp.message.Event;
import io.millwright.wamp.message.EventReceived;
import io.millwright.wamp.message.Goodbye;
import io.millwright.wamp.message.Hello;
import io.millwright.wamp.message.Interrupt;
import io.millwright.wamp.message.Invocation;
import io.millwright.wamp.message.MessageType;
import io.millwright.wamp.message.Options;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Publish;
import io.millwright.wamp.message.Published;
import io.millwright.wamp.message.Register;
import io.millwright.wamp.message.Registered;
import io.millwright.wamp.message.Result;
import io.millwright.wamp.message.Subscribe;
import io.millwright.wamp.message.Subscribed;
import io.millwright.wamp.message.Unregister;
import io.millwright.wamp.message.Unregistered;
import io.millwright.wamp.message.Unsubscribe;
import io.millwright.wamp.message.Unsubscribed;
import io.millwright.wamp.message.WampMessage;
import io.millwright.wamp.message.Welcome;
import io.millwright.wamp.message.Yield;
import io.millwright.wamp.serial.Serializers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class HandshakeTest {
    private static final List<WampMessage> ALL = List.of(
            new Hello("test.realm", Map.of("roles", Map.of("caller", Map.of()), "authmethods", List.of("later"))),
            new Welcome(1, Map.of()),
            new Abort("a.b", "c"),
            new Challenge("m", Map.of()),
            new Authenticate("s", Map.of()),
            new Goodbye(Map.of(), "a.b"),
            new ErrorMessage(MessageType.CALL.code(), 1, Map.of(), "a.b", Payload.EMPTY),
            new Publish(1, Map.of(), "a", Payload.EMPTY),
            new Published(1, 1),
            new Subscribe(1, Map.of(), "a"),
            new Subscribed(1, 1),
            new Unsubscribe(1, 1),
            new Unsubscribed(1),
            new Event(1, 1, Map.of(), Payload.EMPTY),
            new EventReceived(1),
            new Call(1, Map.of(), "a", Payload.EMPTY),
            new Cancel(1, Map.of()),
            new Result(1, Map.of(), Payload.EMPTY),
            new Register(1, Map.of(), "a"),
            new Registered(1, 1),
            new Unregister(1, 1),
            new Unregistered(1),
            new Invocation(1, 1, Map.of(), Payload.EMPTY),
            new Interrupt(1, Map.of()),
            new Yield(1, Map.of(), Payload.EMPTY));

    private final TestRealm test = new TestRealm();
    private final CompletableFuture<AuthStep> later = new CompletableFuture<>();

    private TestPeer fresh() {
        return test.connect(Serializers.JSON);
    }

    /** An authenticator that thinks until the test says what. */
    private Authenticator later() {
        return new Authenticator() {
            @Override
            public String method() {
                return "later";
            }

            @Override
            public CompletionStage<AuthStep> begin(AuthRequest request) {
                return later;
            }
        };
    }

    @Test
    void aMessageThatIsNotExpectedEndsTheConnection() {
        assertThat(ALL.stream().map(WampMessage::type)).containsExactlyInAnyOrder(MessageType.values());
        refused(Set.of(MessageType.HELLO), () -> fresh());
        refused(Set.of(), () -> waiting());
        refused(Set.of(MessageType.AUTHENTICATE), () -> challenged());
        refused(
                Set.of(
                        MessageType.GOODBYE,
                        MessageType.PUBLISH,
                        MessageType.SUBSCRIBE,
                        MessageType.UNSUBSCRIBE,
                        MessageType.CALL,
                        MessageType.CANCEL,
                        MessageType.REGISTER,
                        MessageType.UNREGISTER),
                () -> test.peer("p", "all", Serializers.JSON));
        assertThat(test.failures).isEmpty();
    }

    private void refused(Set<MessageType> expected, Supplier<TestPeer> state) {
        for (WampMessage message : ALL) {
            TestPeer peer = state.get();
            peer.received.clear();
            peer.send(message);
            boolean aborted = peer.received.stream()
                    .anyMatch(m -> m instanceof Abort abort && abort.reason().equals(WampErrors.PROTOCOL_VIOLATION));
            boolean fine = expected.contains(message.type()) || message.type() == MessageType.ABORT;
            assertThat(aborted).as("%s", message.type()).isEqualTo(!fine);
            assertThat(fine || peer.ended).as("%s", message.type()).isTrue();
            peer.connection.closed("test");
            peer.received.clear();
            peer.send(message);
            peer.nothing();
        }
    }

    private TestPeer waiting() {
        test.realm.setAuthenticators(List.of(later()));
        TestPeer peer = fresh();
        peer.send(ALL.get(0));
        peer.nothing();
        return peer;
    }

    private TestPeer challenged() {
        Authenticator asks = new Authenticator() {
            @Override
            public String method() {
                return "later";
            }

            @Override
            public CompletionStage<AuthStep> begin(AuthRequest request) {
                return CompletableFuture.completedFuture(AuthStep.challenge(Map.of("challenge", "?"), a -> later));
            }
        };
        test.realm.setAuthenticators(List.of(asks));
        TestPeer peer = fresh();
        peer.send(ALL.get(0));
        assertThat(peer.next(Challenge.class).extra()).isEqualTo(Map.of("challenge", "?"));
        test.realm.setAuthenticators(List.of(TestRealm.believing()));
        return peer;
    }

    @Test
    void aWelcomeSaysWhoTheSessionIsAndWhatTheRouterCan() {
        TestPeer peer = fresh();
        peer.send(new Hello(
                "test.realm",
                Map.of(
                        "roles",
                        TestPeer.ROLES,
                        "authmethods",
                        List.of("other", "test"),
                        "authid",
                        "p",
                        "authextra",
                        Map.of("role", "all"))));
        Welcome welcome = peer.next(Welcome.class);
        assertThat(welcome.details())
                .containsEntry("realm", "test.realm")
                .containsEntry("authid", "p")
                .containsEntry("authrole", "all")
                .containsEntry("authmethod", "test")
                .containsEntry("authprovider", "static")
                .containsEntry("agent", "test");
        Map<String, Object> roles = Options.dict(welcome.details(), "roles");
        assertThat(Options.dict(Options.dict(roles, "broker"), "features").keySet())
                .containsExactlyInAnyOrder(
                        "publisher_identification",
                        "publisher_exclusion",
                        "subscriber_blackwhite_listing",
                        "pattern_based_subscription",
                        "event_retention",
                        "subscription_revocation",
                        "session_meta_api",
                        "subscription_meta_api",
                        "testament_meta_api",
                        "payload_passthru_mode");
        assertThat(Options.dict(Options.dict(roles, "dealer"), "features").keySet())
                .containsExactlyInAnyOrder(
                        "caller_identification",
                        "call_canceling",
                        "call_timeout",
                        "progressive_call_results",
                        "pattern_based_registration",
                        "shared_registration",
                        "registration_revocation",
                        "session_meta_api",
                        "registration_meta_api",
                        "testament_meta_api",
                        "payload_passthru_mode");
    }

    @Test
    void whatIsWrongWithAHelloIsSaid() {
        hello("no.such", Map.of("roles", TestPeer.ROLES), WampErrors.NO_SUCH_REALM);
        hello("test.realm", Map.of(), WampErrors.PROTOCOL_VIOLATION);
        hello("test.realm", Map.of("roles", Map.of("broker", Map.of())), WampErrors.PROTOCOL_VIOLATION);
        hello("test.realm", Map.of("roles", TestPeer.ROLES), WampErrors.NO_AUTH_METHOD);
        hello("test.realm", Map.of("roles", TestPeer.ROLES, "authmethods", List.of("x")), WampErrors.NO_AUTH_METHOD);
        hello(
                "test.realm",
                Map.of("roles", TestPeer.ROLES, "authmethods", List.of("test"), "authextra", Map.of("role", "nope")),
                WampErrors.NO_SUCH_ROLE);
    }

    private void hello(String realm, Map<String, Object> details, String error) {
        TestPeer peer = fresh();
        peer.send(new Hello(realm, details));
        assertThat(peer.next(Abort.class).reason()).isEqualTo(error);
        assertThat(peer.ended).isTrue();
    }

    @Test
    void whatAnAuthenticatorThrowsRefusesTheSession() {
        for (boolean atOnce : new boolean[] {true, false}) {
            test.realm.setAuthenticators(List.of(new Authenticator() {
                @Override
                public String method() {
                    return "later";
                }

                @Override
                public CompletionStage<AuthStep> begin(AuthRequest request) {
                    if (atOnce) {
                        throw new IllegalStateException("broken");
                    }
                    return CompletableFuture.failedFuture(new IllegalStateException("broken"));
                }
            }));
            TestPeer peer = fresh();
            peer.send(ALL.get(0));
            assertThat(peer.next(Abort.class).reason()).isEqualTo(WampErrors.AUTHENTICATION_FAILED);
        }
        assertThat(test.failures).hasSize(2);
    }

    @Test
    void anAnswerThatComesAfterTheConnectionIsGoneIsForNobody() {
        TestPeer peer = waiting();
        peer.connection.closed("gone");
        later.complete(AuthStep.accept(Principal.of("p", "all")));
        peer.nothing();
        assertThat(test.realm.sessions().toCompletableFuture().join()).isEmpty();
    }

    @Test
    void aGoodbyeIsAnsweredAndIsTheEnd() {
        TestPeer peer = test.peer("p", "all");
        peer.send(new Goodbye(Map.of(), WampErrors.CLOSE_NORMAL));
        assertThat(peer.next(Goodbye.class).reason()).isEqualTo(WampErrors.GOODBYE_AND_OUT);
        assertThat(peer.ended).isTrue();
        assertThat(test.notes).containsExactly("p left: it left");
    }

    @Test
    void aGoodbyeOfTheRouterWaitsForItsAnswerAndNotForEver() {
        TestPeer polite = test.peer("p", "all");
        TestPeer silent = test.peer("s", "all");
        test.realm.close(WampErrors.SYSTEM_SHUTDOWN, "the node stops");
        for (TestPeer peer : List.of(polite, silent)) {
            Goodbye goodbye = peer.next(Goodbye.class);
            assertThat(goodbye.reason()).isEqualTo(WampErrors.SYSTEM_SHUTDOWN);
            assertThat(goodbye.details()).isEqualTo(Map.of("message", "the node stops"));
            assertThat(peer.ended).isFalse();
            peer.publish("a", Map.of("acknowledge", true));
            peer.nothing();
        }
        polite.send(new Goodbye(Map.of(), WampErrors.GOODBYE_AND_OUT));
        assertThat(polite.ended).isTrue();
        test.timer.pass(Duration.ofSeconds(2));
        assertThat(silent.ended).isTrue();
        TestPeer late = fresh();
        late.send(new Hello("test.realm", Map.of("roles", TestPeer.ROLES, "authmethods", List.of("test"))));
        assertThat(late.next(Abort.class).reason()).isEqualTo(WampErrors.UNAVAILABLE);
    }

    @Test
    void bytesThatAreNoMessageEndTheSessionUnlessARequestCanBeAnswered() {
        TestPeer peer = test.peer("p", "all");
        peer.connection.violation(catchViolation(() -> WampMessage.parse(List.of(48, 7, Map.of(), "a..b"))));
        assertThat(peer.next(ErrorMessage.class).error()).isEqualTo(WampErrors.INVALID_URI);
        peer.connection.violation(
                catchViolation(() -> WampMessage.parse(List.of(16, 8, Map.of("acknowledge", true), "a..b"))));
        assertThat(peer.next(ErrorMessage.class).request()).isEqualTo(8);
        // An ERROR that nobody waits for is a violation in the eyes of a client.
        peer.connection.violation(catchViolation(() -> WampMessage.parse(List.of(16, 9, Map.of(), "a..b"))));
        peer.connection.violation(catchViolation(() -> WampMessage.parse(List.of(16, 9, Map.of("exclude", 1), "a.b"))));
        peer.nothing();
        peer.connection.violation(catchViolation(() -> WampMessage.parse(List.of(48, -7, Map.of(), "a"))));
        assertThat(peer.next(Abort.class).reason()).isEqualTo(WampErrors.PROTOCOL_VIOLATION);
        TestPeer fresh = fresh();
        fresh.connection.violation(catchViolation(() -> WampMessage.parse(List.of())));
        assertThat(fresh.next(Abort.class).reason()).isEqualTo(WampErrors.PROTOCOL_VIOLATION);
    }

    private static WampProtocolException catchViolation(Runnable parse) {
        return org.assertj.core.api.Assertions.catchThrowableOfType(WampProtocolException.class, parse::run);
    }

    @Test
    void aPrincipalWithOneSessionAtATimeTakesThePlaceOfItsOldOne() {
        TestPeer old = fresh();
        TestPeer young = fresh();
        Hello hello = new Hello(
                "test.realm",
                Map.of(
                        "roles",
                        TestPeer.ROLES,
                        "authmethods",
                        List.of("test"),
                        "authid",
                        "c1",
                        "authextra",
                        Map.of("role", "all", "sole", true)));
        old.send(hello);
        old.next(Welcome.class);
        old.register("a");
        young.send(hello);
        young.next(Welcome.class);
        old.next(Goodbye.class);
        young.register("a");
    }
}
