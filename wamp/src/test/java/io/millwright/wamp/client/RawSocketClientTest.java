package io.millwright.wamp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.wamp.WampConnectionException;
import io.millwright.wamp.WampErrorException;
import io.millwright.wamp.WampException;
import io.millwright.wamp.WampProtocolException;
import io.millwright.wamp.message.Call;
import io.millwright.wamp.message.ErrorMessage;
import io.millwright.wamp.message.Goodbye;
import io.millwright.wamp.message.Hello;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.message.Result;
import io.millwright.wamp.message.Subscribe;
import io.millwright.wamp.message.Welcome;
import io.millwright.wamp.serial.Serializer;
import io.millwright.wamp.serial.Serializers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client on real sockets, Unix and TCP, against a listener that says octets. */
@Timeout(60)
class RawSocketClientTest {
    private static final Serializer JSON = Serializers.JSON;

    private SocketRouter router;
    private WampClient client;

    @BeforeEach
    void listen() throws Exception {
        router = SocketRouter.unix();
    }

    @AfterEach
    void end() throws Exception {
        if (client != null) {
            client.leave();
        }
        router.close();
        if (client != null) {
            client.leave().get(20, TimeUnit.SECONDS);
        }
    }

    private WampClient client(Transport transport) {
        client = WampClient.builder(transport)
                .serializer(JSON)
                .realm("r")
                .reconnect(Duration.ofMillis(1), Duration.ofMillis(10))
                .build();
        return client;
    }

