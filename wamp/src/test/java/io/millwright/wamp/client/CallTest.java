package io.millwright.wamp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.wamp.WampConnectionException;
import io.millwright.wamp.WampEncodingException;
import io.millwright.wamp.WampErrorException;
import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.message.Abort;
import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.Cancel;
import io.millwright.wamp.message.ErrorMessage;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Publish;
import io.millwright.wamp.message.Published;
import io.millwright.wamp.message.Result;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls and publications: each future completes, in the one way that is right. */
class CallTest extends ClientCase {
    private static final Map<String, Object> PROGRESS = Map.of("progress", true);

    @Test
    void aCallHasItsResult() throws Exception {
        WampClient client = client();
        ScriptedRouter.Peer peer = join(client);
        PendingCall call = client.call(
                CallRequest.of("com.add").args(1, 2L).kwargs(Map.of("k", "v")).option("disclose_me", true));
        Call sent = peer.expect(Call.class);
        assertThat(sent.request()).isEqualTo(1);
        assertThat(sent.procedure()).isEqualTo("com.add");
        assertThat(sent.options()).containsExactly(Map.entry("disclose_me", true));
        assertThat(sent.payload()).isEqualTo(Payload.of(List.of(1, 2), Map.of("k", "v")));
        peer.say(new Result(1, Map.of("x", 1L), Payload.of(List.of(3), Map.of("unit", "m"))));
        CallResult result = get(call);
        assertThat(result.arg(0, Integer.class)).isEqualTo(3);
        assertThat(result.arg(1, Integer.class)).isNull();
        assertThat(result.kwarg("unit", String.class)).isEqualTo("m");
        assertThat(result.details()).containsEntry("x", 1L);

        CompletableFuture<List> list = client.call(List.class, "com.list");
        CompletableFuture<String> text = client.call(String.class, "com.text");
        assertThat(peer.expect(Call.class).request()).isEqualTo(2);
        assertThat(peer.expect(Call.class).request()).isEqualTo(3);
        peer.say(new Result(3, Map.of(), Payload.args(5)));
        peer.say(new Result(2, Map.of(), Payload.args(List.of("a"))));
        assertThat(get(list)).isEqualTo(List.of("a"));
        assertThat(failure(text, IllegalArgumentException.class)).hasMessage("argument 0 is a Long, not a String");
    }

    static Stream<Arguments> conversions() {
        return Stream.of(
                Arguments.of(5L, Long.class, 5L),
                Arguments.of(5L, Integer.class, 5),
                Arguments.of(5.0, Integer.class, 5),
                Arguments.of(5L, Double.class, 5.0),
                Arguments.of(5L, BigInteger.class, BigInteger.valueOf(5)),
                Arguments.of(1L << 40, Integer.class, null),
                Arguments.of(5.5, Long.class, null),
                Arguments.of(Double.NaN, Long.class, null),
                Arguments.of(true, Boolean.class, true),
                Arguments.of("5", Integer.class, null),
                Arguments.of(Map.of("a", 1L), Map.class, Map.of("a", 1L)),
                Arguments.of(List.of(), Object.class, List.of()));
    }

    @ParameterizedTest
    @MethodSource("conversions")
    void anArgumentIsATypeWithoutLossOrNotAtAll(Object value, Class<?> type, Object result) {
        CallResult some = CallResult.of(Map.of(), Payload.args(value));
        if (result == null) {
            assertThatThrownBy(() -> some.arg(0, type))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("argument 0");
        } else {
            assertThat((Object) some.arg(0, type)).isEqualTo(result);
        }
    }

    @Test
    void anErrorHasItsUriAndArguments() throws Exception {
        WampClient client = client();
        ScriptedRouter.Peer peer = join(client);
        PendingCall call = client.call("com.x");
        peer.expect(Call.class);
        peer.say(new ErrorMessage(48, 1, Map.of(), "com.error", Payload.of(List.of("no", 2), Map.of("k", 3))));
        WampErrorException e = failure(call, WampErrorException.class);
        assertThat(e).hasMessage("no (com.error)");
        assertThat(e.uri()).isEqualTo("com.error");
        assertThat(e.args()).isEqualTo(List.of("no", 2L));
        assertThat(e.kwargs()).isEqualTo(Map.of("k", 3L));
    }

