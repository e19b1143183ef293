package io.millwright.wamp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.WampConnectionException;
import io.millwright.wamp.WampErrorException;
import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.ErrorMessage;
import io.millwright.wamp.message.Event;
import io.millwright.wamp.message.Interrupt;
import io.millwright.wamp.message.Invocation;
import io.millwright.wamp.message.Payload;
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
import io.millwright.wamp.message.Yield;
import java.io.IOException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Subscriptions and registrations: events, calls, their ends, and what becomes of them when the connection is lost. */
class TopicsAndProceduresTest extends ClientCase {
    private final BlockingQueue<Object> got = new LinkedBlockingQueue<>();

    private Object next() throws InterruptedException {
        Object next = got.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("something").isNotNull();
        return next;
    }

    private static Event event(long subscription, Object... args) {
        return new Event(subscription, 9, Map.of(), Payload.args(args));
    }

    private static Invocation invocation(long id, Object... args) {
        return new Invocation(id, 40, Map.of(), Payload.args(args));
    }

    private Subscription subscribe(WampClient client, ScriptedRouter.Peer peer, long request, long id)
            throws Exception {
        CompletableFuture<Subscription> made = client.subscribe("com.t", e -> got.add(e.arg(0, Object.class)));
        assertThat(peer.expect(Subscribe.class)).isEqualTo(new Subscribe(request, Map.of(), "com.t"));
        peer.say(new Subscribed(request, id));
        return get(made);
    }

    private Registration register(WampClient client, ScriptedRouter.Peer peer, Procedure code) throws Exception {
        CompletableFuture<Registration> made = client.register("com.p", code);
        Register register = peer.expect(Register.class);
        assertThat(register.procedure()).isEqualTo("com.p");
        peer.say(new Registered(register.request(), 40));
        return get(made);
    }

    @Test
    void eventsComeInOrder() throws Exception {
        WampClient client = client();
        ScriptedRouter.Peer peer = join(client);
        CompletableFuture<Subscription> made =
                client.subscribe("com.", MatchPolicy.PREFIX, e -> got.add(e.topic() + e.args() + e.retained()));
        assertThat(peer.expect(Subscribe.class)).isEqualTo(new Subscribe(1, Map.of("match", "prefix"), "com."));
        peer.say(new Subscribed(1, 7));
        // The first event may come before the application sees the subscription.
        peer.say(new Event(7, 9, Map.of("topic", "com.x", "retained", true), Payload.args(0)));
        assertThat(get(made).topic()).isEqualTo("com.");
        for (int i = 1; i < 200; i++) {
            peer.say(new Event(7, 9, Map.of("topic", "com.x"), Payload.args(i)));
        }
        assertThat(next()).isEqualTo("com.x[0]true");
        for (int i = 1; i < 200; i++) {
            assertThat(next()).isEqualTo("com.x[" + i + "]false");
        }
        // Of a subscription that there is not.
        peer.say(event(8, "x"));
        CompletableFuture<Subscription> refused = client.subscribe("com.y", e -> {});
        peer.expect(Subscribe.class);
        peer.say(new ErrorMessage(32, 2, Map.of(), "wamp.error.not_authorized", Payload.EMPTY));
        assertThat(failure(refused, WampErrorException.class).uri()).isEqualTo("wamp.error.not_authorized");
        assertThat(failure(client.subscribe("a..b", e -> {}), WampProtocolException.class))
                .hasMessageContaining("URI");
    }