    private SocketRouter.Line join() throws Exception {
        SocketRouter.Line line = router.accept("7ff10000", "7ff10000");
        assertThat(line.expect(JSON)).isInstanceOf(Hello.class);
        line.say(JSON, new Welcome(1, Map.of()));
        return line;
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    private void leave(SocketRouter.Line line) throws Exception {
        ClientCase.until(() -> assertThat(client.session()).isNotNull());
        CompletableFuture<Void> left = client.leave();
        assertThat(line.expect(JSON)).isInstanceOf(Goodbye.class);
        line.say(JSON, new Goodbye(Map.of(), "wamp.close.goodbye_and_out"));
        assertThat(line.isAtEnd()).isTrue();
        get(left);
    }

    @Test
    void callsOverAUnixSocket() throws Exception {
        callsAndAnswers();
    }

    @Test
    void callsOverTcp() throws Exception {
        router.close();
        router = SocketRouter.tcp();
        callsAndAnswers();
    }

    private void callsAndAnswers() throws Exception {
        CompletableFuture<SessionInfo> joined = client(router.transport()).connect();
        try (SocketRouter.Line line = join()) {
            get(joined);
            // A frame that comes octet by octet, and several at once.
            PendingCall one = client.call("a.b", 1);
            PendingCall two = client.call("a.b", 2);
            assertThat(((Call) line.expect(JSON)).payload().args()).isEqualTo(List.of(1L));
            assertThat(((Call) line.expect(JSON)).payload().args()).isEqualTo(List.of(2L));
            String answer = HexFormat.of().formatHex(JSON.encode(new Result(1, Map.of(), Payload.args("one"))));
            String frame = HexFormat.of().toHexDigits(answer.length() / 2, 8) + answer;
            for (int i = 0; i < frame.length(); i += 2) {
                line.raw(frame.substring(i, i + 2));
            }
            assertThat(get(one).arg(0, String.class)).isEqualTo("one");
            line.raw("01000002abcd" + "01000000" + "02000001ff");
            line.say(JSON, new Result(2, Map.of(), Payload.args("two")));
            assertThat(get(two).arg(0, String.class)).isEqualTo("two");
            assertThat(line.frame(2)).as("a pong").isEqualTo(new byte[] {(byte) 0xab, (byte) 0xcd});
            assertThat(line.frame(2)).as("an empty pong").isEmpty();
            leave(line);
        }
    }

    /** More than the socket takes: nobody blocks, and all of it comes. */
    @Test
    void whatTheRouterDoesNotReadWaits() throws Exception {
        CompletableFuture<SessionInfo> joined = client(router.transport()).connect();
        try (SocketRouter.Line line = join()) {
            get(joined);
            List<PendingCall> calls = new ArrayList<>();
            String large = "x".repeat(200_000);
            for (int i = 0; i < 20; i++) {
                calls.add(client.call("a.b", i, large));
            }
            PendingCall last = client.call("a.b", large.repeat(20));
            PendingCall tooMuch = client.call("a.b");
            assertThat(failure(tooMuch)).hasMessageContaining("does not take");
            for (int i = 0; i < 20; i++) {
                Call call = (Call) line.expect(JSON);
                assertThat(call.payload().args().get(0)).isEqualTo((long) i);
                line.say(JSON, new Result(call.request(), Map.of(), call.payload()));
            }
            for (PendingCall call : calls) {
                assertThat(get(call).arg(1, String.class)).isEqualTo(large);
            }
            assertThat(((Call) line.expect(JSON)).payload().args()).isEqualTo(List.of(large.repeat(20)));
            line.say(JSON, new Result(21, Map.of(), Payload.EMPTY));
            get(last);
            leave(line);
        }
    }

    @Test
    void theRoutersLimitIsRespected() throws Exception {
        CompletableFuture<SessionInfo> joined = client(router.transport()).connect();
        SocketRouter.Line line = router.accept("7ff10000", "7f110000");
        line.frame(0);
        line.say(JSON, new Welcome(1, Map.of()));
        get(joined);
        WampException tooLong = failure(client.call("a.b", "x".repeat(1100)));
        assertThat(tooLong.uri()).isEqualTo("wamp.error.payload_size_exceeded");
        assertThat(tooLong).hasMessageContaining("the router takes 1024");
        PendingCall fits = client.call("a.b", "x");
        line.expect(JSON);
        line.say(JSON, new Result(1, Map.of(), Payload.EMPTY));
        get(fits);
        leave(line);
        line.close();
    }

    /** Each is a sentence of the first session's future when the client does not come again. */
    @ParameterizedTest
    @CsvSource({
        "7f100000, does not have the serializer",
        "7f400000, too many connections",
        "48545450, does not speak RawSocket",
        "7ff30000, another serializer",
    })
    void aHandshakeThatFails(String answer, String sentence) throws Exception {
        client = WampClient.builder(router.transport())
                .serializer(JSON)
                .realm("r")
                .build();
        CompletableFuture<SessionInfo> joined = client.connect();
        router.accept("7ff10000", answer).close();
        assertThat(failure(joined)).isInstanceOf(WampProtocolException.class).hasMessageContaining(sentence);
    }

    @Test
    void aRouterThatEndsTheHandshakeOrIsNotThere() throws Exception {
        client = WampClient.builder(router.transport())
                .serializer(JSON)
                .realm("r")
                .build();
        CompletableFuture<SessionInfo> joined = client.connect();
        router.accept("7ff10000", "7ff1").close();
        assertThat(failure(joined)).hasMessageContaining("ended the connection in the handshake");
        for (Transport nowhere : List.of(
                Transports.unix(Path.of("/tmp/there-is-no-such-socket")),
                Transports.tcp("127.0.0.1", 1),
                Transports.tcp("no-such-host.invalid", 1))) {
            try (WampClient lost = WampClient.builder(nowhere).realm("r").build()) {
                assertThat(failure(lost.connect()))
                        .isInstanceOf(WampConnectionException.class)
                        .hasMessageContaining(nowhere.toString());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"03000000", "80000001", "ff000000"})
    void aFrameThatIsNoneEndsTheConnection(String frame) throws Exception {
        CompletableFuture<SessionInfo> joined = client(router.transport()).connect();
        try (SocketRouter.Line line = join()) {
            get(joined);
            PendingCall open = client.call("a.b");
            line.expect(JSON);
            line.raw(frame);
            assertThat(failure(open)).hasMessageContaining("reserved");
            assertThat(line.isAtEnd()).isTrue();
        }
        try (SocketRouter.Line again = join()) {
            leave(again);
        }
    }

    /** The router is away for a while, its socket too; the subscription comes back. */
    @Test
    void aRouterThatComesBack() throws Exception {
        CompletableFuture<SessionInfo> joined = client(router.transport()).connect();
        CompletableFuture<Subscription> subscribed = client.subscribe("a.b", event -> {});
        SocketRouter.Line line = join();
        get(joined);
        line.expect(JSON);
        line.close();
        line = join();
        assertThat(line.expect(JSON)).isInstanceOf(Subscribe.class);
        assertThat(subscribed).isNotDone();
        leave(line);
        failure(subscribed);
        line.close();
    }

    @Test
    void leavingDuringAHandshakeEndsAtOnce() throws Exception {
        CompletableFuture<SessionInfo> joined = client(router.transport()).connect();
        SocketRouter.Line line = router.accept("7ff10000", "7f");
        get(client.leave());
        failure(joined);
        assertThat(line.isAtEnd()).isTrue();
        line.close();
    }

    private static WampException failure(CompletableFuture<?> future) throws Exception {
        try {
            future.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return (WampException) e.getCause();
        }
        throw new AssertionError("it did not fail");
    }

    @Test
    void anErrorOfTheRouterIsTyped() throws Exception {
        CompletableFuture<SessionInfo> joined = client(router.transport()).connect();
        try (SocketRouter.Line line = join()) {
            get(joined);
            PendingCall call = client.call("a.b");
            line.expect(JSON);
            line.say(JSON, new ErrorMessage(48, 1, Map.of(), "wamp.error.no_such_procedure", Payload.EMPTY));
            assertThat(failure(call)).isInstanceOf(WampErrorException.class);
            leave(line);
        }
    }
}
