package io.millwright.itest;

import static io.millwright.itest.Fixture.await;
import static io.millwright.itest.Fixture.get;
import static io.millwright.itest.Fixture.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.StopOptions;
import io.millwright.controller.api.WorkerSelector;
import io.millwright.controller.api.WorkerState;
import io.millwright.wamp.client.Authentication;
import io.millwright.wamp.client.CallRequest;
import io.millwright.wamp.client.Transport;
import io.millwright.wamp.client.Transports;
import io.millwright.wamp.client.WampClient;
import io.millwright.wamp.client.WampClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;

/** The node over WAMP: real sessions on its Unix socket and on listeners that come and go. */
class RemoteTest {
    @InjectBundleContext
    BundleContext context;

    @InjectService
    NodeController controller;

    @InjectService
    ConfigurationAdmin admin;

    private Fixture node;
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<Configuration> configurations = new ArrayList<>();

    @BeforeEach
    void ready() {
        node = Fixture.ready(context, controller);
        await("the socket is there", () -> Files.exists(socket()));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        for (Configuration one : configurations) {
            one.delete();
        }
        get(controller.stopWorkers(WorkerSelector.ALL, StopOptions.KILL, Fixture.ME));
    }

    private Path socket() {
        return Path.of(controller.getStatus().directory().toString(), "run", "wamp.sock");
    }

    private WampClient client(Transport transport, Authentication authentication) {
        WampClientBuilder builder = WampClient.builder(transport)
                .realm("millwright")
                .reconnect(Duration.ofMillis(20), Duration.ofMillis(200));
        WampClient client = authentication == null
                ? builder.build()
                : builder.authentication(authentication).build();
        open.add(client);
        return client;
    }

    private WampClient joined() throws Exception {
        WampClient client = client(Transports.unix(socket()), null);
        client.connect().get();
        return client;
    }

    private void configure(String factory, String name, Map<String, Object> properties) throws IOException {
        Configuration configuration = admin.getFactoryConfiguration(factory, name, "?");
        Dictionary<String, Object> dictionary = new Hashtable<>(properties);
        configuration.update(dictionary);
        configurations.add(configuration);
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }

