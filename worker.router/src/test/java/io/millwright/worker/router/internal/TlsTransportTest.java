package io.millwright.worker.router.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.wamp.client.Transports;
import io.millwright.wamp.client.WampClient;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A transport under TLS, with our own client. */
@Timeout(120)
class TlsTransportTest {
    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir
    Path directory;

    private final List<WampClient> clients = new ArrayList<>();
    private AppRouter router;
    private int port;

    @BeforeEach
    void begin() throws Exception {
        router = new AppRouter(directory, (realm, worker, ticket) -> null, (topic, told) -> {});
        make("first");
        make("second");
        Files.copy(directory.resolve("first.p12"), directory.resolve("door.p12"));
        Files.writeString(directory.resolve("password"), "password\n");
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Map<String, Object> all = Map.of("uri", "com.example", "match", "prefix", "allow", List.of("call", "register"));
        new RouterOperations(router)
                .begin(Map.of(
                        "realms",
                        Map.of("realm1", Map.of("roles", Map.of("app", Map.of("permissions", List.of(all))))),
                        "transports",
                        Map.of(
                                "door",
                                Map.of(
                                        "type",
                                        "rawsocket",
                                        "address",
                                        "127.0.0.1:" + port,
                                        "tls",
                                        Map.of("key", "door.p12", "password_file", "password"),
                                        "auth",
                                        Map.of("anonymous", "app")))));
    }

    @AfterEach
    void end() {
        clients.forEach(WampClient::close);
        router.close();
    }

    private void make(String name) throws Exception {
        Process tool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "a",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "SAN=IP:127.0.0.1",
                        "-validity",
                        "10",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        directory.resolve(name + ".p12").toString(),
                        "-storepass",
                        "password")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(tool.waitFor()).isZero();
    }

    /** A client that has joined and trusts one certificate alone. */
    private WampClient joined(String trusted) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(directory.resolve(trusted + ".p12"))) {
            store.load(in, PASSWORD);
        }
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        authorities.setCertificateEntry("a", store.getCertificate("a"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        WampClient client = WampClient.builder(Transports.tls("127.0.0.1", port, context))
                .realm("realm1")
                .build();
        clients.add(client);
        client.connect().get(20, TimeUnit.SECONDS);
        return client;
    }

    @Test
    void aRenewedCertificateIsShownToWhoComesAndLeavesTheOthersAlone() throws Exception {
        WampClient before = joined("first");
        before.register("com.example.p", call -> 42).get(20, TimeUnit.SECONDS);
        assertThatThrownBy(() -> joined("second")).hasMessageContaining("certification path");

        Path renewed = Files.copy(directory.resolve("second.p12"), directory.resolve("door.new"));
        Files.move(renewed, directory.resolve("door.p12"), StandardCopyOption.REPLACE_EXISTING);

        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> joined("second") != null);
        WampClient after = clients.get(clients.size() - 1);
        assertThat(after.call(Integer.class, "com.example.p").get(20, TimeUnit.SECONDS))
                .isEqualTo(42);
        assertThatThrownBy(() -> joined("first")).hasMessageContaining("certification path");
        assertThat(before.call(Integer.class, "com.example.p").get(20, TimeUnit.SECONDS))
                .isEqualTo(42);
    }

    @Test
    void aCertificateThatCannotBeReadLeavesTheOneBefore() throws Exception {
        joined("first");
        Files.writeString(directory.resolve("door.p12"), "no store of keys");
        await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(60)).until(() -> joined("first") != null);
    }
}
