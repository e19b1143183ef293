package io.millwright.controller.internal.process.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.internal.process.ProcessBackend;
import io.millwright.controller.internal.process.orphan.Leftovers;
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
public final class BackendFixture implements BeforeEachCallback, AfterEachCallback {
    public final ProcessTable table = ProcessTable.ofThisSystem();
    public final String nonce = nonce();
    private final List<Running> started = new ArrayList<>();
    private final Kind kind;
    private @Nullable ProcessBackend backend;
    private @Nullable Path directory;

    /** A fixture for one kind of backend. */
    public BackendFixture(Kind kind) {
        this.kind = kind;
    }

    public static String nonce() {
        return "test" + UUID.randomUUID().toString().replace("-", "");
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        assumeTrue(kind.isExpected(), "not on this machine");
        directory = Files.createTempDirectory("run");
        backend = kind.open(nonce, directory, Duration.ofSeconds(2));
    }

    public ProcessBackend backend() {
        return Objects.requireNonNull(backend);
    }

    public Path directory() {
        return Objects.requireNonNull(directory);
    }

    public Running sh(String script) throws IOException {
        return keep(Running.sh(backend(), "w" + started.size(), script));
    }

    public Running start(LaunchPlan plan) throws IOException {
        return keep(Running.start(backend(), "w" + started.size(), plan));
    }

    public Running keep(Running running) {
        started.add(running);
        return running;
    }

    static long watchdogPid(Path runDirectory) throws IOException {
        if (!Files.exists(runDirectory.resolve(Leftovers.WATCHDOG_FILE))) {
            return 0;
        }
        return Long.parseLong(
                Files.readString(runDirectory.resolve(Leftovers.WATCHDOG_FILE)).split(" ")[0]);
    }

    public List<Long> alive() throws IOException {
        return alive(table, nonce);
    }

    public static List<Long> alive(ProcessTable table, String nonce) throws IOException {
        return table.list().stream()
                .filter(entry ->
                        !entry.zombie() && table.tag(entry.pid()).node().equals(nonce))
                .map(entry -> entry.pid())
                .toList();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        if (backend == null) {
            return;
        }
        for (Running running : started) {
            Running.get(running.process().endTree());
            running.exit();
            Running.get(running.process().groupGone());
        }
        long watchdog = watchdogPid(directory());
        backend().close();
        assertThat(alive()).isEmpty();
        assertThat(ProcessHandle.of(watchdog).filter(ProcessHandle::isAlive)).isEmpty();
        for (Running running : started) {
            assertThat(running.surprises).isEmpty();
        }
        try (var files = Files.walk(directory())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
