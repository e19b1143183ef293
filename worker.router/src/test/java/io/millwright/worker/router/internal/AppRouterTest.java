package io.millwright.worker.router.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.wamp.WampErrorException;
import io.millwright.wamp.WampErrors;
import io.millwright.wamp.auth.Ed25519;
import io.millwright.wamp.client.Authentication;
import io.millwright.wamp.client.Procedure;
import io.millwright.wamp.client.Transports;
import io.millwright.wamp.client.WampClient;
import io.millwright.wamp.message.Payload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The router with real sockets and our own client, and its operations as they are called. */
class AppRouterTest {
    private static final byte[] SEED = new byte[32];
    private static final Map<String, Object> ALL = Map.of(
            "uri", "com.example", "match", "prefix", "allow", List.of("call", "register", "publish", "subscribe"));

    @TempDir
    Path directory;

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final Map<String, Procedure> operations = new HashMap<>();
    private final List<WampClient> clients = new ArrayList<>();
    private AppRouter router;
    private RouterOperations offered;

    @BeforeEach
    void begin() throws IOException {
        router = new AppRouter(directory, AppRouterTest::role, (topic, told) -> events.add(topic + " " + told));
        offered = new RouterOperations(router);
        offered.register(operations::put);
    }

    @AfterEach
    void end() {
        clients.forEach(WampClient::close);
        router.close();
    }

    private static String role(String realm, String worker, String ticket) {
        return ticket.equals(realm + worker) ? "app" : null;
    }

    @Test
    void workersOfTheNodeComeInByASocketOfTheirOwn() throws Exception {
        offered.begin(anonymous());
        router.openToWorkers(directory.resolve("peers/r1"));
        joined("peers/r1", "realm1", Authentication.ticket("box", "realm1box"));
        for (String wrong : List.of("realm1", "realm2box", "")) {
            assertThatThrownBy(() -> joined("peers/r1", "realm1", Authentication.ticket("box", wrong)))
                    .isInstanceOf(ExecutionException.class);
        }
        assertThatThrownBy(() -> joined("peers/r1", "realm1")).hasMessageContaining(WampErrors.NO_AUTH_METHOD);
        assertThatThrownBy(() -> joined("a/s", "realm1", Authentication.ticket("box", "realm1box")))
                .hasMessageContaining(WampErrors.NO_AUTH_METHOD);
    }

    private Object call(String operation, Object... arguments) throws Exception {
        Object answer = operations.get(operation).call(new FakeCall(Payload.args(arguments)));
        return answer instanceof CompletionStage<?> later
                ? later.toCompletableFuture().get(20, TimeUnit.SECONDS)
                : answer;
    }

    private static Map<String, Object> realm(Object... permissions) {
        return Map.of("roles", Map.of("app", Map.of("permissions", List.of(permissions))));
    }

    private static Map<String, Object> socket(String path, Map<String, Object> auth) {
        return Map.of("type", "rawsocket", "path", path, "auth", auth);
    }

    private static Map<String, Object> options(Map<String, Object> realms, Map<String, Object> transports) {
        return Map.of("realms", realms, "transports", transports);
    }

    private static Map<String, Object> anonymous() {
        return options(Map.of("realm1", realm(ALL)), Map.of("local", socket("a/s", Map.of("anonymous", "app"))));
    }

    private WampClient client(String path, String realm, Authentication... proof) {
        var builder =
                WampClient.builder(Transports.unix(directory.resolve(path))).realm(realm);
        WampClient client = (proof.length == 0 ? builder : builder.authentication(proof[0])).build();
        clients.add(client);
        return client;
    }

    private WampClient joined(String path, String realm, Authentication... proof) throws Exception {
        WampClient client = client(path, realm, proof);
        client.connect().get(20, TimeUnit.SECONDS);
        return client;
    }