    @Test
    void whatCannotBeSentFailsAloneAndTakesNoNumber() throws Exception {
        WampClient client = client();
        ScriptedRouter.Peer peer = join(client);
        List<Object> odd = new ArrayList<>() {
            @Override
            public int size() {
                throw new IllegalStateException("odd");
            }
        };
        assertThat(failure(client.call("com.x", new Object()), WampEncodingException.class))
                .hasMessageContaining("java.lang.Object cannot be sent");
        assertThat(failure(client.call("com.x", odd), WampEncodingException.class))
                .hasMessageContaining("odd");
        assertThat(failure(client.call("com.x", "y".repeat(200_000)), WampErrorException.class)
                        .uri())
                .isEqualTo("wamp.error.payload_size_exceeded");
        assertThat(failure(client.call("not a uri"), WampProtocolException.class))
                .hasMessageContaining("no URI");
        assertThat(failure(client.call(CallRequest.of("a.b").option("timeout", "x")), WampProtocolException.class))
                .hasMessageContaining("'timeout' of CALL");
        assertThat(failure(client.publish("not a uri"), WampProtocolException.class))
                .hasMessageContaining("no URI");
        client.call("com.x");
        assertThat(peer.expect(Call.class).request()).isEqualTo(1);
        peer.waiting = 5 << 20;
        assertThat(failure(client.call("com.x"), WampConnectionException.class)).hasMessageContaining("does not take");
        assertThat(failure(client.publish("com.x"), WampConnectionException.class))
                .hasMessageContaining("does not take");
        peer.expectNothing();
    }

    @Test
    void partsOfAResultComeInOrderAndBeforeTheEnd() throws Exception {
        WampClient client = client();
        ScriptedRouter.Peer peer = join(client);
        List<Object> parts = Collections.synchronizedList(new ArrayList<>());
        PendingCall call = client.call(CallRequest.of("com.x").onProgress(part -> {
            parts.add(part.arg(0, Long.class));
            if (parts.size() == 2) {
                throw new IllegalStateException("the consumer throws");
            }
        }));
        CompletableFuture<Integer> atEnd = call.thenApply(result -> parts.size());
        assertThat(peer.expect(Call.class).options()).containsEntry("receive_progress", true);
        for (long i = 0; i < 500; i++) {
            peer.say(new Result(1, PROGRESS, Payload.args(i)));
        }
        peer.say(new Result(1, Map.of(), Payload.args("end")));
        assertThat(get(atEnd)).isEqualTo(500);
        assertThat(parts.get(499)).isEqualTo(499L);
        assertThat(call.lost()).isZero();
        untilTold("failed com.x: the consumer throws");
    }

    /** A consumer that stands still keeps neither the reader nor other answers; what it misses is counted. */
    @Test
    void aSlowConsumerOfPartsHoldsUpNobody() throws Exception {
        WampClient client = client(builder().queue(10));
        ScriptedRouter.Peer peer = join(client);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch stands = new CountDownLatch(1);
        PendingCall slow = client.call(CallRequest.of("com.slow").onProgress(part -> {
            stands.countDown();
            await(go);
        }));
        peer.expect(Call.class);
        peer.say(new Result(1, PROGRESS, Payload.EMPTY));
        await(stands);
        for (int i = 0; i < 50; i++) {
            peer.say(new Result(1, PROGRESS, Payload.EMPTY));
        }
        peer.say(new Result(1, Map.of(), Payload.EMPTY));
        PendingCall quick = client.call("com.quick");
        peer.expect(Call.class);
        peer.say(new Result(2, Map.of(), Payload.EMPTY));
        get(quick);
        assertThat(slow).isNotDone();
        go.countDown();
        get(slow);
        assertThat(slow.lost()).isEqualTo(40);
    }

    @Test
    void aCallThatTakesTooLongFailsAndIsCancelled() throws Exception {
        WampClient client = client();
        ScriptedRouter.Peer peer = join(client);
        PendingCall call = client.call(CallRequest.of("com.x").timeout(Duration.ofMillis(30)));
        assertThat(peer.expect(Call.class).options()).containsEntry("timeout", 30L);
        assertThat(failure(call, WampErrorException.class).uri()).isEqualTo("wamp.error.timeout");
        assertThat(peer.expect(Cancel.class).options()).containsEntry("mode", "killnowait");
        assertThatThrownBy(() -> CallRequest.of("a.b").timeout(Duration.ZERO)).hasMessageContaining("above 0");
        // A timeout of the application's own does the same.
        PendingCall other = client.call("com.y");
        assertThat(peer.expect(Call.class).request()).isEqualTo(2);
        other.orTimeout(10, TimeUnit.MILLISECONDS);
        failure(other, TimeoutException.class);
        assertThat(peer.expect(Cancel.class).request()).isEqualTo(2);
        // A long one is none.
        PendingCall longOne = client.call(CallRequest.of("com.z").timeout(Duration.ofDays(400_000)));
        peer.expect(Call.class);
        peer.say(new Result(3, Map.of(), Payload.EMPTY));
        get(longOne);
        peer.expectNothing();
    }

