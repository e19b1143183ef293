package io.millwright.controller.internal.process.portable;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.internal.process.tree.ProcessTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A backend for a test, whose processes are ended after it; nothing may be left then. */
final class BackendFixture implements BeforeEachCallback, AfterEachCallback {
    final ProcessTable table = ProcessTable.ofThisSystem();
    final String nonce = nonce();
    private final List<Running> started = new ArrayList<>();
    private @Nullable PortableBackend backend;
    private @Nullable Path directory;

    static String nonce() {
        return "test" + UUID.randomUUID().toString().replace("-", "");
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        directory = Files.createTempDirectory("run");
        backend = new PortableBackend(nonce, directory, Duration.ofSeconds(2));
    }

    PortableBackend backend() {
        return Objects.requireNonNull(backend);
    }

    Path directory() {
        return Objects.requireNonNull(directory);
    }

    Running sh(String script) throws IOException {
        return keep(Running.sh(backend(), "w" + started.size(), script));
    }

    Running start(LaunchPlan plan) throws IOException {
        return keep(Running.start(backend(), "w" + started.size(), plan));
    }

    Running keep(Running running) {
        started.add(running);
        return running;
    }

    List<Long> alive() throws IOException {
        return alive(table, nonce);
    }

    static List<Long> alive(ProcessTable table, String nonce) throws IOException {
        return table.list().stream()
                .filter(entry ->
                        !entry.zombie() && table.tag(entry.pid()).node().equals(nonce))
                .map(entry -> entry.pid())
                .toList();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (Running running : started) {
            Running.get(running.process().endTree());
            running.exit();
            Running.get(running.process().groupGone());
        }
        long watchdog = backend().watchdogPid();
        backend().close();
        assertThat(alive()).isEmpty();
        assertThat(ProcessHandle.of(watchdog).filter(ProcessHandle::isAlive)).isEmpty();
        for (Running running : started) {
            assertThat(running.surprises).isEmpty();
        }
        try (var files = Files.walk(directory())) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
