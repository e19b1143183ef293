package io.millwright.karaf;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.wamp.client.Transports;
import io.millwright.wamp.client.WampClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;

/** The distribution's bundles in a Felix that is already running, one by one, without our launcher. */
class StockFelixTest {
    private static final String READY =
            "(&(objectClass=org.osgi.service.condition.Condition)(osgi.condition.id=io.millwright.node.ready))";

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aGuestRunsThoughTheBundlesComeInNoParticularOrder(long seed) throws Exception {
        Path pidFile = temp.resolve("pid");
        Framework framework = start(
                seed,
                Map.of(),
                """
                {"version": 2, "workers": [{"type": "guest", "id": "one",
                  "executable": "/bin/sh", "arguments": ["-c", "echo $$ > '%s.new'; mv '%s.new' '%s'; exec sleep 904"]}]}
                """
                        .formatted(pidFile, pidFile, pidFile));
        long pid;
        try {
            await("the node is ready", () -> isReady(framework));
            await("the guest runs", () -> Files.exists(pidFile));
            pid = Long.parseLong(Files.readString(pidFile).strip());
            assertThat(ProcessHandle.of(pid)).isPresent();
        } finally {
            framework.stop();
            assertThat(framework.waitForStop(60_000).getType()).isEqualTo(FrameworkEvent.STOPPED);
        }
        assertThat(ProcessHandle.of(pid)).as("the guest").isEmpty();
    }

    /** The node ends with its only worker; whether the framework follows is for the scope to say, and else for Karaf. */
    @ParameterizedTest
    @CsvSource({"false, '', true", "true, '', false", "true, framework, true", "false, workers, false"})
    void theFrameworkFollowsTheNodeWhereTheScopeSaysSo(boolean karaf, String scope, boolean follows) throws Exception {
        Path go = temp.resolve("go");
        Framework framework = start(
                1,
                karaf ? Map.of("karaf.data", temp.toString()) : Map.of(),
                """
                {"version": 2,
                 "controller": {"options": {"shutdown": "shutdown_on_last_worker_exit" %s}},
                 "workers": [{"type": "guest", "id": "one",
                   "executable": "/bin/sh", "arguments": ["-c", "while [ ! -e '%s' ]; do sleep 0.05; done"]}]}
                """
                        .formatted(scope.isEmpty() ? "" : ", \"shutdown.scope\": \"" + scope + "\"", go));
        try {
            await("the node is ready", () -> isReady(framework));
            Files.createFile(go);
            if (follows) {
                assertThat(framework.waitForStop(60_000).getType()).isEqualTo(FrameworkEvent.STOPPED);
            } else {
                await("the node is down", () -> !isReady(framework));
                assertThat(framework.waitForStop(1_000).getType()).isEqualTo(FrameworkEvent.WAIT_TIMEDOUT);
            }
        } finally {
            framework.stop();
            framework.waitForStop(60_000);
        }
    }

    /**
     * Felix's own Gogo, with its shell, beside our commands, whichever came first. Gogo takes a bare word for whatever command of that
     * name it meets first; with its SCOPE set, as run/README.md says, none of Felix's is shadowed.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void felixsOwnGogoHasItsCommandsAndOurs(boolean gogoFirst) throws Exception {
        Framework framework = start(Map.of("gosh.args", "--nointeractive"), "{\"version\": 2}", withOwnGogo(gogoFirst));
        try {
            await("the node is ready", () -> isReady(framework));
            GogoSession gogo = new GogoSession(framework.getBundleContext());
            await("the commands", () -> gogo.run("worker:types").contains("guest"));
            gogo.run("SCOPE = 'felix:gogo:*'");
            assertThat(gogo.run("worker:start w guest -- /bin/sleep 906")).contains("w started");
            assertThat(gogo.run("worker:list")).contains("ID", "w ", "started");
            assertThat(gogo.run("worker:list | grep started"))
                    .contains("w ", "started")
                    .doesNotContain("ID");
            assertThat(gogo.run("node:status")).contains("ready");
            assertThat(gogo.run("worker:start --help")).contains("usage: worker:start");
            assertThat(gogo.run("worker:wait none")).contains("no_such_worker");
            assertThat(gogo.run("lb -s")).contains("io.millwright.controller.impl");
            assertThat(gogo.run("stop")).contains("specify the bundles to stop");
            assertThat(gogo.run("start")).doesNotContain("worker");
            assertThat(gogo.run("log")).doesNotContain("worker:log");
            assertThat(gogo.run("history")).doesNotContain("worker");
            assertThat(gogo.run("help start")).contains("scope: felix");
            assertThat(gogo.run("worker:stop w")).contains("w stopped");
        } finally {
            framework.stop();
            framework.waitForStop(60_000);
        }
    }

    /** The distribution's bundles but its Gogo, as run/README.md says, and Felix's own before or after them. */
    private static List<Path> withOwnGogo(boolean first) throws Exception {
        List<Path> gogo =
                new ArrayList<>(jars(1).stream().filter(StockFelixTest::isGogo).toList());
        gogo.add(Path.of(Class.forName("org.apache.felix.gogo.shell.Activator")
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI()));
        List<Path> all =
                new ArrayList<>(jars(1).stream().filter(jar -> !isGogo(jar)).toList());
        all.addAll(first ? 0 : all.size(), gogo);
        return all;
    }