    /** The kind: what is in the way of a listener goes, and it listens; nobody has to touch its configuration. */
    @Test
    void aListenerWhoseAddressIsTakenIsThereOnceItIsFree() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
            configure(
                    "io.millwright.remote.listener", "late", Map.of("address", "127.0.0.1:" + port, "auth", "ticket"));
            await("doctor knows", () -> controller.doctor().stream()
                    .anyMatch(finding -> finding.subject().equals("remote listener late")
                            && finding.what().contains("tried again")));
        }
        await("it listens", () -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        });
        await("doctor is content", () -> controller.doctor().stream()
                .noneMatch(finding -> finding.subject().equals("remote listener late")));
    }

    @Test
    void limitsComeAndGoWithTheirConfigurationAndCutNobody() throws Exception {
        WampClient client = joined();
        client.subscribe("millwright.on_ready", event -> {}).get();
        long session = client.session().id();
        Configuration limits = admin.getConfiguration("io.millwright.remote", "?");
        configurations.add(limits);
        limits.update(new Hashtable<>(Map.of("limits.subscriptions", 1, "limits.sessions", 1)));
        await("a subscription is refused", () -> {
            try {
                client.subscribe("millwright.on_shutdown", event -> {})
                        .get()
                        .unsubscribe()
                        .get();
                return false;
            } catch (ExecutionException e) {
                return e.getMessage().contains("this session has 1 subscriptions, and may have no more");
            }
        });
        // One that reconnects would try until there is a place.
        WampClient another = WampClient.builder(Transports.unix(socket()))
                .realm("millwright")
                .build();
        open.add(another);
        assertThatThrownBy(() -> another.connect().get())
                .hasMessageContaining("the realm has 1 sessions, and may have no more");
        limits.update(new Hashtable<>(Map.of("limits.subscription", 2)));
        limits.update(new Hashtable<>(Map.of("limits.subscriptions", 2)));
        await("a subscription is taken", () -> {
            try {
                client.subscribe("millwright.on_shutdown", event -> {}).get();
                return true;
            } catch (ExecutionException e) {
                return false;
            }
        });
        joined();
        assertThat(client.session().id()).isEqualTo(session);
    }

    @Test
    void aClientStartsAWorkerHearsOfItReadsItsLogAndStopsIt() throws Exception {
        WampClient client = joined();
        WampClient watcher = joined();
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        watcher.subscribe(
                        "millwright.on_worker_",
                        Map.of("match", "prefix"),
                        event -> heard.add(event.topic().substring("millwright.on_worker_".length())))
                .get();
        List<String> progress = Collections.synchronizedList(new ArrayList<>());
        CallRequest start = CallRequest.of("millwright.start_worker")
                .args("far", "guest", script("echo hello; exec sleep 60"))
                .onProgress(part ->
                        progress.add(String.valueOf(part.arg(0, Map.class).get("status"))));
        Map<?, ?> started = client.call(start).get().arg(0, Map.class);
        assertThat(started.get("status")).isEqualTo("started");
        assertThat(started.get("who")).isEqualTo("remote:" + System.getProperty("user.name"));
        assertThat(progress).containsExactly("starting");
        await("its line", () -> client.call(List.class, "millwright.get_worker_log", "far")
                .get()
                .toString()
                .contains("hello"));
        assertThatThrownBy(() -> client.call(Map.class, "millwright.start_worker", "far", "guest", script("true"))
                        .get())
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("worker_already_running");
        Map<?, ?> stopped =
                client.call(Map.class, "millwright.stop_worker", "far").get();
        assertThat(stopped.get("id")).isEqualTo("far");
        await("the watcher has heard all", () -> heard.contains("exited"));
        assertThat(heard).containsExactly("starting", "started", "stop_requested", "stopping", "exited");
        client.call(Map.class, "millwright.get_status").get();
        assertThat(node.state("far")).isEqualTo(WorkerState.EXITED);
    }

    @Test
    void workersLiveOnAndClientsComeBackWhileTheBundlesAreStoppedAndStarted() throws Exception {
        WampClient client = joined();
        List<Object> heard = Collections.synchronizedList(new ArrayList<>());
        client.subscribe(
                        "millwright.on_worker_exited",
                        event -> heard.add(event.arg(0, Map.class).get("worker_id")))
                .get();
        client.call(Map.class, "millwright.start_worker", "stays", "guest", script("exec sleep 60"))
                .get();
        long pid = node.awaitStarted("stays");
        for (String name : List.of("remote.wamp", "wamp.net", "wamp.router")) {
            Bundle bundle = node.bundle("io.millwright." + name);
            bundle.stop();
            if (name.equals("remote.wamp")) {
                assertThat(Files.exists(socket())).isFalse();
            }
            bundle.start();
            await("the client is back", () -> answers(client));
            assertThat(node.info("stays").pid()).isEqualTo(pid);
        }
        heard.clear();
        client.call(Map.class, "millwright.stop_worker", "stays").get();
        await("the subscription is back", () -> heard.contains("stays"));
        assertThat(threads()).as("one thread of the sockets").isEqualTo(1);
    }

    private static boolean answers(WampClient client) {
        try {
            return client.call(Map.class, "millwright.get_status").get() != null;
        } catch (ExecutionException notYet) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("millwright-wamp"))
                .count();
    }

    @Test
    void aListenerAndItsPrincipalsComeAndGo() throws Exception {
        int port = freePort();
        Path ticket = Path.of(controller.getStatus().directory().toString(), "watch.ticket");
        Files.writeString(ticket, "s3cret\n");
        configure("io.millwright.remote.principal", "watch", Map.of("role", "observer", "ticketFile", "watch.ticket"));
        configure("io.millwright.remote.listener", "lan", Map.of("address", "127.0.0.1:" + port, "auth", new String[] {
            "ticket", "wampcra"
        }));
        try {
            WampClient watcher = client(Transports.tcp("127.0.0.1", port), Authentication.ticket("watch", "s3cret"));
            await("it is let in", () -> isIn(watcher));
            assertThat(watcher.call(Map.class, "millwright.get_status").get()).containsKey("state");
            assertThatThrownBy(() -> watcher.call(Map.class, "millwright.start_worker", "x", "guest", Map.of())
                            .get())
                    .hasMessageContaining("not_authorized");
            assertThatThrownBy(() -> client(Transports.tcp("127.0.0.1", port), Authentication.ticket("watch", "wrong"))
                            .connect()
                            .get())
                    .hasMessageContaining("authentication_failed");
            assertThatThrownBy(() -> client(Transports.tcp("127.0.0.1", port), Authentication.anonymous())
                            .connect()
                            .get())
                    .hasMessageContaining("no_auth_method");
            WampClient local = joined();
            configurations.remove(0).delete();
            await("the session of the revoked one is over", () -> !answers(watcher));
            assertThat(answers(local)).isTrue();
        } finally {
            Files.delete(ticket);
        }
    }

    private static boolean isIn(WampClient client) throws InterruptedException {
        try {
            return client.connect().get() != null;
        } catch (ExecutionException notYet) {
            return false;
        }
    }

    @Test
    void stoppingTheBundleGivesTheSocketAndItsThreadsBack() throws BundleException {
        Bundle bundle = node.bundle("io.millwright.remote.wamp");
        bundle.stop();
        try {
            assertThat(Files.exists(socket())).isFalse();
            await("its threads are gone", () -> threads() == 0);
        } finally {
            bundle.start();
        }
        await("the socket is back", () -> Files.exists(socket()));
    }
}
