package io.millwright.config.file.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.ConfigurationSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** The component in a framework: its service, and every way a file changes while it is there. */
@Tag("long")
class FileMonitorTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path storage;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path parent;

    private final StubController controller = new StubController();

    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private FelixConfigAdmin configAdmin;

    @SuppressWarnings("NullAway.Init")
    private ConfigFileComponent component;

    @BeforeEach
    void start() throws Exception {
        directory = parent.resolve("node");
        configAdmin = new FelixConfigAdmin(storage, Map.of("millwright.dir", directory.toString()));
    }

    @AfterEach
    void stop() throws Exception {
        component.deactivate();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("millwright-config-file"));
        configAdmin.close();
        controller.close();
    }

    private void activate() {
        component = new ConfigFileComponent(configAdmin.context(), controller.service(), configAdmin.admin());
    }

    private static String node(String... ids) {
        StringBuilder text = new StringBuilder("{\"version\": 2, \"workers\": [");
        for (int i = 0; i < ids.length; i++) {
            text.append(i == 0 ? "" : ", ")
                    .append("{\"type\": \"guest\", \"executable\": \"/x\", \"id\": \"" + ids[i] + "\"}");
        }
        return text.append("]}").toString();
    }

    private void awaitWorkers(String... ids) {
        await().atMost(LONG).untilAsserted(() -> assertThat(configAdmin.all().keySet())
                .containsExactly(java.util.Arrays.stream(ids)
                        .map(id -> "io.millwright.worker.guest~" + id)
                        .toArray(String[]::new)));
    }

    private ConfigurationSource service() {
        BundleContext context = configAdmin.context();
        ServiceReference<ConfigurationSource> reference = context.getServiceReference(ConfigurationSource.class);
        return Objects.requireNonNull(context.getService(Objects.requireNonNull(reference)));
    }

    @Test
    void theServiceComesAfterTheTranslationAndGoes() throws Exception {
        Files.createDirectory(directory);
        Files.writeString(directory.resolve("node.json"), node("a"));
        activate();
        assertThat(configAdmin.all()).hasSize(1);
        assertThat(service().name()).isEqualTo("node.json");
        component.deactivate();
        assertThat(configAdmin.context().getServiceReference(ConfigurationSource.class))
                .isNull();
        assertThat(configAdmin.all()).hasSize(1);
        activate();
    }

    @Test
    void writtenRenamedOverAndRemovedFilesAreSeen() throws Exception {
        Files.createDirectory(directory);
        Path file = directory.resolve("node.json");
        Files.writeString(file, node("a"));
        activate();
        Files.writeString(file, node("a", "b"));
        awaitWorkers("a", "b");

        Path fresh = directory.resolve("node.json.tmp");
        Files.writeString(fresh, node("c"));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        awaitWorkers("c");

        Files.writeString(file, "{");
        await().atMost(LONG).until(() -> service().problems().size() == 1);
        awaitWorkers("c");

        Files.delete(file);
        Files.writeString(directory.resolve("node.yaml"), node("d"));
        awaitWorkers("d");
        await().atMost(LONG).until(() -> service().name().equals("node.yaml"));
        assertThat(service().problems()).isEmpty();

        Files.delete(directory.resolve("node.yaml"));
        awaitWorkers();
    }

    @Test
    void aFileThatIsRemovedAndMadeAgainStopsNothing() throws Exception {
        Files.createDirectory(directory);
        Path file = directory.resolve("node.json");
        Files.writeString(file, node("a", "z"));
        activate();
        Map<String, Long> before = configAdmin.changeCounts();
        Files.delete(file);
        Files.writeString(file, node("a", "b", "z"));
        awaitWorkers("a", "b", "z");
        assertThat(configAdmin.changeCounts()).containsAllEntriesOf(before);
    }

    @Test
    void aSwappedLinkIsSeen() throws Exception {
        // As a Kubernetes ConfigMap is updated: node.json -> ..data/node.json, ..data -> ..1, then ..2.
        Files.createDirectories(directory.resolve("..1"));
        Files.createDirectories(directory.resolve("..2"));
        Files.writeString(directory.resolve("..1/node.json"), node("a"));
        Files.writeString(directory.resolve("..2/node.json"), node("b"));
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("..1"));
        Files.createSymbolicLink(directory.resolve("node.json"), Path.of("..data/node.json"));
        activate();
        awaitWorkers("a");
        Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of("..2"));
        Files.move(
                directory.resolve("..data_tmp"),
                directory.resolve("..data"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        awaitWorkers("b");
    }

    @Test
    void aLinkedFileElsewhereIsSeenWithoutEvents() throws Exception {
        Files.createDirectory(directory);
        Path elsewhere = parent.resolve("elsewhere.json");
        Files.writeString(elsewhere, node("a"));
        Files.createSymbolicLink(directory.resolve("node.json"), elsewhere);
        activate();
        awaitWorkers("a");
        Files.writeString(elsewhere, node("a", "b"));
        awaitWorkers("a", "b");
    }

    @Test
    void otherFilesOfTheDirectoryAreNoReasonToReadIt() throws Exception {
        Files.createDirectory(directory);
        Files.writeString(directory.resolve("node.json"), node("a"));
        AtomicInteger readings = new AtomicInteger();
        try (FileMonitor monitor = new FileMonitor(directory, NodeFile.stamp(directory), readings::incrementAndGet)) {
            assertThat(monitor).isNotNull();
            Files.writeString(directory.resolve("output.of.a.worker"), "x");
            await().during(Duration.ofSeconds(1)).atMost(LONG).until(() -> readings.get() == 0);
            Files.writeString(directory.resolve("node.json"), node("b"));
            await().atMost(LONG).until(() -> readings.get() == 1);
        }
        activate();
    }

    @Test
    void aDirectoryThatComesLaterIsSeen() throws Exception {
        activate();
        assertThat(service().problems()).isEmpty();
        Files.createDirectory(directory);
        Files.writeString(directory.resolve("node.json"), node("a"));
        awaitWorkers("a");
    }
}