    private static boolean isGogo(Path jar) {
        return jar.getFileName().toString().startsWith("org.apache.felix.gogo.");
    }

    /** A JVM and a container belong to the controller: their types come and go as they like. */
    @Test
    void nativeWorkersGoOnWhileTheirTypesAreStoppedUpdatedAndUninstalled() throws Exception {
        Path classes = Path.of(
                Waits.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Framework framework = start(
                1,
                Map.of(),
                """
                {"version": 2, "workers": [
                  {"type": "java", "id": "nat", "main": "%1$s", "readiness": "main", "classpath": ["%2$s"]},
                  {"type": "container", "id": "box", "classpath": ["%2$s"], "components": [{"id": "part", "class": "%1$s"}]}]}
                """
                        .formatted(Waits.class.getName(), classes));
        try {
            await("the node is ready", () -> isReady(framework));
            Path socket = temp.resolve("node/run/wamp.sock");
            await("its socket", () -> Files.exists(socket));
            try (WampClient client = WampClient.builder(Transports.unix(socket))
                    .realm("millwright")
                    .build()) {
                client.connect().get();
                await("both are started", () -> isStarted(client, "nat") && isStarted(client, "box"));
                List<Object> pids = pids(client);
                Bundle types = bundle(framework, "io.millwright.worker.native");
                List<BundleChange> changes = List.of(
                        Bundle::stop, Bundle::start, Bundle::update, Bundle::stop, Bundle::update, Bundle::uninstall);
                for (BundleChange change : changes) {
                    change.make(types);
                    assertThat(pids(client)).isEqualTo(pids);
                    assertThat(component(client).get("state")).isEqualTo("started");
                }
                refresh(framework);
                assertThat(pids(client)).isEqualTo(pids);
                for (String id : List.of("nat", "box")) {
                    Map<?, ?> stopped =
                            client.call(Map.class, "millwright.stop_worker", id).get();
                    assertThat(((Map<?, ?>) stopped.get("exit")).get("class")).isEqualTo("requested");
                    assertThat(((Map<?, ?>) stopped.get("exit")).get("code")).isEqualTo(0L);
                }
                assertThat(pids).allMatch(pid -> ProcessHandle.of((Long) pid).isEmpty());
            }
        } finally {
            framework.stop();
            framework.waitForStop(60_000);
        }
    }

    /** Something that happens to a bundle. */
    private interface BundleChange {
        void make(Bundle bundle) throws Exception;
    }

    private static void refresh(Framework framework) throws Exception {
        CountDownLatch refreshed = new CountDownLatch(1);
        framework.adapt(FrameworkWiring.class).refreshBundles(null, event -> refreshed.countDown());
        assertThat(refreshed.await(60, TimeUnit.SECONDS)).isTrue();
    }

    private static Bundle bundle(Framework framework, String name) {
        return Stream.of(framework.getBundleContext().getBundles())
                .filter(bundle -> name.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElseThrow();
    }

    private static Map<?, ?> worker(WampClient client, String id) throws Exception {
        return client.call(Map.class, "millwright.get_worker", id).get();
    }

    private static boolean isStarted(WampClient client, String id) throws Exception {
        return "started".equals(worker(client, id).get("status"));
    }

    private static List<Object> pids(WampClient client) throws Exception {
        return List.of(worker(client, "nat").get("pid"), worker(client, "box").get("pid"));
    }

    private static Map<?, ?> component(WampClient client) throws Exception {
        return client.call(Map.class, "millwright.worker.box.get_component", "part")
                .get();
    }

    private Framework start(long seed, Map<String, String> properties, String nodeFile) throws Exception {
        return start(properties, nodeFile, jars(seed));
    }

    private Framework start(Map<String, String> properties, String nodeFile, List<Path> jars) throws Exception {
        Path node = Files.createDirectories(temp.resolve("node"));
        Files.writeString(node.resolve("node.json"), nodeFile);
        Map<String, String> configuration = new HashMap<>(properties);
        configuration.put(Constants.FRAMEWORK_STORAGE, temp.resolve("cache").toString());
        configuration.put("org.ops4j.pax.logging.DefaultServiceLog.level", "ERROR");
        configuration.put("millwright.dir", node.toString());
        Framework framework = new FrameworkFactory().newFramework(configuration);
        framework.start();
        List<Bundle> bundles = new ArrayList<>();
        for (Path jar : jars) {
            bundles.add(framework.getBundleContext().installBundle(jar.toUri().toString()));
        }
        for (Bundle bundle : bundles) {
            bundle.start();
        }
        return framework;
    }

    private static boolean isReady(Framework framework) throws InvalidSyntaxException {
        return framework.getBundleContext().getAllServiceReferences(null, READY) != null;
    }

    private static List<Path> jars(long seed) throws Exception {
        try (Stream<Path> files = Files.walk(Path.of(System.getProperty("distribution"), "bundle"))) {
            List<Path> jars =
                    new ArrayList<>(files.filter(file -> file.toString().endsWith(".jar"))
                            .sorted()
                            .toList());
            assertThat(jars).isNotEmpty();
            Collections.shuffle(jars, new Random(seed));
            return jars;
        }
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(60));
        while (!condition.call()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