    @Test
    void aCallIsCancelledOrKilled() throws Exception {
        WampClient client = client();
        ScriptedRouter.Peer peer = join(client);
        PendingCall cancelled = client.call("com.x");
        peer.expect(Call.class);
        assertThat(cancelled.cancel(true)).isTrue();
        assertThat(peer.expect(Cancel.class)).isEqualTo(new Cancel(1, Map.of("mode", "killnowait")));
        assertThat(cancelled.cancel(true)).isTrue();
        assertThatThrownBy(cancelled::join).isInstanceOf(CancellationException.class);
        // The answer that was on its way is passed over.
        peer.say(new Result(1, Map.of(), Payload.EMPTY));

        PendingCall killed = client.call("com.y");
        peer.expect(Call.class);
        killed.kill();
        assertThat(peer.expect(Cancel.class)).isEqualTo(new Cancel(2, Map.of("mode", "kill")));
        assertThat(killed).isNotDone();
        peer.say(new ErrorMessage(48, 2, Map.of(), "wamp.error.canceled", Payload.EMPTY));
        assertThat(failure(killed, WampErrorException.class).uri()).isEqualTo("wamp.error.canceled");
        killed.kill();

        PendingCall done = client.call("com.z");
        peer.expect(Call.class);
        peer.say(new Result(3, Map.of(), Payload.EMPTY));
        get(done);
        assertThat(done.cancel(true)).isFalse();
        peer.expectNothing();
    }

    @Test
    void whatIsOpenFailsWithTheConnection() throws Exception {
        WampClient client = client();
        List<CompletableFuture<?>> open = new ArrayList<>();
        open.add(client.call("com.before"));
        assertThat(failure(open.get(0), WampConnectionException.class)).hasMessageContaining("no connection");
        ScriptedRouter.Peer peer = join(client);
        open.add(client.call("com.a"));
        open.add(client.call(CallRequest.of("com.b").onProgress(part -> {})));
        open.add(client.publish(Publication.of("com.c").acknowledge()));
        open.add(client.subscribe("com.d", event -> {}));
        open.add(client.register("com.e", call -> null));
        peer.cut();
        for (CompletableFuture<?> each : open) {
            WampConnectionException e = failure(each, WampConnectionException.class);
            assertThat(e.uri()).isEqualTo("wamp.error.network_failure");
        }
        failure(client.call("com.after"), WampConnectionException.class);
        failure(client.publish("com.after"), WampConnectionException.class);
        failure(client.register("com.after", call -> null), WampConnectionException.class);
    }

    @Test
    void publicationsWithAndWithoutAcknowledgement() throws Exception {
        WampClient client = client();
        ScriptedRouter.Peer peer = join(client);
        assertThat(get(client.publish("com.topic", 1, null))).isZero();
        Publish publish = peer.expect(Publish.class);
        assertThat(publish.options()).isEmpty();
        assertThat(publish.payload().args()).isEqualTo(Arrays.asList(1L, null));
        CompletableFuture<Long> acknowledged = client.publish(Publication.of("com.topic")
                .kwargs(Map.of("a", 1))
                .acknowledge()
                .retain()
                .toMyself(true));
        publish = peer.expect(Publish.class);
        assertThat(publish.options()).isEqualTo(Map.of("acknowledge", true, "retain", true, "exclude_me", false));
        peer.say(new Published(2, 99));
        assertThat(get(acknowledged)).isEqualTo(99);
        CompletableFuture<Long> refused =
                client.publish(Publication.of("com.topic").acknowledge());
        peer.expect(Publish.class);
        peer.say(new ErrorMessage(16, 3, Map.of(), "wamp.error.not_authorized", Payload.EMPTY));
        assertThat(failure(refused, WampErrorException.class)).hasMessage("wamp.error.not_authorized");
    }

    @Test
    void anAnswerOfTheWrongKindEndsTheSessionAndTheRequest() throws Exception {
        WampClient client = reconnecting();
        ScriptedRouter.Peer peer = join(client);
        PendingCall call = client.call("com.a");
        peer.expect(Call.class);
        peer.say(new Published(1, 5));
        peer.expect(Abort.class);
        failure(call, WampConnectionException.class);
        peer = rejoin();
        PendingCall other = client.call("com.a");
        peer.expect(Call.class);
        peer.say(new ErrorMessage(16, 1, Map.of(), "a.b", Payload.EMPTY));
        peer.expect(Abort.class);
        failure(other, WampConnectionException.class);
        rejoin();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
