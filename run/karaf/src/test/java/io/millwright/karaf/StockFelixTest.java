package io.millwright.karaf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;

/** The distribution's bundles in a Felix that is already running, one by one, without our launcher. */
class StockFelixTest {
    private static final String READY =
            "(&(objectClass=org.osgi.service.condition.Condition)(osgi.condition.id=io.millwright.node.ready))";

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aGuestRunsThoughTheBundlesComeInNoParticularOrder(long seed) throws Exception {
        Path node = Files.createDirectories(temp.resolve("node"));
        Path pidFile = temp.resolve("pid");
        Files.writeString(
                node.resolve("node.json"),
                """
                {"version": 2, "workers": [{"type": "guest", "id": "one",
                  "executable": "/bin/sh", "arguments": ["-c", "echo $$ > '%s.new'; mv '%s.new' '%s'; exec sleep 904"]}]}
                """
                        .formatted(pidFile, pidFile, pidFile));
        Framework framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        temp.resolve("cache").toString(),
                        "org.ops4j.pax.logging.DefaultServiceLog.level",
                        "ERROR",
                        "millwright.dir",
                        node.toString()));
        framework.start();
        long pid;
        try {
            List<Bundle> bundles = new ArrayList<>();
            for (Path jar : jars(seed)) {
                bundles.add(
                        framework.getBundleContext().installBundle(jar.toUri().toString()));
            }
            for (Bundle bundle : bundles) {
                bundle.start();
            }
            await("the node is ready", () -> framework.getBundleContext().getAllServiceReferences(null, READY) != null);
            await("the guest runs", () -> Files.exists(pidFile));
            pid = Long.parseLong(Files.readString(pidFile).strip());
            assertThat(ProcessHandle.of(pid)).isPresent();
        } finally {
            framework.stop();
            assertThat(framework.waitForStop(60_000).getType()).isEqualTo(FrameworkEvent.STOPPED);
        }
        assertThat(ProcessHandle.of(pid)).as("the guest").isEmpty();
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
