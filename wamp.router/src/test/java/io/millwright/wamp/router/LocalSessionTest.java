package io.millwright.wamp.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.message.Cancel;
import io.millwright.wamp.message.ErrorMessage;
import io.millwright.wamp.message.Event;
import io.millwright.wamp.message.Goodbye;
import io.millwright.wamp.message.Interrupt;
import io.millwright.wamp.message.Invocation;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Result;
import io.millwright.wamp.message.Unsubscribe;
import io.millwright.wamp.message.Unsubscribed;
import io.millwright.wamp.message.Yield;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalSessionTest {
    private final TestRealm test = new TestRealm(Limits.DEFAULT.withQueuedBytes(80_000));
    private final LocalSession node = test.realm.open("node", "node", Runnable::run);
    private final TestPeer peer = test.peer("p", "all");
    private final List<ProcedureCall> calls = new ArrayList<>();
    private final List<CompletableFuture<Payload>> answers = new ArrayList<>();
    private boolean failuresExpected;

    @AfterEach
    void nothingHasFailed() {
        assertThat(test.failures.isEmpty()).isEqualTo(!failuresExpected);
    }

    private static <T> T get(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        assertThat(future).isDone();
        return future.join();
    }

    private LocalSession.Handle register(String procedure) {
        return get(node.register(procedure, MatchPolicy.EXACT, call -> {
            calls.add(call);
            CompletableFuture<Payload> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
        }));
    }

    @Test
    void aProcedureAnswersWhenItCan() {
        register("m.get");
        long call = peer.call("m.get", Map.of(), 1);
        ProcedureCall got = calls.get(0);
        assertThat(got.procedure()).isEqualTo("m.get");
        assertThat(got.payload()).isEqualTo(Payload.args(1));
        assertThat(got.caller().authid()).isEqualTo("p");
        assertThat(got.caller().peer().address()).isEqualTo("host:1");
        assertThat(got.wantsProgress()).isFalse();
        peer.nothing();
        answers.get(0).complete(Payload.args("done"));
        assertThat(peer.next()).isEqualTo(new Result(call, Map.of(), Payload.args("done")));
    }

    /** The turns of both are queued before the first of them runs. */
    @Test
    void whatIsRegisteredAfterItsHandleWasClosedIsRegistered() {
        Deque<Runnable> turns = new ArrayDeque<>();
        Realm realm = Routers.create(turns::add, new TestTimer(), new RouterListener() {}, "test")
                .addRealm("realm", Limits.DEFAULT);
        LocalSession session = realm.open("node", "node", Runnable::run);
        CompletionStage<LocalSession.Handle> first = register(session);
        run(turns);
        get(first).close();
        CompletionStage<LocalSession.Handle> second = register(session);
        run(turns);
        assertThat(get(second)).isNotNull();
    }

    private static CompletionStage<LocalSession.Handle> register(LocalSession session) {
        return session.register("m.get", MatchPolicy.EXACT, call -> CompletableFuture.completedFuture(Payload.EMPTY));
    }

    private static void run(Deque<Runnable> turns) {
        while (!turns.isEmpty()) {
            turns.remove().run();
        }
    }

    @Test
    void callersTakeTurnsAndTheCallsOfEachComeInTheirOrder() {
        Deque<Runnable> handlers = new ArrayDeque<>();
        LocalSession busy = test.realm.open("busy", "node", handlers::add);
        List<String> done = new ArrayList<>();
        CompletionStage<LocalSession.Handle> registered = busy.register("m.say", MatchPolicy.EXACT, call -> {
            done.add(String.valueOf(call.payload().args().get(0)));
            return CompletableFuture.completedFuture(call.payload());
        });
        run(handlers);
        get(registered);
        TestPeer other = test.peer("q", "all");
        TestPeer third = test.peer("r", "all");
        for (String one : List.of("p1", "p2", "p3", "p4")) {
            peer.call("m.say", Map.of(), one);
        }
        other.call("m.say", Map.of(), "q1");
        third.call("m.say", Map.of(), "r1");
        third.call("m.say", Map.of(), "r2");
        run(handlers);
        assertThat(done).containsExactly("p1", "q1", "r1", "p2", "r2", "p3", "p4");
        assertThat(peer.received).hasSize(4);
        assertThat(other.received).hasSize(1);
        assertThat(third.received).hasSize(2);
    }

    @Test
    void aPatternSaysWhichProcedureWasCalled() {
        get(node.register(
                "m.", MatchPolicy.PREFIX, call -> CompletableFuture.completedFuture(Payload.args(call.procedure()))));
        assertThat(peer.ask("m.x.y")).isEqualTo("m.x.y");
    }

    @Test
    void aFailureIsTheCallersError() {
        failuresExpected = true;
        Payload payload = Payload.of(List.of("no"), Map.of("id", "w1"));
        register("m.get");
        peer.call("m.get", Map.of());
        answers.get(0).completeExceptionally(new ProcedureException("m.error.no", "no", payload));
        ErrorMessage error = peer.next(ErrorMessage.class);
        assertThat(error.error()).isEqualTo("m.error.no");
        assertThat(error.payload()).isEqualTo(payload);
        peer.call("m.get", Map.of());
        answers.get(1).completeExceptionally(new IllegalStateException("a secret"));
        error = peer.next(ErrorMessage.class);
        assertThat(error.error()).isEqualTo(WampErrors.RUNTIME_ERROR);
        assertThat(error.payload().args().toString()).doesNotContain("secret");
        get(node.register("m.throws", MatchPolicy.EXACT, call -> {
            throw new ProcedureException("m.error.thrown", "thrown");
        }));
        peer.call("m.throws", Map.of());
        peer.error("m.error.thrown");
        assertThat(test.failures).hasSize(1);
    }

    @Test
    void aCancelledCallIsTold() {
        register("m.get");
        long call = peer.call("m.get", Map.of());
        List<String> told = new ArrayList<>();
        calls.get(0).onCancel(() -> told.add("first"));
        peer.send(new Cancel(call, Map.of()));
        peer.error(WampErrors.CANCELED);
        calls.get(0).onCancel(() -> told.add("late"));
        assertThat(told).containsExactly("first", "late");
        answers.get(0).complete(Payload.EMPTY);
        peer.nothing();
        peer.call("m.get", Map.of());
        calls.get(1).onCancel(() -> told.add("gone"));
        peer.connection.closed("gone");
        assertThat(told).containsExactly("first", "late", "gone");
    }

    @Test
    void progressWaitsForACallerThatReadsSlowly() {
        register("m.follow");
        peer.call("m.follow", Map.of("receive_progress", true));
        ProcedureCall call = calls.get(0);
        assertThat(call.wantsProgress()).isTrue();
        assertThat(get(call.progress(Payload.args(1)))).isTrue();
        assertThat(peer.next(Result.class).payload()).isEqualTo(Payload.args(1));
        peer.reading = false;
        assertThat(get(call.progress(Payload.args("x".repeat(1000))))).isTrue();
        CompletableFuture<Boolean> room =
                call.progress(Payload.args("x".repeat(10_000))).toCompletableFuture();
        assertThat(room).isNotDone();
        peer.readAll();
        assertThat(get(room)).isTrue();
        room = call.progress(Payload.args("x".repeat(11_000))).toCompletableFuture();
        assertThat(room).isNotDone();
        peer.connection.closed("gone");
        assertThat(get(room)).isFalse();
        assertThat(get(call.progress(Payload.args(1)))).isFalse();
    }

    @Test
    void itCallsAndCancels() {
        peer.register("a");
        List<Payload> parts = new ArrayList<>();
        LocalSession.PendingCall call = node.call("a", Payload.args(1), CallWith.NOTHING.progress(parts::add));
        Invocation invocation = peer.next(Invocation.class);
        assertThat(invocation.payload()).isEqualTo(Payload.args(1));
        peer.send(new Yield(invocation.request(), Map.of("progress", true), Payload.args(2)));
        peer.send(new Yield(invocation.request(), Map.of(), Payload.args(3)));
        assertThat(parts).containsExactly(Payload.args(2));
        assertThat(get(call.result())).isEqualTo(Payload.args(3));
        call.cancel();
        call = node.call("a", Payload.EMPTY, CallWith.NOTHING.timeout(Duration.ofSeconds(1)));
        peer.next(Invocation.class);
        test.timer.pass(Duration.ofSeconds(1));
        fails(call.result(), WampErrors.TIMEOUT);
        peer.next(Interrupt.class);
        call = node.call("a", Payload.EMPTY, CallWith.NOTHING);
        peer.next(Invocation.class);
        call.cancel();
        fails(call.result(), WampErrors.CANCELED);
        peer.next(Interrupt.class);
        fails(node.call("no.such", Payload.EMPTY, CallWith.NOTHING).result(), WampErrors.NO_SUCH_PROCEDURE);
    }

    private static void fails(CompletionStage<?> stage, String uri) {
        assertThatThrownBy(() -> stage.toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ProcedureException.class, e -> assertThat(e.uri()).isEqualTo(uri));
    }

    @Test
    void itPublishesToAllToSomeAndForLater() {
        TestPeer other = test.peer("o", "all");
        peer.subscribe("m.on");
        other.subscribe("m.on");
        node.publish(
                "m.on",
                Payload.args(1),
                PublishTo.ALL.without(Set.of(peer.session)).retained());
        peer.nothing();
        assertThat(other.next(Event.class).payload()).isEqualTo(Payload.args(1));
        node.publish("m.on", Payload.args(2), PublishTo.ALL.only(Set.of(peer.session)));
        node.publish("m.on", Payload.args(3), PublishTo.ALL.onlyRoles(Set.of("observer")));
        assertThat(peer.next(Event.class).payload()).isEqualTo(Payload.args(2));
        peer.nothing();
        other.nothing();
        other.subscribe("m.on", Map.of("get_retained", true));
        assertThat(other.next(Event.class).payload()).isEqualTo(Payload.args(1));
    }

    @Test
    void aPublicationThatIsRefusedIsToldToTheListener() {
        failuresExpected = true;
        node.publish("m.on", Payload.args(new Object()), PublishTo.ALL.retained());
        node.publish("wamp.on", Payload.EMPTY, PublishTo.ALL);
        assertThat(test.failures).hasSize(2).allMatch(ProcedureException.class::isInstance);
    }

    /** A subscriber that knows that it has subscribed misses nothing of a publisher that asks first. */
    @Test
    void aPublisherMaySeeThatNobodyListens() {
        assertThat(node.isHeard()).isFalse();
        peer.subscribe("somewhere.else");
        assertThat(node.isHeard()).isTrue();
        peer.send(new Goodbye(Map.of(), WampErrors.CLOSE_NORMAL));
        peer.next(Goodbye.class);
        assertThat(node.isHeard()).isFalse();
        LocalSession.Handle own = get(node.subscribe("m.", MatchPolicy.PREFIX, event -> {}));
        assertThat(node.isHeard()).isTrue();
        own.close();
        assertThat(node.isHeard()).isFalse();
    }

    @Test
    void itSubscribes() {
        List<String> events = new ArrayList<>();
        LocalSession.Handle handle = get(node.subscribe(
                "m.",
                MatchPolicy.PREFIX,
                event -> events.add(event.topic() + event.payload().args())));
        peer.publish("m.a", Map.of(), 1);
        node.publish("m.a", Payload.args(2), PublishTo.ALL);
        handle.close();
        peer.publish("m.a", Map.of(), 3);
        assertThat(events).containsExactly("m.a[1]");
    }

    @Test
    void itKnowsWhetherAnybodyListens() {
        List<Integer> counts = new ArrayList<>();
        LocalSession.Handle watch = node.watch("m.worker.w1.on_log", counts::add);
        long exact = peer.subscribe("m.worker.w1.on_log");
        peer.subscribe("m.worker.w10.on_log");
        TestPeer other = test.peer("o", "all");
        other.subscribe("m.worker..on_log", Map.of("match", "wildcard"));
        get(node.subscribe("m.worker.w1.on_log", MatchPolicy.EXACT, event -> {}));
        peer.send(new Unsubscribe(peer.nextRequest(), exact));
        peer.next(Unsubscribed.class);
        other.connection.closed("gone");
        assertThat(counts).containsExactly(0, 1, 2, 1, 0);
        watch.close();
        peer.subscribe("m.worker.w1.on_log");
        assertThat(counts).hasSize(5);
    }

    @Test
    void whatIsClosedIsNoMore() {
        LocalSession.Handle handle = register("m.get");
        handle.close();
        handle.close();
        peer.call("m.get", Map.of());
        peer.error(WampErrors.NO_SUCH_PROCEDURE);
        register("m.get");
        peer.register("a");
        LocalSession.PendingCall call = node.call("a", Payload.EMPTY, CallWith.NOTHING);
        peer.next(Invocation.class);
        node.close();
        fails(call.result(), WampErrors.CANCELED);
        peer.next(Interrupt.class);
        peer.call("m.get", Map.of());
        peer.error(WampErrors.NO_SUCH_PROCEDURE);
        fails(node.call("a", Payload.EMPTY, CallWith.NOTHING).result(), WampErrors.CANCELED);
        fails(node.register("b", MatchPolicy.EXACT, c -> null), WampErrors.CANCELED);
        node.publish("a", Payload.EMPTY, PublishTo.ALL);
    }

    @Test
    void itEndsWithItsRealm() {
        peer.register("a");
        LocalSession.PendingCall call = node.call("a", Payload.EMPTY, CallWith.NOTHING);
        test.realm.close(WampErrors.SYSTEM_SHUTDOWN, "the node stops");
        fails(call.result(), WampErrors.CANCELED);
        assertThat(get(test.realm.sessions())).isEmpty();
    }

    @Test
    void aUriThatIsNoneIsRefusedWhereItIsGiven() {
        assertThatThrownBy(() -> node.publish("no uri", Payload.EMPTY, PublishTo.ALL))
                .isInstanceOf(WampProtocolException.class);
        assertThatThrownBy(() -> node.call("a..b", Payload.EMPTY, CallWith.NOTHING))
                .isInstanceOf(WampProtocolException.class);
        fails(node.register("wamp.mine", MatchPolicy.EXACT, c -> null), WampErrors.INVALID_URI);
    }
}
