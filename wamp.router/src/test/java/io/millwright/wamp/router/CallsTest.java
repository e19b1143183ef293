package io.millwright.wamp.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.wamp.WampErrors;
import io.millwright.wamp.message.Abort;
import io.millwright.wamp.message.Cancel;
import io.millwright.wamp.message.ErrorMessage;
import io.millwright.wamp.message.Interrupt;
import io.millwright.wamp.message.Invocation;
import io.millwright.wamp.message.MessageType;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Register;
import io.millwright.wamp.message.Result;
import io.millwright.wamp.message.Unregister;
import io.millwright.wamp.message.Unregistered;
import io.millwright.wamp.message.Yield;
import io.millwright.wamp.serial.Serializers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallsTest {
    private static final Map<String, Object> PLAIN = Map.of("callee", Map.of(), "caller", Map.of());

    private final TestRealm test = new TestRealm();
    private final TestPeer caller = test.peer("caller", "all");
    private final TestPeer callee = test.peer("callee", "all");

    @AfterEach
    void noTimeoutIsLeft() {
        assertThat(test.failures).isEmpty();
    }

    @Test
    void aCallIsAnsweredByItsCallee() {
        long registration = callee.register("a.b");
        long call = caller.call("a.b", Map.of(), 1, "two");
        Invocation invocation = callee.next(Invocation.class);
        assertThat(invocation.registration()).isEqualTo(registration);
        assertThat(invocation.payload()).isEqualTo(Payload.args(1, "two"));
        assertThat(invocation.details()).isEmpty();
        callee.send(new Yield(invocation.request(), Map.of(), Payload.args("three")));
        assertThat(caller.next()).isEqualTo(new Result(call, Map.of(), Payload.args("three")));
        callee.send(new Yield(invocation.request(), Map.of(), Payload.args("again")));
        caller.nothing();
        callee.nothing();
    }

    @Test
    void anErrorIsHandedOnAsItIs() {
        callee.register("a");
        long call = caller.call("a", Map.of());
        Payload payload = Payload.of(List.of("why"), Map.of("code", 3));
        callee.send(error(callee.next(Invocation.class), "a.error", payload));
        assertThat(caller.next())
                .isEqualTo(new ErrorMessage(MessageType.CALL.code(), call, Map.of(), "a.error", payload));
    }

    private static ErrorMessage error(Invocation invocation, String uri, Payload payload) {
        return new ErrorMessage(MessageType.INVOCATION.code(), invocation.request(), Map.of(), uri, payload);
    }

    @Test
    void callsOfOneSessionComeInTheirOrder() {
        callee.register("a");
        for (int i = 0; i < 10; i++) {
            caller.call("a", Map.of(), i);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(callee.next(Invocation.class).payload().args()).containsExactly((long) i);
        }
    }

    @Test
    void theBestRegistrationAnswers() {
        Map<String, Long> registrations = new java.util.HashMap<>();
        registrations.put("exact", callee.register("a.b.c"));
        registrations.put("long prefix", callee.register("a.b", Map.of("match", "prefix")));
        registrations.put("short prefix", callee.register("a", Map.of("match", "prefix")));
        registrations.put("name first", callee.register("x..y", Map.of("match", "wildcard")));
        registrations.put("gap first", callee.register(".z.y", Map.of("match", "wildcard")));
        Map<String, String> best = Map.of(
                "a.b.c",
                "exact",
                "a.b.d",
                "long prefix",
                "a.bc",
                "long prefix",
                "a.c",
                "short prefix",
                "x.z.y",
                "name first",
                "q.z.y",
                "gap first");
        best.forEach((procedure, which) -> {
            caller.call(procedure, Map.of());
            Invocation invocation = callee.next(Invocation.class);
            assertThat(invocation.registration()).as(procedure).isEqualTo(registrations.get(which));
            assertThat(invocation.details().get("procedure")).isEqualTo(which.equals("exact") ? null : procedure);
        });
        caller.call("x.y", Map.of());
        caller.error(WampErrors.NO_SUCH_PROCEDURE);
    }

    @Test
    void aProcedureHasOneCalleeUnlessItIsShared() {
        TestPeer other = test.peer("other", "all");
        callee.register("a");
        other.send(new Register(other.nextRequest(), Map.of(), "a"));
        other.error(WampErrors.PROCEDURE_ALREADY_EXISTS);
        other.send(new Register(other.nextRequest(), Map.of("invoke", "roundrobin"), "a"));
        other.error(WampErrors.PROCEDURE_ALREADY_EXISTS);
        callee.register("b", Map.of("invoke", "roundrobin"));
        other.send(new Register(other.nextRequest(), Map.of("invoke", "single"), "b"));
        other.error(WampErrors.PROCEDURE_ALREADY_EXISTS);
        callee.send(new Register(callee.nextRequest(), Map.of("invoke", "roundrobin"), "b"));
        callee.error(WampErrors.PROCEDURE_ALREADY_EXISTS);
    }

    @Test
    void calleesOfASharedProcedureTakeTurns() {
        TestPeer other = test.peer("other", "all");
        long registration = callee.register("a", Map.of("invoke", "roundrobin"));
        assertThat(other.register("a", Map.of("invoke", "roundrobin"))).isEqualTo(registration);
        for (int i = 0; i < 3; i++) {
            caller.call("a", Map.of());
            caller.call("a", Map.of());
            callee.next(Invocation.class);
            other.next(Invocation.class);
            callee.nothing();
            other.nothing();
        }
        callee.send(new Unregister(callee.nextRequest(), registration));
        callee.next(Unregistered.class);
        caller.call("a", Map.of());
        caller.call("a", Map.of());
        other.next(Invocation.class);
        other.next(Invocation.class);
        callee.nothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "last", "random", "x_mine"})
    void otherWaysToShareAreRefused(String invoke) {
        callee.send(new Register(callee.nextRequest(), Map.of("invoke", invoke), "a"));
        callee.error(WampErrors.OPTION_NOT_ALLOWED);
    }

    @Test
    void optionsThatAreNotKnownAreRefused() {
        callee.send(new Register(callee.nextRequest(), Map.of("concurrency", 3), "a"));
        callee.error(WampErrors.OPTION_NOT_ALLOWED);
        callee.send(new Register(callee.nextRequest(), Map.of("match", "x_mine"), "a"));
        callee.error(WampErrors.OPTION_NOT_ALLOWED);
        callee.register("a", Map.of("force_reregister", false));
        caller.call("a", Map.of("progress", true));
        caller.error(WampErrors.OPTION_NOT_ALLOWED);
        caller.call("a", Map.of("rkey", "x"));
        caller.error(WampErrors.OPTION_NOT_ALLOWED);
        callee.nothing();
    }

    @Test
    void aRuleDisclosesTheCaller() {
        test.realm
                .roles()
                .put(Role.of("shown", Rule.prefix("a", Action.CALL).disclosing(), Rule.exact("b", Action.CALL)));
        TestPeer carol = test.peer("carol", "shown");
        callee.register("a");
        callee.register("b");
        carol.call("a", Map.of());
        assertThat(callee.next(Invocation.class).details())
                .isEqualTo(Map.of("caller", carol.session, "caller_authid", "carol", "caller_authrole", "shown"));
        carol.call("b", Map.of());
        assertThat(callee.next(Invocation.class).details()).isEmpty();
        carol.call("b", Map.of("disclose_me", true));
        carol.error(WampErrors.DISCLOSE_ME_NOT_ALLOWED);
        carol.call("c", Map.of());
        carol.error(WampErrors.NOT_AUTHORIZED);
        carol.send(new Register(carol.nextRequest(), Map.of(), "a.b"));
        carol.error(WampErrors.NOT_AUTHORIZED);
        callee.nothing();
    }

    @Test
    void resultsComeBitByBitToThoseThatWantThemSo() {
        callee.register("a");
        long call = caller.call("a", Map.of("receive_progress", true));
        Invocation invocation = callee.next(Invocation.class);
        assertThat(invocation.details()).isEqualTo(Map.of("receive_progress", true));
        callee.send(new Yield(invocation.request(), Map.of("progress", true), Payload.args(1)));
        callee.send(new Yield(invocation.request(), Map.of(), Payload.args(2)));
        assertThat(caller.next()).isEqualTo(new Result(call, Map.of("progress", true), Payload.args(1)));
        assertThat(caller.next()).isEqualTo(new Result(call, Map.of(), Payload.args(2)));
        caller.call("a", Map.of());
        invocation = callee.next(Invocation.class);
        callee.send(new Yield(invocation.request(), Map.of("progress", true), Payload.args(1)));
        caller.nothing();
    }

    @Test
    void aCalleeThatDoesNotAnnounceProgressIsNotAskedForIt() {
        TestPeer plain = test.peer("plain", "all", PLAIN);
        plain.register("a");
        caller.call("a", Map.of("receive_progress", true));
        assertThat(plain.next(Invocation.class).details()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // mode, the callee can be interrupted, mode of INTERRUPT, whether the caller is answered at once
        "skip, true, , true",
        "kill, true, kill, false",
        "killnowait, true, killnowait, true",
        ", true, killnowait, true",
        "skip, false, , true",
        "kill, false, , true",
        "killnowait, false, , true",
        ", false, , true",
    })
    void aCallIsCancelled(String mode, boolean canceling, String interrupt, boolean answered) {
        TestPeer answering = canceling ? callee : test.peer("plain", "all", PLAIN);
        answering.register("a");
        long call = caller.call("a", Map.of());
        Invocation invocation = answering.next(Invocation.class);
        caller.send(new Cancel(call, mode == null ? Map.of() : Map.of("mode", mode)));
        if (interrupt != null) {
            Interrupt message = answering.next(Interrupt.class);
            assertThat(message.request()).isEqualTo(invocation.request());
            assertThat(message.options().get("mode")).isEqualTo(interrupt);
        }
        answering.nothing();
        if (answered) {
            caller.error(WampErrors.CANCELED);
        }
        caller.nothing();
        answering.send(error(invocation, WampErrors.CANCELED, Payload.EMPTY));
        if (!answered) {
            caller.error(WampErrors.CANCELED);
        }
        caller.nothing();
        answering.nothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"call_canceling", "call_cancelling"})
    void eitherSpellingAnnouncesIt(String spelling) {
        TestPeer peer = test.peer("p", "all", Map.of("callee", Map.of("features", Map.of(spelling, true))));
        peer.register("a");
        long call = caller.call("a", Map.of());
        peer.next(Invocation.class);
        caller.send(new Cancel(call, Map.of()));
        peer.next(Interrupt.class);
    }

    @Test
    void aCallThatWaitsForItsCalleeToGiveUpCanBeGivenUpNevertheless() {
        callee.register("a");
        long call = caller.call("a", Map.of());
        callee.next(Invocation.class);
        caller.send(new Cancel(call, Map.of("mode", "kill")));
        callee.next(Interrupt.class);
        caller.send(new Cancel(call, Map.of("mode", "killnowait")));
        caller.error(WampErrors.CANCELED);
        callee.nothing();
        caller.send(new Cancel(call, Map.of()));
        caller.send(new Cancel(99, Map.of()));
        caller.nothing();
    }

    @Test
    void aCallTimesOutAtTheDealer() {
        callee.register("a");
        caller.call("a", Map.of("timeout", 1000));
        Invocation invocation = callee.next(Invocation.class);
        assertThat(invocation.details()).isEmpty();
        test.timer.pass(Duration.ofMillis(999));
        caller.nothing();
        test.timer.pass(Duration.ofMillis(1));
        caller.error(WampErrors.TIMEOUT);
        assertThat(callee.next(Interrupt.class).options().get("reason")).isEqualTo(WampErrors.TIMEOUT);
        callee.send(new Yield(invocation.request(), Map.of(), Payload.EMPTY));
        caller.nothing();
    }

    @Test
    void aCallThatIsAnsweredLeavesNoTimer() {
        callee.register("a");
        caller.call("a", Map.of("timeout", 1000));
        callee.send(new Yield(callee.next(Invocation.class).request(), Map.of(), Payload.EMPTY));
        caller.next(Result.class);
        assertThat(test.timer.waiting()).isZero();
    }

    @Test
    void callersOfACalleeThatLeavesAreTold() {
        callee.register("a");
        caller.call("a", Map.of("timeout", 1000));
        callee.connection.closed("gone");
        caller.error(WampErrors.CANCELED);
        assertThat(test.timer.waiting()).isZero();
        caller.call("a", Map.of());
        caller.error(WampErrors.NO_SUCH_PROCEDURE);
    }

    @Test
    void calleesOfACallerThatLeavesAreInterrupted() {
        callee.register("a");
        caller.call("a", Map.of());
        Invocation invocation = callee.next(Invocation.class);
        caller.connection.closed("gone");
        assertThat(callee.next(Interrupt.class).request()).isEqualTo(invocation.request());
        callee.send(new Yield(invocation.request(), Map.of(), Payload.EMPTY));
        callee.nothing();
    }

    @Test
    void callsOnTheirWayAreAnsweredAfterUnregister() {
        long registration = callee.register("a");
        caller.call("a", Map.of());
        Invocation invocation = callee.next(Invocation.class);
        callee.send(new Unregister(callee.nextRequest(), registration));
        callee.next(Unregistered.class);
        callee.send(new Yield(invocation.request(), Map.of(), Payload.EMPTY));
        caller.next(Result.class);
        callee.send(new Unregister(callee.nextRequest(), registration));
        callee.error(WampErrors.NO_SUCH_REGISTRATION);
    }

    @Test
    void whatOneSideCannotTakeIsAnErrorAndNoSessionIsCut() {
        TestPeer json = test.peer("json", "all", Serializers.JSON);
        json.register("json");
        callee.register("a");
        json.maxBytes = 300;
        caller.call("json", Map.of(), "x".repeat(400));
        caller.error(WampErrors.PAYLOAD_SIZE_EXCEEDED);
        caller.call("json", Map.of(), Double.POSITIVE_INFINITY);
        caller.error(WampErrors.INVALID_PAYLOAD);
        json.call("a", Map.of());
        callee.send(new Yield(callee.next(Invocation.class).request(), Map.of(), Payload.args("x".repeat(400))));
        json.error(WampErrors.PAYLOAD_SIZE_EXCEEDED);
        json.call("a", Map.of("receive_progress", true));
        Invocation invocation = callee.next(Invocation.class);
        callee.send(new Yield(invocation.request(), Map.of("progress", true), Payload.args("x".repeat(400))));
        json.error(WampErrors.PAYLOAD_SIZE_EXCEEDED);
        callee.next(Interrupt.class);
        json.call("a", Map.of());
        callee.send(error(callee.next(Invocation.class), "a.error", Payload.args("x".repeat(400))));
        json.error(WampErrors.PAYLOAD_SIZE_EXCEEDED);
        json.nothing();
        caller.nothing();
    }

    @Test
    void anAnswerToNoInvocationEndsTheSession() {
        callee.send(new Yield(1, Map.of(), Payload.EMPTY));
        assertThat(callee.next(Abort.class).reason()).isEqualTo(WampErrors.PROTOCOL_VIOLATION);
        TestPeer other = test.peer("other", "all");
        other.send(new ErrorMessage(MessageType.CALL.code(), 1, Map.of(), "a.b", Payload.EMPTY));
        assertThat(other.next(Abort.class).reason()).isEqualTo(WampErrors.PROTOCOL_VIOLATION);
    }

    @Test
    void aRequestTwiceEndsTheSession() {
        callee.register("a");
        long call = caller.call("a", Map.of());
        caller.send(new io.millwright.wamp.message.Call(call, Map.of(), "a", Payload.EMPTY));
        assertThat(caller.next(Abort.class).reason()).isEqualTo(WampErrors.PROTOCOL_VIOLATION);
        callee.next(Invocation.class);
        callee.next(Interrupt.class);
        callee.nothing();
    }

    @Test
    void proceduresOfTheRouterAreNobodysToRegister() {
        callee.send(new Register(callee.nextRequest(), Map.of(), "wamp.session.count"));
        callee.error(WampErrors.INVALID_URI);
        callee.register("", Map.of("match", "prefix"));
        caller.call("wamp.no.such", Map.of());
        caller.error(WampErrors.NO_SUCH_PROCEDURE);
        callee.nothing();
    }
}
