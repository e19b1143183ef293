package io.millwright.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as a process: a real framework, real signals and exit codes. */
@Timeout(120)
@Tag("long")
class LauncherProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path temp = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private FakeInstallation installation;

    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void install() throws IOException {
        installation = new FakeInstallation(temp.resolve("home with a space+plus"));
    }

    @AfterEach
    void endProcesses() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    private Process launch(String... arguments) throws IOException {
        Process process = installation.launcher(temp, arguments).start();
        processes.add(process);
        return process;
    }

    private int exitCode(Process process) throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private String err() throws IOException {
        return Files.readString(temp.resolve("err"));
    }

    private String out() throws IOException {
        return Files.readString(temp.resolve("out"));
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return "";
        }
    }

    private Process readyNode(Path node, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(List.of(options));
        arguments.add(node.toString());
        Process process = launch(arguments.toArray(String[]::new));
        await().atMost(PATIENCE).until(() -> read(node.resolve("run/ready")).startsWith(process.pid() + " "));
        return process;
    }

    private static void signal(String name, Process process) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("sh", "-c", "kill -s " + name + " " + process.pid())
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void eachSignalEndsTheNodeInOrder() throws Exception {
        for (String name : List.of("INT", "TERM", "HUP")) {
            Path node = installation.node(temp.resolve(name), "stay");
            Process process = readyNode(node);
            assertThat(read(node.resolve("run/pid"))).isEqualTo(process.pid() + "\n");
            signal(name, process);
            assertThat(exitCode(process)).isZero();
            assertThat(read(node.resolve("marks"))).isEqualTo("started lock=launcher debug=null\nstopped\n");
            assertThat(node.resolve("run/pid")).doesNotExist();
            assertThat(node.resolve("run/ready")).doesNotExist();
            assertThat(err()).contains("SIG" + name + ": stopping");
        }
    }

    @Test
    void foldersHaveTheirModes() throws Exception {
        Path node = installation.node(temp.resolve("node"), "stay");
        Files.createDirectory(
                node.resolve("key"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Process process = readyNode(node, "--debug-lifecycle");
        for (String name : List.of("run", "key", "config")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(node.resolve(name))))
                    .as(name)
                    .isEqualTo("rwx------");
        }
        assertThat(node.resolve("etc")).isDirectory();
        assertThat(node.resolve("deploy")).isDirectory();
        assertThat(read(node.resolve("marks"))).contains("debug=true");
        signal("TERM", process);
        assertThat(exitCode(process)).isZero();
    }

    @Test
    void aSecondNodeIsRefusedNamingTheFirst() throws Exception {
        Path node = installation.node(temp.resolve("node"), "stay");
        Process first = readyNode(node);
        Process second = launch("run", node.toString());
        assertThat(exitCode(second)).isEqualTo(1);
        assertThat(err()).contains("already runs").contains("pid " + first.pid());
        // The refused one must not have taken anything from the first.
        assertThat(read(node.resolve("run/pid"))).isEqualTo(first.pid() + "\n");
        assertThat(node.resolve("run/ready")).exists();
        signal("TERM", first);
        assertThat(exitCode(first)).isZero();
    }

    @Test
    void aKilledNodeLeavesNoLock() throws Exception {
        Path node = installation.node(temp.resolve("node"), "stay");
        Process first = readyNode(node);
        first.destroyForcibly().waitFor();
        Process second = readyNode(node);
        signal("TERM", second);
        assertThat(exitCode(second)).isZero();
    }

    @Test
    void theDoorDecidesTheExitCode() throws Exception {
        Path node = installation.node(temp.resolve("node"), "exit 1");
        assertThat(exitCode(launch("run", node.toString()))).isEqualTo(1);
        assertThat(err()).contains("the controller ends with 1");
        assertThat(read(node.resolve("marks"))).endsWith("stopped\n");
        installation.node(node, "exit 0");
        assertThat(exitCode(launch("run", node.toString()))).isZero();
    }

    @Test
    void aRestartIsAFreshFrameworkInTheSameProcess() throws Exception {
        Path node = installation.node(temp.resolve("node"), "restart");
        Process process = launch("run", node.toString());
        await().atMost(PATIENCE).until(() -> read(node.resolve("run/ready")).equals(process.pid() + " 2\n"));
        signal("TERM", process);
        assertThat(exitCode(process)).isZero();
        String life = "started lock=launcher debug=null\nstopped\n";
        assertThat(read(node.resolve("marks"))).isEqualTo(life + life);
    }

    @Test
    void classesComeFromTheClassPathIfItHasThem() throws Exception {
        Path node = installation.node(temp.resolve("node"), "where, exit 0");
        assertThat(exitCode(launch("run", node.toString()))).isZero();
        installation.onClassPath = true;
        assertThat(exitCode(launch("run", node.toString()))).isZero();
        FakeInstallation.bundle(installation.home.resolve("bundle/2/fake.jar"), "fake.controller", "1.0.1.changed");
        assertThat(exitCode(launch("run", node.toString()))).isZero();
        // One that came later: bundles that are on it never see bundles that are not, so all of them come from the
        // framework.
        FakeInstallation.bundle(installation.home.resolve("bundle/2/other.jar"), "other", "1");
        assertThat(exitCode(launch("run", node.toString()))).isZero();
        assertThat(read(node.resolve("marks")).lines().filter(line -> !line.startsWith("st")))
                .startsWith(
                        "framework 1.0.0", "class path 1.0.0", "class path 1.0.1.changed", "framework 1.0.1.changed");
        assertThat(err()).doesNotContain("ERROR").doesNotContain("not usable");
    }

    @Test
    void aRestartTakesUpAJarThatWasReplacedOnTheClassPath() throws Exception {
        installation.onClassPath = true;
        Path node = installation.node(temp.resolve("node"), "where, restart, replace");
        FakeInstallation.bundle(node.resolve("new.jar"), "fake.controller", "1.0.1.changed");
        Process process = launch("run", node.toString());
        await().atMost(PATIENCE).until(() -> read(node.resolve("run/ready")).equals(process.pid() + " 2\n"));
        signal("TERM", process);
        assertThat(exitCode(process)).isZero();
        String started = "started lock=launcher debug=null\n";
        assertThat(read(node.resolve("marks")))
                .isEqualTo(started + "class path 1.0.0\nstopped\n" + started + "framework 1.0.1.changed\nstopped\n");
    }

    @Test
    void aControllerThatDoesNotStartFailsTheNode() throws Exception {
        Path node = installation.node(temp.resolve("node"), "fail");
        assertThat(exitCode(launch("run", node.toString()))).isEqualTo(1);
        assertThat(err()).contains("fake.controller").contains("told to fail");
    }

    @Test
    void aLongStopSaysWhatItWaitsFor() throws Exception {
        Path node = installation.node(temp.resolve("node"), "wedge");
        Process process = readyNode(node);
        signal("INT", process);
        await().atMost(PATIENCE).until(() -> err().contains("stopping the node"));
        await().atMost(PATIENCE).until(() -> {
            signal("HUP", process);
            return err().contains("already stopping; waiting for fake.controller");
        });
        await().atMost(PATIENCE).until(() -> err().contains("still stopping after"));
        assertThat(process.isAlive()).isTrue();
        Files.createFile(node.resolve("release"));
        assertThat(exitCode(process)).isZero();
    }

    /** The kind: an operator waits for a node that stops and wants it to end now. Any two of INT and TERM say so. */
    @Test
    void aSecondSignalKillsWhatTheNodeWaitsFor() throws Exception {
        for (String signals : List.of("INT INT", "TERM TERM", "HUP INT", "INT TERM")) {
            Path node = installation.node(temp.resolve(signals), "wedge");
            Process process = readyNode(node);
            signal(signals.split(" ")[0], process);
            await().atMost(PATIENCE).until(() -> Files.exists(node.resolve("run/stopping")));
            await().atMost(PATIENCE).until(() -> err().contains("stopping the node"));
            signal(signals.split(" ")[1], process);
            assertThat(exitCode(process)).isZero();
            assertThat(err()).contains("already stopping; workers that are left are killed");
            assertThat(read(node.resolve("marks"))).endsWith("killed\nstopped\n");
            assertThat(node.resolve("run/stopping")).doesNotExist();
        }
    }

    /** The kind: what only tells of the node's state cannot be written; it goes another way, or the start is refused in words. */
    @Test
    void aReadyFileThatCannotBeWrittenIsNoReasonNotToBeReady() throws Exception {
        Path node = installation.node(temp.resolve("node"), "stay");
        Files.createDirectories(node.resolve("run/ready.new"));
        Process process = readyNode(node);
        signal("TERM", process);
        assertThat(exitCode(process)).isZero();
        Files.createDirectories(node.resolve("run/ready/full"));
        assertThat(exitCode(launch("run", node.toString()))).isEqualTo(1);
        assertThat(err()).contains(node.resolve("run/ready").toString());
    }

    @Test
    void aChangedJarIsTakenUpAndAMovedInstallationToo() throws Exception {
        Path node = installation.node(temp.resolve("node"), "exit 0");
        assertThat(exitCode(launch("run", node.toString()))).isZero();
        FakeInstallation.bundle(installation.home.resolve("bundle/2/fake.jar"), "fake.controller", "1.0.1.changed");
        assertThat(exitCode(launch("run", node.toString()))).isZero();
        Path moved = temp.resolve("moved");
        Files.move(installation.home, moved);
        installation = new FakeInstallation(moved);
        assertThat(exitCode(launch("run", node.toString()))).isZero();
        assertThat(err()).doesNotContain("ERROR").doesNotContain("not usable");
        assertThat(read(node.resolve("cache/framework.bundles")))
                .contains("moved")
                .doesNotContain("plus");
        assertThat(read(node.resolve("marks")).split("started", -1)).hasSize(4);
    }

    @Test
    void aBrokenCacheIsReplaced() throws Exception {
        Path node = installation.node(temp.resolve("node"), "exit 0");
        assertThat(exitCode(launch("run", node.toString()))).isZero();
        Path cache = node.resolve("cache/framework");
        Folders.delete(cache);
        Files.writeString(cache, "no folder");
        assertThat(exitCode(launch("run", node.toString()))).isZero();
        assertThat(err()).contains("not usable");
    }

    @Test
    void checkPrintsTheVerdictAndWritesNothing() throws Exception {
        Path good = installation.node(temp.resolve("good"), "fine");
        assertThat(exitCode(launch("check", good.toString()))).isZero();
        assertThat(out()).isEqualTo("it is good\n");
        try (var files = Files.list(good)) {
            assertThat(files).containsExactly(good.resolve("node.json"));
        }
        Path bad = installation.node(temp.resolve("bad"), "bad");
        assertThat(exitCode(launch("check", bad.toString()))).isEqualTo(1);
        assertThat(err()).isEqualTo("it is bad\n");
        try (var files = Files.list(temp)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("millwright-check"));
        }
    }

    @Test
    void checkGoesBesideARunningNode() throws Exception {
        Path node = installation.node(temp.resolve("node"), "stay");
        Process process = readyNode(node);
        assertThat(exitCode(launch("check", node.toString()))).isZero();
        assertThat(node.resolve("run/ready")).exists();
        signal("TERM", process);
        assertThat(exitCode(process)).isZero();
    }

    @Test
    void checkCanBeInterrupted() throws Exception {
        Path node = installation.node(temp.resolve("node"), "mute");
        Process process = launch("check", node.toString());
        await().atMost(PATIENCE).until(() -> {
            // Before the handler is there the signal would end the JVM with its own code.
            try (var files = Files.list(temp)) {
                return files.anyMatch(file -> Files.exists(file.resolve("framework.bundles")));
            }
        });
        // Destroying is TERM, and harmless once the process is gone.
        await().atMost(PATIENCE).until(() -> {
            process.destroy();
            return !process.isAlive();
        });
        assertThat(process.exitValue()).isIn(1, 143);
    }

    @Test
    void badCommandLinesAndDirectories() throws Exception {
        assertThat(exitCode(launch("walk"))).isEqualTo(2);
        assertThat(err()).contains("unknown command 'walk'");
        Path empty = Files.createDirectory(temp.resolve("empty"));
        assertThat(exitCode(launch("run", empty.toString()))).isEqualTo(1);
        assertThat(err()).contains("no configuration").contains("millwright init " + empty);
    }
}