    @Test
    void applicationsCallAndPublishThroughItAndAreRefusedWhatNoPermissionAllows() throws Exception {
        offered.begin(anonymous());
        WampClient one = joined("a/s", "realm1");
        WampClient other = joined("a/s", "realm1");
        one.register("com.example.add", call -> call.arg(0, Long.class) + 1).get();
        BlockingQueue<Object> got = new LinkedBlockingQueue<>();
        one.subscribe("com.example.said", event -> got.add(event.arg(0, String.class)))
                .get();

        assertThat(other.call(Long.class, "com.example.add", 1L).get()).isEqualTo(2);
        other.publish("com.example.said", "hello").get();
        assertThat(got.poll(20, TimeUnit.SECONDS)).isEqualTo("hello");
        for (String foreign : List.of("com.other", "com.examples", "com")) {
            assertThatThrownBy(() -> other.call(foreign).get())
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            WampErrorException.class, e -> assertThat(e.uri()).isEqualTo(WampErrors.NOT_AUTHORIZED));
        }
    }

    @Test
    void eachMethodLetsInWhomItKnows() throws Exception {
        Files.writeString(directory.resolve("joe.ticket"), "from a file\n");
        KeyPair key = Ed25519.ofSeed(SEED);
        Map<String, Object> auth = Map.of(
                "ticket",
                Map.of(
                        "principals",
                        Map.of(
                                "ann", Map.of("role", "app", "ticket", "secret"),
                                "joe", Map.of("role", "app", "ticket_file", "joe.ticket"))),
                "wampcra",
                Map.of("principals", Map.of("bob", Map.of("role", "app", "secret", "shared"))),
                "cryptosign",
                Map.of(
                        "principals",
                        Map.of(
                                "c1",
                                Map.of(
                                        "authid",
                                        "client@example.com",
                                        "role",
                                        "app",
                                        "public_keys",
                                        List.of(Ed25519.hex(key.getPublic()))))));
        offered.begin(options(Map.of("realm1", realm(ALL)), Map.of("local", socket("a/s", auth))));

        joined("a/s", "realm1", Authentication.ticket("ann", "secret"));
        joined("a/s", "realm1", Authentication.ticket("joe", "from a file"));
        joined("a/s", "realm1", Authentication.wampCra("bob", "shared"));
        joined("a/s", "realm1", Authentication.cryptosign("client@example.com", key));
        Files.writeString(directory.resolve("joe.ticket"), "another one\n");
        joined("a/s", "realm1", Authentication.ticket("joe", "another one"));
        for (Authentication wrong : List.of(
                Authentication.ticket("ann", "wrong"),
                Authentication.ticket("nobody", "secret"),
                Authentication.wampCra("bob", "wrong"),
                Authentication.ticket("joe", "from a file"))) {
            assertThatThrownBy(() -> joined("a/s", "realm1", wrong)).isInstanceOf(ExecutionException.class);
        }
        assertThatThrownBy(() -> joined("a/s", "realm1"))
                .as("nobody said that anonymous sessions may come in")
                .isInstanceOf(ExecutionException.class);
        assertThat(String.valueOf(call("get_router_transport", "local")))
                .doesNotContain("secret,", "shared")
                .contains("ticket=******");
    }

    @Test
    void aPrincipalOfOneRealmIsNotKnownInAnother() throws Exception {
        Map<String, Object> auth = Map.of(
                "ticket",
                Map.of("principals", Map.of("ann", Map.of("role", "app", "ticket", "t", "realm", "com.one"))));
        Map<String, Object> one = new LinkedHashMap<>(realm(ALL));
        one.put("name", "com.one");
        offered.begin(options(Map.of("one", one, "two", realm(ALL)), Map.of("local", socket("a/s", auth))));

        joined("a/s", "com.one", Authentication.ticket("ann", "t"));
        assertThatThrownBy(() -> joined("a/s", "two", Authentication.ticket("ann", "t")))
                .isInstanceOf(ExecutionException.class);
    }

    @Test
    void elementsComeChangeAndGoWithoutASessionOfAnotherOne() throws Exception {
        offered.begin(anonymous());
        WampClient there = joined("a/s", "realm1");
        long session = there.session().id();
        Map<String, Object> less = Map.of("uri", "com.example.only", "allow", List.of("call"));
        call(
                "configure",
                options(
                        Map.of("realm1", realm(less), "more", realm(ALL)),
                        Map.of(
                                "local", socket("a/s", Map.of("anonymous", "app")),
                                "second", socket("b/s", Map.of("anonymous", "app")))));

        joined("b/s", "more");
        assertThatThrownBy(() -> there.register("com.example.x", call -> null).get())
                .hasMessageContaining(WampErrors.NOT_AUTHORIZED);
        call("configure", anonymous());
        assertThatThrownBy(() -> joined("a/s", "more")).hasMessageContaining(WampErrors.NO_SUCH_REALM);
        assertThat(directory.resolve("b/s")).doesNotExist();
        there.register("com.example.x", call -> null).get();
        assertThat(there.session().id()).isEqualTo(session);
    }

    private static int[] freePorts() throws IOException {
        try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket two = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket three = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new int[] {one.getLocalPort(), two.getLocalPort(), three.getLocalPort()};
        }
    }

    private static Map<String, Object> tcp(int port) {
        return Map.of("type", "rawsocket", "address", "127.0.0.1:" + port, "auth", Map.of("anonymous", "app"));
    }

    private static Map<String, Object> named(String name) {
        Map<String, Object> realm = new LinkedHashMap<>(realm(ALL));
        realm.put("name", name);
        return realm;
    }

    /** The kind: what one element leaves, another one takes, in whatever order their ids are. */
    @ParameterizedTest
    @CsvSource({"1 0 2, b a c", "1 2 0, b c a", "2 0 1, c a b"})
    void elementsTakeEachOthersAddressesAndNames(String ports, String names) throws Exception {
        int[] free = freePorts();
        offered.begin(options(
                Map.of("a", named("com.a"), "b", named("com.b"), "c", named("com.c")),
                Map.of("a", tcp(free[0]), "b", tcp(free[1]), "c", tcp(free[2]))));
        Map<String, Object> realms = new LinkedHashMap<>();
        Map<String, Object> transports = new LinkedHashMap<>();
        for (int i = 0; i < 3; i++) {
            String id = String.valueOf((char) ('a' + i));
            realms.put(id, named("com." + names.split(" ")[i]));
            transports.put(id, tcp(free[Integer.parseInt(ports.split(" ")[i])]));
        }
        call("configure", options(realms, transports));
        for (int i = 0; i < 3; i++) {
            String id = String.valueOf((char) ('a' + i));
            assertThat(String.valueOf(call("get_router_realm", id))).contains("name=com." + names.split(" ")[i]);
            assertThat(String.valueOf(call("get_router_transport", id)))
                    .contains("state=started")
                    .contains("address=127.0.0.1:" + free[Integer.parseInt(ports.split(" ")[i])]);
        }
    }

    /** The kind: what could not be done is not done yet; the same configuration once more tries it again. */
    @Test
    void whatCouldNotBeDoneIsTriedAgainWithTheNextConfiguration() throws Exception {
        offered.begin(anonymous());
        call("start_router_realm", "own", named("com.taken"));
        int port;
        Map<String, Object> next;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
            next = options(Map.of("realm1", realm(ALL), "late", named("com.taken")), Map.of("web", tcp(port)));
            Map<String, Object> refused = next;
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> call("configure", refused))
                        .hasMessageContaining("transport 'web'")
                        .hasMessageContaining("com.taken");
            }
        }
        call("stop_router_realm", "own");
        call("configure", next);
        assertThat(call("get_router_realms")).isEqualTo(List.of("late", "realm1"));
        assertThat(String.valueOf(call("get_router_transport", "web"))).contains("state=started");
    }

    /** The kind: the last word wins; a change of something else does not take back what was stopped by a call. */
    @Test
    void whatIsStoppedByACallStaysStoppedUntilItsOwnConfigurationChanges() throws Exception {
        Map<String, Object> other = Map.of("permissions", List.of(ALL));
        Map<String, Object> two = Map.of("roles", Map.of("app", other, "guest", other));
        Map<String, Object> local = Map.of("local", socket("a/s", Map.of("anonymous", "app")));
        offered.begin(options(Map.of("realm1", two, "gone", realm(ALL)), local));
        call("stop_router_realm_role", "realm1", "guest");
        call("stop_router_realm", "gone");
        call("configure", options(Map.of("realm1", with(two, Map.of("sessions", 7)), "gone", realm(ALL)), local));
        assertThat(call("get_router_realm_roles", "realm1")).isEqualTo(List.of("app"));
        assertThat(call("get_router_realms")).isEqualTo(List.of("realm1"));

        Map<String, Object> changed =
                Map.of("roles", Map.of("app", other, "guest", Map.of("permissions", List.of(ALL, ALL))));
        call("configure", options(Map.of("realm1", changed, "gone", realm(ALL, ALL)), local));
        assertThat(call("get_router_realm_roles", "realm1")).isEqualTo(List.of("app", "guest"));
        assertThat(call("get_router_realms")).isEqualTo(List.of("gone", "realm1"));
    }

    /** The same for one that could not be had: a call that stops it is the last word. */
    @Test
    void aTransportThatCouldNotBeHadAndIsStoppedByACallIsNotTriedAgain() throws Exception {
        Map<String, Object> realms = Map.of("realm1", realm(ALL));
        int port;
        Map<String, Object> web;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
            web = Map.of("web", tcp(port));
            Map<String, Object> refused = options(realms, web);
            assertThatThrownBy(() -> offered.begin(refused)).hasMessageContaining("transport 'web'");
        }
        call("stop_router_transport", "web");
        call("configure", options(Map.of("realm1", with(realm(ALL), Map.of("sessions", 7))), web));
        assertThat(call("get_router_transports")).isEqualTo(List.of());
    }

    @Test
    void anErrorIsAnAnswerToo() {
        assertThatThrownBy(() -> router.turn(() -> {
                            throw new StackOverflowError();
                        })
                        .get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(StackOverflowError.class);
    }

    private static Map<String, Object> with(Map<String, Object> element, Map<String, Object> limits) {
        Map<String, Object> more = new LinkedHashMap<>(element);
        more.put("limits", limits);
        return more;
    }

    @Test
    void limitsAreChangedWithoutASessionNoticingAndARefusalIsASentenceAndCounted() throws Exception {
        offered.begin(anonymous());
        WampClient there = joined("a/s", "realm1");
        long session = there.session().id();
        there.subscribe("com.example.a", event -> {}).get();
        call(
                "configure",
                options(
                        Map.of("realm1", with(realm(ALL), Map.of("subscriptions", 1, "sessions", 1))),
                        Map.of(
                                "local",
                                with(
                                        socket("a/s", Map.of("anonymous", "app")),
                                        Map.of("message", "1KiB", "connections", 5)))));
        assertThatThrownBy(() -> there.subscribe("com.example.b", event -> {}).get())
                .hasMessageContaining("this session has 1 subscriptions, and may have no more");
        assertThatThrownBy(() -> joined("a/s", "realm1"))
                .hasMessageContaining("the realm has 1 sessions, and may have no more");
        assertThat(String.valueOf(call("get_sessions"))).contains("refused=1");
        assertThat(String.valueOf(call("get_router"))).contains("limited=2");
        assertThat(String.valueOf(call("get_router_realm", "realm1"))).contains("subscriptions=1", "calls=10000");
        assertThat(String.valueOf(call("get_router_transport", "local"))).contains("limits.message=1KiB");

        assertThat(call("figures"))
                .asString()
                .contains("joined=1", "limited=2", "realms={realm1={sessions=1, registrations=0, subscriptions=1")
                .contains("received_per_sec=");
        assertThat(String.valueOf(call("get_router_realm", "realm1"))).contains("figures={sessions=1");

        call("configure", anonymous());
        there.subscribe("com.example.b", event -> {}).get();
        joined("a/s", "realm1");
        assertThat(there.session().id()).isEqualTo(session);
    }

    @Test
    void whatIsStartedByACallStaysThroughAChangeAndCanBeStopped() throws Exception {
        offered.begin(anonymous());
        call("start_router_realm", "own", realm(ALL));
        call("start_router_transport", "own", socket("own/s", Map.of("anonymous", "guest")));
        call("start_router_realm_role", "own", "guest", Map.of("permissions", List.of(ALL)));
        call("configure", options(Map.of(), Map.of()));

        assertThat(call("get_router_realms")).isEqualTo(List.of("own"));
        assertThat(call("get_router_transports")).isEqualTo(List.of("own"));
        assertThat(call("get_router_realm_roles", "own")).isEqualTo(List.of("app", "guest"));
        WampClient guest = joined("own/s", "own");
        assertThat((List<?>) call("get_sessions", "own")).hasSize(1);
        assertThat(call("kill_by_authid", "own", guest.session().authid())).isEqualTo(1);
        call("stop_router_realm_role", "own", "guest");
        call("stop_router_transport", "own");
        call("stop_router_realm", "own");
        assertThat(call("get_router_realms")).isEqualTo(List.of());
        assertThat(events)
                .anyMatch(event -> event.startsWith("on_realm_stopped") && event.contains("own"))
                .anyMatch(event -> event.startsWith("on_transport_stopped") && event.contains("own"));
    }

    @Test
    void aPrincipalThatIsTakenAwayHasItsSessionEndedAndOthersGoOn() throws Exception {
        Map<String, Object> ann = Map.of("role", "app", "ticket", "a");
        Map<String, Object> bob = Map.of("role", "app", "ticket", "b");
        offered.begin(options(
                Map.of("realm1", realm(ALL)),
                Map.of(
                        "local",
                        socket("a/s", Map.of("ticket", Map.of("principals", Map.of("ann", ann, "bob", bob)))))));
        WampClient stays = joined("a/s", "realm1", Authentication.ticket("ann", "a"));
        WampClient goes = joined("a/s", "realm1", Authentication.ticket("bob", "b"));
        call(
                "configure",
                options(
                        Map.of("realm1", realm(ALL)),
                        Map.of("local", socket("a/s", Map.of("ticket", Map.of("principals", Map.of("ann", ann)))))));

        await().until(() -> goes.session() == null);
        assertThat(stays.session()).isNotNull();
    }

    @Test
    void aTransportThatCannotListenIsToldAndTheOthersAreThere() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Map<String, Object> web =
                    Map.of("address", "127.0.0.1:" + taken.getLocalPort(), "auth", Map.of("anonymous", "app"));
            assertThatThrownBy(() -> offered.begin(options(
                            Map.of("realm1", realm(ALL)),
                            Map.of("a", web, "b", socket("b/s", Map.of("anonymous", "app"))))))
                    .hasMessageContaining("transport 'a'");
            joined("b/s", "realm1");
            assertThat(String.valueOf(call("get_router_transport", "a"))).contains("state=failed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"start_router_realm", "get_router_realm", "stop_router_realm", "stop_router_transport"})
    void whatIsWrongWithACallIsSaid(String operation) {
        assertThatThrownBy(() -> call(operation)).hasMessageContaining("'").hasMessageContaining("is missing");
        assertThatThrownBy(() -> call(operation, "no.name", Map.of("roles", 1)))
                .hasMessageContaining(WampErrors.INVALID_ARGUMENT);
    }
}