    /** The kind: one thread ends what another one asks for at that moment; the router has taken the new request first. */
    @Test
    void aSubscriptionThatIsEndedWhileTheSameIsAskedForIsAskedForAgain() throws Exception {
        WampClient client = client();
        ScriptedRouter.Peer peer = join(client);
        Subscription one = subscribe(client, peer, 1, 7);
        CompletableFuture<Void> gone = one.unsubscribe();
        assertThat(peer.expect(Unsubscribe.class)).isEqualTo(new Unsubscribe(2, 7));
        Subscription two = subscribe(client, peer, 3, 7);
        peer.say(new Unsubscribed(2));
        get(gone);
        assertThat(peer.expect(Subscribe.class)).isEqualTo(new Subscribe(4, Map.of(), "com.t"));
        peer.say(new Subscribed(4, 8));
        peer.say(event(7, "no more"));
        peer.say(event(8, "new"));
        assertThat(next()).isEqualTo("new");
        CompletableFuture<Void> last = two.unsubscribe();
        assertThat(peer.expect(Unsubscribe.class)).isEqualTo(new Unsubscribe(5, 8));
        peer.say(new Unsubscribed(5));
        get(last);
    }

    private static List<Object> itself() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        return list;
    }

    private static List<Object> broken() {
        return new AbstractList<>() {
            @Override
            public Object get(int index) {
                throw new ConcurrentModificationException("changed meanwhile");
            }

            @Override
            public int size() {
                return 1;
            }
        };
    }

    /** The kind: whatever becomes of a result on its way, its caller gets an answer. */
    @Test
    void aResultThatCannotBeReadIsAnErrorForItsCaller() throws Exception {
        WampClient client = client();
        ScriptedRouter.Peer peer = join(client);
        Registration registration =
                register(client, peer, call -> call.arg(0, String.class).equals("itself") ? itself() : broken());
        peer.say(invocation(1, "itself"));
        assertThat(peer.expect(ErrorMessage.class).request()).isEqualTo(1);
        peer.say(invocation(2, "broken"));
        ErrorMessage answer = peer.expect(ErrorMessage.class);
        assertThat(answer.request()).isEqualTo(2);
        assertThat(String.valueOf(answer.payload().args())).contains("cannot be read", "changed meanwhile");
        assertThat(registration.procedure()).isEqualTo("com.p");
    }

    /** The router has one subscription for all of a topic; it is ended with the last. */
    @Test
    void twoHandlersOfOneTopic() throws Exception {
        WampClient client = client();
        ScriptedRouter.Peer peer = join(client);
        Subscription one = subscribe(client, peer, 1, 7);
        Subscription two = subscribe(client, peer, 2, 7);
        peer.say(event(7, "both"));
        assertThat(List.of(next(), next())).containsExactly("both", "both");
        get(one.unsubscribe());
        get(one.unsubscribe());
        peer.expectNothing();
        peer.say(event(7, "second"));
        assertThat(next()).isEqualTo("second");
        CompletableFuture<Void> gone = two.unsubscribe();
        assertThat(peer.expect(Unsubscribe.class)).isEqualTo(new Unsubscribe(3, 7));
        assertThat(gone).isNotDone();
        peer.say(event(7, "late"));
        peer.say(new Unsubscribed(3));
        get(gone);
        assertThat(got).isEmpty();
        // An error does not bring it back either.
        Subscription three = subscribe(client, peer, 4, 8);
        gone = three.unsubscribe();
        peer.expect(Unsubscribe.class);
        peer.say(new ErrorMessage(34, 5, Map.of(), "wamp.error.no_such_subscription", Payload.EMPTY));
        get(gone);
    }

    @Test
    void aSlowOrThrowingHandlerHoldsUpNobody() throws Exception {
        WampClient client = client(builder().queue(5));
        ScriptedRouter.Peer peer = join(client);
        CountDownLatch stands = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Subscription> made = client.subscribe("com.slow", e -> {
            stands.countDown();
            await(go);
            got.add(e.arg(0, Object.class));
            throw new IllegalStateException("the handler throws");
        });
        peer.expect(Subscribe.class);
        peer.say(new Subscribed(1, 6));
        Subscription slow = get(made);
        peer.say(event(6, 0));
        await(stands);
        for (int i = 1; i <= 20; i++) {
            peer.say(event(6, i));
        }
        subscribe(client, peer, 2, 7);
        peer.say(event(7, "quick"));
        assertThat(next()).isEqualTo("quick");
        assertThat(slow.lost()).isEqualTo(15);
        go.countDown();
        assertThat(next()).isEqualTo(0L);
        for (long i = 16; i <= 20; i++) {
            assertThat(next()).as("the latest are kept").isEqualTo(i);
        }
        untilTold("failed com.slow: the handler throws");
        untilTold("overrun com.slow: 1");
    }

    /** Handlers and procedures may wait for answers of the same client. */
    @Test
    void aHandlerMayCallAndWait() throws Exception {
        WampClient client = client();
        ScriptedRouter.Peer peer = join(client);
        CompletableFuture<Subscription> made = client.subscribe(
                "com.t", e -> got.add(client.call("com.inner").join().arg(0, String.class)));
        peer.expect(Subscribe.class);
        peer.say(new Subscribed(1, 7));
        get(made);
        register(client, peer, call -> client.call("com.inner").join().arg(0, String.class));
        peer.say(event(7));
        peer.say(new Result(peer.expect(Call.class).request(), Map.of(), Payload.args("inner")));
        assertThat(next()).isEqualTo("inner");
        peer.say(invocation(50));
        peer.say(new Result(peer.expect(Call.class).request(), Map.of(), Payload.args("inner 2")));
        assertThat(peer.expect(Yield.class)).isEqualTo(new Yield(50, Map.of(), Payload.args("inner 2")));
    }

    static Stream<Arguments> procedures() {
        Procedure echo = call -> call.args();
        Procedure nothing = call -> null;
        Procedure payload = call -> Payload.of(List.of(1), Map.of("k", 2));
        Procedure later = call -> CompletableFuture.supplyAsync(() -> "later");
        Procedure named = call -> call.procedure() + call.kwargs() + call.details();
        Procedure fails = call -> {
            throw new WampErrorException("com.error", Payload.of(List.of("no"), Map.of("k", 1)));
        };
        Procedure throwsSome = call -> {
            throw new IOException("disk full");
        };
        Procedure throwsBare = call -> {
            throw new IllegalStateException();
        };
        Procedure failsLater = call -> CompletableFuture.supplyAsync(() -> {
            throw new WampErrorException("com.later", "no");
        });
        Procedure oddResult = call -> new Object();
        Procedure oddError = call -> {
            throw new WampErrorException("com.odd", Payload.args(new Object()));
        };
        Procedure tooLong = call -> "y".repeat(200_000);
        return Stream.of(
                Arguments.of(echo, yields(List.of(5L))),
                Arguments.of(nothing, new Yield(50, Map.of(), Payload.EMPTY)),
                Arguments.of(payload, new Yield(50, Map.of(), Payload.of(List.of(1), Map.of("k", 2)))),
                Arguments.of(later, yields("later")),
                Arguments.of(named, yields("com.p{}{}")),
                Arguments.of(fails, error("com.error", Payload.of(List.of("no"), Map.of("k", 1)))),
                Arguments.of(throwsSome, error("wamp.error.runtime_error", Payload.args("disk full"))),
                Arguments.of(
                        throwsBare, error("wamp.error.runtime_error", Payload.args("java.lang.IllegalStateException"))),
                Arguments.of(failsLater, error("com.later", Payload.args("no"))),
                Arguments.of(oddResult, "wamp.error.invalid_payload"),
                Arguments.of(oddError, "wamp.error.invalid_payload"),
                Arguments.of(tooLong, "wamp.error.payload_size_exceeded"));
    }

    private static Yield yields(Object... args) {
        return new Yield(50, Map.of(), Payload.args(args));
    }

    private static ErrorMessage error(String uri, Payload payload) {
        return new ErrorMessage(68, 50, Map.of(), uri, payload);
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("procedures")
    void aCallHasOneAnswerWhateverTheProcedureDoes(Procedure code, Object answer) throws Exception {
        WampClient client = client();
        ScriptedRouter.Peer peer = join(client);
        register(client, peer, code);
        peer.say(invocation(50, 5));
        WampMessage message = peer.expect(WampMessage.class);
        if (answer instanceof String uri) {
            assertThat(((ErrorMessage) message).error()).isEqualTo(uri);
        } else {
            assertThat(message).isEqualTo(answer);
        }
        peer.say(new Invocation(51, 41, Map.of(), Payload.EMPTY));
        assertThat(peer.expect(ErrorMessage.class).error()).isEqualTo("wamp.error.no_such_registration");
    }

    @Test
    void partsOfAResultAreSent() throws Exception {
        WampClient client = client();
        ScriptedRouter.Peer peer = join(client);
        register(client, peer, call -> List.of(call.wantsProgress(), call.progress(1), call.progress(2)));
        peer.say(new Invocation(50, 40, Map.of("receive_progress", true), Payload.EMPTY));
        assertThat(peer.expect(Yield.class)).isEqualTo(new Yield(50, Map.of("progress", true), Payload.args(1)));
        assertThat(peer.expect(Yield.class)).isEqualTo(new Yield(50, Map.of("progress", true), Payload.args(2)));
        assertThat(peer.expect(Yield.class)).isEqualTo(yields(List.of(true, true, true)));
        peer.say(invocation(50));
        assertThat(peer.expect(Yield.class)).isEqualTo(yields(List.of(false, false, false)));
        peer.waiting = 5 << 20;
        peer.say(new Invocation(50, 40, Map.of("receive_progress", true), Payload.EMPTY));
        assertThat(peer.expect(Yield.class)).as("too much waits").isEqualTo(yields(List.of(true, false, false)));
    }

    /** A caller that no longer waits is known to the procedure, however it works; the answer says so. */
    @Test
    void aCancelledCall() throws Exception {
        WampClient client = client();
        ScriptedRouter.Peer peer = join(client);
        CompletableFuture<Object> never = new CompletableFuture<>();
        CountDownLatch started = new CountDownLatch(1);
        register(client, peer, call -> {
            if (call.arg(0, String.class).equals("stage")) {
                return never;
            }
            CountDownLatch cancelled = new CountDownLatch(1);
            call.onCancel(cancelled::countDown);
            started.countDown();
            await(cancelled);
            assertThat(call.isCancelled()).isTrue();
            call.onCancel(() -> got.add("at once"));
            return "too late";
        });
        peer.say(invocation(50, "stage"));
        peer.say(invocation(51, "blocking"));
        await(started);
        peer.say(new Interrupt(50, Map.of("mode", "kill")));
        assertThat(peer.expect(ErrorMessage.class).error()).isEqualTo("wamp.error.canceled");
        assertThat(never).isCancelled();
        peer.say(new Interrupt(51, Map.of("mode", "killnowait")));
        ErrorMessage error = peer.expect(ErrorMessage.class);
        assertThat(error.request()).isEqualTo(51);
        assertThat(error.error()).isEqualTo("wamp.error.canceled");
        assertThat(next()).isEqualTo("at once");
        // One that has its answer, and one that there never was.
        peer.say(new Interrupt(50, Map.of()));
        peer.say(new Interrupt(99, Map.of()));
        peer.say(invocation(52, "stage"));
        assertThat(peer.expect(ErrorMessage.class).error()).isEqualTo("wamp.error.canceled");
    }

    @Test
    void aProcedureWithTooManyCallsRefusesMore() throws Exception {
        WampClient client = client(builder().queue(3));
        ScriptedRouter.Peer peer = join(client);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch stands = new CountDownLatch(1);
        register(client, peer, call -> {
            stands.countDown();
            await(go);
            return call.arg(0, Long.class);
        });
        peer.say(invocation(50, 0));
        await(stands);
        for (int i = 1; i <= 4; i++) {
            peer.say(invocation(50 + i, i));
        }
        ErrorMessage refused = peer.expect(ErrorMessage.class);
        assertThat(refused.request()).isEqualTo(54);
        assertThat(refused.error()).isEqualTo("wamp.error.unavailable");
        go.countDown();
        for (int i = 0; i <= 3; i++) {
            assertThat(peer.expect(Yield.class)).isEqualTo(new Yield(50 + i, Map.of(), Payload.args(i)));
        }
        untilTold("overrun com.p: 1");
    }

    @Test
    void aRegistrationEnds() throws Exception {
        WampClient client = client();
        ScriptedRouter.Peer peer = join(client);
        Registration registration = register(client, peer, call -> "x");
        CompletableFuture<Void> gone = registration.unregister();
        assertThat(peer.expect(Unregister.class)).isEqualTo(new Unregister(2, 40));
        peer.say(new Unregistered(2));
        get(gone);
        peer.say(invocation(50));
        assertThat(peer.expect(ErrorMessage.class).error()).isEqualTo("wamp.error.no_such_registration");
        CompletableFuture<Registration> refused = client.register("com.q", call -> null);
        peer.expect(Register.class);
        peer.say(new ErrorMessage(64, 3, Map.of(), "wamp.error.procedure_already_exists", Payload.EMPTY));
        failure(refused, WampErrorException.class);
    }

    @Test
    void theRouterEndsThemByItself() throws Exception {
        WampClient client = client();
        ScriptedRouter.Peer peer = join(client);
        Subscription subscription = subscribe(client, peer, 1, 7);
        Registration registration = register(client, peer, call -> "x");
        peer.say(new Unsubscribed(0, Map.of("subscription", 7, "reason", "com.revoked")));
        peer.say(new Unregistered(0, Map.of("registration", 40)));
        peer.say(new Unregistered(0, Map.of("registration", 41)));
        untilTold("not restored com.t: com.revoked");
        untilTold("not restored com.p: wamp.error.not_authorized");
        get(subscription.unsubscribe());
        get(registration.unregister());
        peer.expectNothing();
    }

    /** What the application wants comes back with the connection; what was asked once does not. */
    @Test
    void theyComeBackAfterAReconnect() throws Exception {
        WampClient client = reconnecting();
        CompletableFuture<Subscription> early = client.subscribe("com.t", e -> got.add(e.arg(0, Object.class)));
        CompletableFuture<Registration> both = client.register("com.p", call -> "answer");
        ScriptedRouter.Peer peer = join(client);
        // Lost before the router has answered: asked again, the future still open.
        peer.expect(Subscribe.class);
        peer.cut();
        peer = rejoin();
        answerBoth(peer, 7);
        Subscription subscription = get(early);
        get(both);
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        CompletableFuture<Registration> slow = client.register("com.s", call -> {
            call.onCancel(cancelled::countDown);
            started.countDown();
            return new CompletableFuture<>();
        });
        peer.say(new Registered(peer.expect(Register.class).request(), 41));
        get(slow);
        peer.say(new Invocation(60, 41, Map.of(), Payload.EMPTY));
        await(started);
        PendingCall open = client.call("com.x");
        peer.expect(Call.class);
        peer.cut();
        failure(open, WampConnectionException.class);
        await(cancelled);
        // The slow one is gone while there is no connection, or while it is asked for.
        peer = rejoin();
        answerBoth(peer, 17);
        Register again = peer.expect(Register.class);
        assertThat(again.procedure()).isEqualTo("com.s");
        peer.say(new ErrorMessage(64, again.request(), Map.of(), "wamp.error.not_authorized", Payload.EMPTY));
        untilTold("not restored com.s: wamp.error.not_authorized");
        peer.say(event(7, "old id"));
        peer.say(event(17, "new id"));
        assertThat(next()).isEqualTo("new id");
        CompletableFuture<Void> gone = subscription.unsubscribe();
        assertThat(peer.expect(Unsubscribe.class).subscription()).isEqualTo(17);
        peer.say(new Unsubscribed(4));
        get(gone);
        peer.cut();
        peer = rejoin();
        assertThat(peer.expect(Register.class).procedure()).isEqualTo("com.p");
        assertThat(peer.expect(Register.class).procedure()).isEqualTo("com.s");
        peer.expectNothing();
    }

    private static void answerBoth(ScriptedRouter.Peer peer, long subscription) throws InterruptedException {
        peer.say(new Subscribed(peer.expect(Subscribe.class).request(), subscription));
        peer.say(new Registered(peer.expect(Register.class).request(), 40));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
