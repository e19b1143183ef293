package io.millwright.wamp.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.wamp.MatchPolicy;
import io.millwright.wamp.message.Payload;
import io.millwright.wamp.net.ForeignClient.Kind;
import io.millwright.wamp.router.CallWith;
import io.millwright.wamp.router.LocalSession;
import io.millwright.wamp.router.Principal;
import io.millwright.wamp.router.Procedure;
import io.millwright.wamp.router.ProcedureCall;
import io.millwright.wamp.router.ProcedureException;
import io.millwright.wamp.router.PublishTo;
import io.millwright.wamp.router.auth.CraAuthenticator;
import io.millwright.wamp.router.auth.CraSecret;
import io.millwright.wamp.router.auth.CryptosignAuthenticator;
import io.millwright.wamp.router.auth.TicketAuthenticator;
import io.millwright.wamp.router.auth.Tickets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Others' clients, each in a process of its own: they join, publish, call, are called, are refused, are cut off when they do not read. */
@Timeout(180)
@Tag("long")
class ForeignClientsTest {
    private static final String SECRET = "joe's secret";
    private static final String SEED = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private static final String PUBLIC = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";

    @TempDir
    Path dir;

    private final ExecutorService handlers = Executors.newSingleThreadExecutor();
    private TestRealm test;
    private LocalSession local;

    @BeforeEach
    void open() throws Exception {
        Principal joe = Principal.of("joe", "all");
        Tickets tickets = new Tickets();
        tickets.add(joe, SECRET);
        test = new TestRealm(
                new TicketAuthenticator(tickets),
                new CraAuthenticator(authid -> authid.equals("joe") ? CraSecret.of(joe, SECRET) : null),
                new CryptosignAuthenticator((key, authid) -> key.equals(PUBLIC) ? joe : null));
        local = test.realm.open("here", "all", handlers);
        register("test.echo", call -> CompletableFuture.completedStage(call.payload()));
        register("test.count", ForeignClientsTest::count);
        register("test.ask", call -> local.call(
                        (String) call.payload().args().get(0), Payload.args(20, 22), CallWith.NOTHING)
                .result());
        register("test.tell", call -> {
            local.publish("test.topic", call.payload(), PublishTo.ALL);
            return CompletableFuture.completedStage(Payload.EMPTY);
        });
        register("test.fail", call -> {
            throw new ProcedureException("test.error", "as asked");
        });
    }

    private void register(String procedure, Procedure handler) throws Exception {
        local.register(procedure, MatchPolicy.EXACT, handler)
                .toCompletableFuture()
                .get();
    }

    private static CompletionStage<Payload> count(ProcedureCall call) {
        int to = ((Number) call.payload().args().get(0)).intValue();
        for (int i = 0; i < to; i++) {
            call.progress(Payload.args(i));
        }
        return CompletableFuture.completedStage(Payload.args(to));
    }

    @AfterEach
    void close() {
        handlers.shutdownNow();
        test.close();
    }

    /** Where a client of a kind connects to, as its script wants it. */
    private String address(Kind kind, boolean unix) throws Exception {
        if (kind != Kind.AUTOBAHN_PYTHON) {
            ListenerConfig config = ListenerConfig.tcp("w", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .withType(ListenerConfig.Type.WEBSOCKET);
            int port = ((InetSocketAddress) test.listeners.add(config).address()).getPort();
            return "ws://127.0.0.1:" + port + "/ws";
        }
        if (unix) {
            Path path = dir.resolve("s/sock");
            test.unix("u", path);
            return path.toString();
        }
        return "127.0.0.1:" + ((InetSocketAddress) test.tcp("t")).getPort();
    }

    private ForeignClient start(Kind kind, String address, String serializer, String method, String secret, String task)
            throws Exception {
        return new ForeignClient(kind, dir, address, serializer, method, secret, task);
    }

    static Stream<Arguments> ways() {
        return Stream.of(
                Arguments.of(Kind.AUTOBAHN_PYTHON, true, "msgpack", "anonymous"),
                Arguments.of(Kind.AUTOBAHN_PYTHON, true, "json", "ticket"),
                Arguments.of(Kind.AUTOBAHN_PYTHON, false, "msgpack", "wampcra"),
                Arguments.of(Kind.AUTOBAHN_PYTHON, false, "json", "cryptosign"),
                Arguments.of(Kind.AUTOBAHN_JS, false, "json", "anonymous"),
                Arguments.of(Kind.AUTOBAHN_JS, false, "msgpack", "wampcra"),
                Arguments.of(Kind.AUTOBAHN_JS, false, "cbor", "cryptosign"),
                Arguments.of(Kind.AUTOBAHN_JS, false, "json", "ticket"),
                Arguments.of(Kind.WAMPY, false, "json", "anonymous"),
                Arguments.of(Kind.WAMPY, false, "msgpack", "wampcra"),
                Arguments.of(Kind.WAMPY, false, "cbor", "cryptosign"),
                Arguments.of(Kind.WAMPY, false, "json", "ticket"));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aClientDoesAllItCan(Kind kind, boolean unix, String serializer, String method) throws Exception {
        String secret = method.equals("cryptosign") ? SEED : SECRET;
        try (ForeignClient client = start(kind, address(kind, unix), serializer, method, secret, "drive")) {
            List<String> lines = client.all();
            assertThat(lines)
                    .contains(
                            "own 5",
                            "asked 42",
                            "echo",
                            "error wamp.error.no_such_procedure",
                            "error wamp.error.not_authorized",
                            "error test.error")
                    .anyMatch(line -> line.matches("joined (joe|anonymous-\\w+) all " + method))
                    .anyMatch(line -> line.startsWith("event ") && line.contains("zwö") && line.contains("1.5"))
                    .anyMatch(line -> line.replace(" ", "").equals("parts[0,1,2,3,4]5"))
                    .noneMatch(line -> line.startsWith("failed"));
        }
        await().until(() -> !test.left.isEmpty());
        assertThat(test.left).containsExactly("it left");
        await().until(() -> test.listeners.list().get(0).connections() == 0);
    }

    @ParameterizedTest
    @CsvSource({
        "AUTOBAHN_PYTHON, ticket",
        "AUTOBAHN_PYTHON, wampcra",
        "AUTOBAHN_JS, ticket",
        "AUTOBAHN_JS, wampcra",
        "WAMPY, ticket",
        "WAMPY, wampcra",
    })
    void aClientWithAnotherSecretIsRefused(Kind kind, String method) throws Exception {
        try (ForeignClient client = start(kind, address(kind, true), "json", method, "nonsense", "drive")) {
            assertThat(client.all()).isNotEmpty().noneMatch(line -> line.startsWith("joined"));
        }
        assertThat(test.refused).hasSize(1).first().asString().contains("authentication by " + method);
        assertThat(test.left).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aClientThatDoesNotReadIsCutOff(Kind kind) throws Exception {
        try (ForeignClient client = start(kind, address(kind, true), "json", "anonymous", "-", "slow")) {
            client.await("subscribed");
            client.signal("STOP");
            String text = "x".repeat(100_000);
            for (int i = 0; i < 100; i++) {
                local.publish("test.topic", Payload.args(text), PublishTo.ALL);
            }
            await().until(() -> !test.left.isEmpty());
            assertThat(test.left).hasSize(1).first().asString().contains("too slowly");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> test.listeners.list().get(0).connections() == 0);
            client.signal("CONT");
            assertThat(client.all()).anyMatch(line -> line.startsWith("left") || line.startsWith("ended"));
        }
    }
}
