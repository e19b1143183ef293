package io.millwright.worker.router.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millwright.wamp.WampErrorException;
import io.millwright.wamp.client.Publication;
import io.millwright.wamp.client.Transports;
import io.millwright.wamp.client.WampClient;
import io.millwright.wamp.message.Payload;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Applications with others' clients, each in a process of its own, through a router of options: the scripts are those of the listeners' tests. A
 * test of a client that is not there is skipped.
 */
@Timeout(120)
class ForeignApplicationsTest {
    private static final Path SCRIPTS = Path.of("../wamp.net/src/test/resources/foreign");
    private static final String SECRET = "joe's secret";
    private static final String SEED = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private static final String PUBLIC = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";

    @TempDir
    Path directory;

    private AppRouter router;
    private WampClient provider;
    private int port;

    @BeforeEach
    void open() throws Exception {
        router = new AppRouter(directory, (realm, worker, ticket) -> null, (topic, told) -> {});
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        List<Object> permissions = new ArrayList<>();
        for (String prefix : List.of("test", "client")) {
            permissions.add(Map.of(
                    "uri", prefix, "match", "prefix", "allow", List.of("call", "register", "publish", "subscribe")));
        }
        Map<String, Object> auth = Map.of(
                "anonymous", "all",
                "ticket", one("ticket", SECRET),
                "wampcra", one("secret", SECRET),
                "cryptosign", one("public_keys", List.of(PUBLIC)));
        new RouterOperations(router)
                .begin(Map.of(
                        "realms", Map.of("realm", Map.of("roles", Map.of("all", Map.of("permissions", permissions)))),
                        "transports",
                                Map.of(
                                        "web", Map.of("address", "127.0.0.1:" + port, "auth", auth),
                                        "raw", Map.of("type", "rawsocket", "path", "s/sock", "auth", auth))));
        provide();
    }

    private static Map<String, Object> one(String key, Object value) {
        return Map.of("principals", Map.of("joe", Map.of("role", "all", key, value)));
    }

    private void provide() throws Exception {
        provider = WampClient.builder(Transports.unix(directory.resolve("s/sock")))
                .realm("realm")
                .build();
        provider.connect().get(20, TimeUnit.SECONDS);
        provider.register("test.echo", call -> call.payload()).get();
        provider.register("test.count", call -> {
                    long last = call.arg(0, Long.class);
                    for (long i = 0; i < last; i++) {
                        call.progress(i);
                    }
                    return last;
                })
                .get();
        provider.register("test.ask", call -> provider.call(Object.class, call.arg(0, String.class), 20, 22))
                .get();
        provider.register("test.tell", call -> {
                    provider.publish(Publication.of("test.topic").payload(call.payload()));
                    return Payload.EMPTY;
                })
                .get();
        provider.register("test.fail", call -> {
                    throw new WampErrorException("test.error", "as asked");
                })
                .get();
    }

    @AfterEach
    void close() {
        provider.close();
        router.close();
    }

    @ParameterizedTest
    @CsvSource({
        "autobahn_python.py, msgpack, anonymous",
        "autobahn_python.py, json, ticket",
        "autobahn_python.py, msgpack, wampcra",
        "autobahn_python.py, json, cryptosign",
        "autobahn_js.js, json, ticket",
        "autobahn_js.js, msgpack, wampcra",
        "autobahn_js.js, cbor, cryptosign",
        "wampy.js, json, anonymous",
        "wampy.js, msgpack, ticket",
        "wampy.js, cbor, wampcra",
    })
    void anApplicationDoesAllItCanAndIsRefusedWhatItMayNot(String script, String serializer, String method)
            throws Exception {
        String address =
                script.endsWith(".py") ? directory.resolve("s/sock").toString() : "ws://127.0.0.1:" + port + "/ws";
        String secret = method.equals("cryptosign") ? SEED : SECRET;
        List<String> lines = run(script, address, serializer, method, secret, "drive");
        assertThat(lines)
                .contains("own 5", "asked 42", "echo", "error wamp.error.not_authorized", "error test.error")
                .anyMatch(line -> line.matches("joined (joe|anonymous-\\w+) all " + method))
                .anyMatch(line -> line.startsWith("event ") && line.contains("zwö") && line.contains("1.5"))
                .anyMatch(line -> line.replace(" ", "").equals("parts[0,1,2,3,4]5"))
                .noneMatch(line -> line.startsWith("failed"));
    }

    private static List<String> run(String script, String... arguments) throws IOException, InterruptedException {
        assumeTrue(Files.exists(SCRIPTS.resolve(script)), "SKIPPED: no " + SCRIPTS);
        List<String> command = new ArrayList<>(
                List.of(interpreter(script), SCRIPTS.resolve(script).toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            process.waitFor();
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }

    /** The first interpreter of the path that has the client's package; skips the test if there is none. */
    private static String interpreter(String script) throws IOException, InterruptedException {
        Map<String, List<String>> checks = new HashMap<>();
        checks.put("autobahn_python.py", List.of("python3", "-c", "import autobahn.twisted.component, umsgpack, nacl"));
        checks.put("autobahn_js.js", List.of("node", "-e", "require('autobahn')"));
        checks.put("wampy.js", List.of("node", "-e", "require('wampy')"));
        List<String> check = checks.get(script);
        for (String folder : System.getenv("PATH").split(File.pathSeparator)) {
            Path program = Path.of(folder).resolve(check.get(0));
            List<String> command = new ArrayList<>(check);
            command.set(0, program.toString());
            if (Files.isExecutable(program)
                    && new ProcessBuilder(command)
                                    .redirectErrorStream(true)
                                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                    .start()
                                    .waitFor()
                            == 0) {
                return program.toString();
            }
        }
        assumeTrue(false, "SKIPPED: no " + check.get(0) + " of the PATH has the client of " + script);
        throw new IllegalStateException();
    }
}
