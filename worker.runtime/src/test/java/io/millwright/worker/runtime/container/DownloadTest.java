package io.millwright.worker.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bundles by {@code https:} from a real server with a certificate of a made-up authority, in a JVM of their own that knows it, as
 * {@code jvm.options} of a worker say, or does not.
 */
class DownloadTest {
    private static final String HASH = "1e6ed65d77d6364eeaed5a745ba5c4985ae2b700dd85d7cf7f027bdf294a33fc";
    private static final String PASSWORD = "changeit";

    @TempDir
    static Path certificates;

    @TempDir
    Path dir;

    private HttpsServer server;

    @BeforeAll
    static void certify() throws Exception {
        keytool(
                "-genkeypair",
                "-keystore",
                "ca.p12",
                "-alias",
                "ca",
                "-dname",
                "CN=Nobody",
                "-keyalg",
                "EC",
                "-ext",
                "bc:c");
        keytool("-exportcert", "-keystore", "ca.p12", "-alias", "ca", "-file", "ca.crt");
        keytool("-importcert", "-noprompt", "-keystore", "trusted.p12", "-alias", "ca", "-file", "ca.crt");
        keytool(
                "-genkeypair",
                "-keystore",
                "server.p12",
                "-alias",
                "server",
                "-dname",
                "CN=localhost",
                "-keyalg",
                "EC");
        keytool("-certreq", "-keystore", "server.p12", "-alias", "server", "-file", "server.csr");
        keytool(
                "-gencert",
                "-keystore",
                "ca.p12",
                "-alias",
                "ca",
                "-infile",
                "server.csr",
                "-outfile",
                "server.crt",
                "-ext",
                "san=dns:localhost");
        keytool("-importcert", "-noprompt", "-keystore", "server.p12", "-alias", "ca", "-file", "ca.crt");
        keytool("-importcert", "-noprompt", "-keystore", "server.p12", "-alias", "server", "-file", "server.crt");
    }

    @BeforeEach
    void open() throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(
                KeyStore.getInstance(certificates.resolve("server.p12").toFile(), PASSWORD.toCharArray()),
                PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        answer("/a.jar", 200, "bundle", null);
        answer("/another.jar", 200, "another", null);
        answer("/moved.jar", 302, "", "/a.jar");
        answer("/plain.jar", 302, "", "http://localhost:1/a.jar");
        server.start();
    }

    private void answer(String path, int status, String body, String location) {
        server.createContext(path, exchange -> {
            if (location != null) {
                exchange.getResponseHeaders().add("Location", location);
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storepass", PASSWORD));
        assertThat(run(command, certificates)).as(String.join(" ", command)).startsWith("0");
    }

    /** Its exit code and what it has printed. */
    private static String run(List<String> command, Path folder) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() + " " + printed.strip();
    }

    /** What the JVM does that {@link #run} starts. */
    public static void main(String[] arguments) {
        try {
            System.out.println(new BundleFiles(Path.of(""), Path.of("m2"), BundleFiles::connect, () -> Path.of(""))
                    .find(arguments[0], HASH));
        } catch (IOException e) {
            System.out.println(e.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "true, a.jar, cache/downloads/" + HASH + ".jar",
        "true, moved.jar, cache/downloads/" + HASH + ".jar",
        "true, plain.jar, the answer is 302",
        "true, none.jar, the answer is 404",
        "true, another.jar, has not the hash that is given",
        "false, a.jar, unable to find valid certification path"
    })
    void aBundleIsTakenFromAServerThatIsTrusted(boolean trusted, String file, String outcome) throws Exception {
        String address = "https://localhost:" + server.getAddress().getPort() + "/" + file;
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path")));
        if (trusted) {
            command.add("-Djavax.net.ssl.trustStore=" + certificates.resolve("trusted.p12"));
            command.add("-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
        }
        command.addAll(List.of(DownloadTest.class.getName(), address));
        assertThat(run(command, dir)).startsWith("0 ").contains(outcome);
        Path kept = dir.resolve("cache/downloads");
        assertThat(Files.isDirectory(kept) ? kept.toFile().list() : new String[0])
                .hasSize(outcome.startsWith("cache") ? 1 : 0);
    }
}
