package io.millwright.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes under a manager that reads as systemd does. The kind: a message that is of no use to systemd, because its sender is not
 * the main process or is gone, because it says the wrong thing, or because it comes too late for a limit of the unit.
 */
@EnabledOnOs(OS.LINUX)
class ServiceManagerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path temp;

    private FakeInstallation installation;
    private FakeSystemd systemd;
    private Process process;

    @BeforeEach
    void install() throws IOException {
        installation = new FakeInstallation(temp.resolve("home"));
        systemd = new FakeSystemd(temp.resolve("notify"));
    }

    @AfterEach
    void end() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
        systemd.close();
    }

    private void start(Path node) throws IOException {
        ProcessBuilder launcher = installation.launcher(temp, "run", node.toString());
        launcher.environment().put("NOTIFY_SOCKET", temp.resolve("notify").toString());
        process = launcher.start();
    }

    private void stop() throws Exception {
        // Destroying is TERM.
        process.destroy();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private void untilSeen(String state) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(systemd.seen(process.pid())).last().isEqualTo(state));
    }

    @Test
    void aNodeSaysItselfThatItIsReadyAndThatItStops() throws Exception {
        start(installation.node(temp.resolve("node"), "stay"));
        untilSeen("active");
        assertThat(systemd.messages()).first().satisfies(message -> assertThat(message.text())
                .isEqualTo("READY=1\nMAINPID=" + process.pid() + "\nSTATUS=ready"));
        stop();
        untilSeen("deactivating");
        assertThat(systemd.messages()).allMatch(message -> message.pid() == process.pid());
        assertThat(systemd.seen(process.pid())).containsExactly("activating", "active", "deactivating");
    }

    @Test
    void aRestartIsAReload() throws Exception {
        Path node = installation.node(temp.resolve("node"), "again");
        start(node);
        untilSeen("active");
        Files.createFile(node.resolve("again"));
        untilSeen("reloading");
        await().atMost(PATIENCE).until(() -> systemd.extension("restarting") > 0);
        Files.createFile(node.resolve("release"));
        untilSeen("active");
        stop();
        assertThat(systemd.seen(process.pid()))
                .containsExactly("activating", "active", "reloading", "active", "deactivating");
    }

    @Test
    void aSignalDuringARestartIsAStop() throws Exception {
        Path node = installation.node(temp.resolve("node"), "again wedge");
        start(node);
        untilSeen("active");
        Files.createFile(node.resolve("again"));
        untilSeen("reloading");
        process.destroy();
        untilSeen("deactivating");
        Files.createFile(node.resolve("release"));
        stop();
        assertThat(systemd.seen(process.pid())).containsExactly("activating", "active", "reloading", "deactivating");
    }

    @Test
    void limitsAreExtendedWhileWorkersStartAndStop() throws Exception {
        Path node = installation.node(temp.resolve("node"), "slow wedge");
        start(node);
        await().atMost(PATIENCE).until(() -> systemd.extension("starting") >= 15_000_000);
        Files.createFile(node.resolve("release"));
        untilSeen("active");
        Files.delete(node.resolve("release"));
        process.destroy();
        await().atMost(PATIENCE).until(() -> systemd.extension("stopping") >= 15_000_000);
        Files.createFile(node.resolve("release"));
        stop();
        assertThat(systemd.seen(process.pid())).containsExactly("activating", "active", "deactivating");
    }

    /** Nobody waits for a worker: a node that hangs must run into the manager's limit. */
    @Test
    void aNodeThatWaitsForNoWorkerGetsNoExtension() throws Exception {
        Path node = installation.node(temp.resolve("node"), "stay");
        Files.createFile(node.resolve("release"));
        start(node);
        untilSeen("active");
        stop();
        assertThat(systemd.extension("")).isZero();
    }

    @Test
    void anAbstractSocketAndOneThatIsNotThere() throws Exception {
        NotifySocket missing = new NotifySocket(temp.resolve("none").toString());
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> missing.send(List.of("READY=1")))
                .isInstanceOf(IOException.class);
        NotifySocket abstractName = new NotifySocket("@millwright-nobody-listens-here");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> abstractName.send(List.of("READY=1")))
                .hasMessageContaining("refused");
        NotifySocket tooLong = new NotifySocket("/" + "x".repeat(107));
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> tooLong.send(List.of("READY=1")))
                .hasMessageContaining("107");
    }
}
