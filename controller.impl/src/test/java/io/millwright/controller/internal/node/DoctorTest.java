package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.ME;
import static io.millwright.controller.internal.node.TestNode.get;
import static io.millwright.controller.internal.node.TestNode.id;
import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millwright.controller.api.ConfigurationSource;
import io.millwright.controller.api.Finding;
import io.millwright.controller.api.Finding.Severity;
import io.millwright.controller.api.NodeController;
import io.millwright.controller.api.NodeState;
import io.millwright.controller.api.Problem;
import io.millwright.controller.api.ShutdownRequest;
import io.millwright.controller.api.Signal;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.WorkerSpec;
import io.millwright.controller.api.WorkerState;
import io.millwright.controller.internal.configured.Configured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each fault is made for real, and the doctor is asked. The kind: something is not as it should be, and nothing says so. */
@Tag("long")
class DoctorTest {
    @TempDir
    Path temp;

    private TestNode node;

    @BeforeEach
    void open() throws IOException {
        node = new TestNode(temp.resolve("node"));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private List<Finding> about(String subject) {
        return node.controller.doctor().stream()
                .filter(finding -> finding.subject().contains(subject))
                .toList();
    }

    private Finding find(String subject) {
        List<Finding> found = about(subject);
        assertThat(found).as(subject + " in " + node.controller.doctor()).hasSize(1);
        return found.get(0);
    }

    @Test
    void nothingIsWrongWithANodeThatIsWell() {
        node.start("w", script("echo x; exec sleep 60"));
        assertThat(node.controller.doctor().stream()
                        .filter(finding -> !finding.subject().equals("process backend")))
                .isEmpty();
    }

    @Test
    void aPluginThatCannotBeUsedIsNamedUntilItIsGone() {
        node.node.problems().set(this, List.of("bundle x offers a launch customizer without a name"));
        assertThat(find("plug-in").what()).contains("without a name");
        node.node.problems().forget(this);
        assertThat(about("plug-in")).isEmpty();
    }

    /** What nobody starts again is not well, though nothing waits or is tried. */
    @Test
    void aConfiguredWorkerThatHasGivenUpIsNamed() {
        Map<String, Object> policy = Map.of("policy", "always", "delay", 0, "limit", 1, "on_limit", "fail");
        configure(script("exit 3", "restart", policy));
        node.awaitState("w", WorkerState.EXITED);
        await().until(() ->
                node.controller.doctor().toString().contains("has ended with an error and is not restarted"));
        assertThat(node.controller.doctor()).singleElement().satisfies(finding -> {
            assertThat(finding.what()).contains("restart.limit");
            assertThat(finding.remedy()).contains("worker:start w");
        });
        // A change in place says nothing else of it.
        configure(script("exit 3", "restart", policy, "log.ring", 7));
        await().until(() -> "7".equals(String.valueOf(node.info("w").options().get("log.ring"))));
        assertThat(node.info("w").reason()).contains("restart.limit");
        node.node.unconfigure("io.millwright.worker.guest~w");
        await().until(() -> node.controller.doctor().isEmpty());
    }

    @Test
    void aWorkerThatIsRestartedAllTheTimeIsNamed() {
        node.start("loop", script("exit 3", "restart", Map.of("policy", "always", "delay", 0, "max", 0)));
        // A machine that stands still for a moment makes a pause in the loop.
        Finding finding = await().until(
                        () -> about("worker loop").stream()
                                .filter(one -> one.what().contains("again and again"))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
        assertThat(finding.severity()).isEqualTo(Severity.ERROR);
        assertThat(finding.what())
                .containsPattern(
                        "is restarted at once again and again: [0-9]+ restarts since 2[-0-9T:]+Z, about [0-9]+ a second")
                .endsWith("its last end: exit code 3");
        assertThat(finding.remedy()).contains("restart.delay and restart.max above 0", "worker:stop loop");
        node.stop("loop");
        assertThat(node.controller.doctor().toString()).doesNotContain("again and again");
    }

    /** Kind: what is not as its configuration says stays named, whatever becomes of the worker meanwhile, until that is taken. */
    @ParameterizedTest
    @ValueSource(strings = {"wrong option", "no program"})
    void aChangeThatWasRefusedIsNamedUntilItIsTaken(String wrong) {
        Map<String, Object> good = script("exec sleep 60", "restart", Map.of("policy", "always", "delay", 0));
        Map<String, Object> bad = new HashMap<>(good);
        bad.put(wrong.equals("wrong option") ? "stop.timout" : "executable", "/no/such/program");
        configure(good);
        node.awaitState("w", WorkerState.STARTED);
        configure(bad);
        String what = "is not as its configuration asks: its changed configuration was refused: ";
        await().until(() -> about("worker w").toString().contains(what));

        get(node.controller.signalWorker(id("w"), Signal.KILL, ME));
        await().until(() -> node.info("w").restarts() == 1 && node.info("w").status() == WorkerState.STARTED);
        assertThat(find("worker w").what()).startsWith(what);
        get(node.controller.restartWorker(id("w"), ME));
        assertThat(find("worker w").what()).startsWith(what);
        assertThat(node.info("w").reason()).startsWith("its changed configuration was refused: ");

        configure(good);
        await().until(() -> about("worker w").isEmpty());
        assertThat(node.info("w").reason()).isNull();
    }

    private void configure(Map<String, Object> options) {
        node.node.configure(
                new Configured("io.millwright.worker.guest~w", "node.json", WorkerSpec.of(id("w"), "guest", options)));
    }

    @Test
    void theDelaysThereAreByDefaultAreNoLoop() {
        node.start("w", script("exit 3", "restart.policy", "always"));
        await().until(() -> node.info("w").restarts() >= 5);
        assertThat(node.controller.doctor().toString()).doesNotContain("again and again");
    }

    /** Of two sources one is broken: what the other one has found is told all the same. */
    @Test
    void otherBundlesSayWhatIsWrongWithThem() {
        node.node
                .findingSources()
                .set(List.of(
                        new FindingSources.Source(
                                "remote", () -> List.of(Finding.error("listener lan", "is deaf", "free its port"))),
                        new FindingSources.Source("broken", () -> {
                            throw new IllegalStateException("no idea");
                        })));
        assertThat(find("listener lan").what()).isEqualTo("is deaf");
        assertThat(find("bundle broken").what()).contains("could not be asked").contains("no idea");
        node.node.findingSources().set(List.of());
        assertThat(about("listener lan")).isEmpty();
    }

    @Test
    void aSourceOfFindingsThatIsLateIsOneOfThem() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        node.node.findingSources().set(List.of(new FindingSources.Source("stuck", () -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return List.of();
        })));
        try {
            assertThat(find("bundle stuck").what()).contains("could not be asked");
        } finally {
            end.countDown();
        }
    }

    @Test
    void manyCrashersAreOneFinding() {
        for (int i = 0; i < 7; i++) {
            node.start(
                    "c" + i, script("exit 3", "restart.policy", "always", "restart.delay", "1h", "restart.max", "1h"));
        }
        for (int i = 0; i < 7; i++) {
            node.awaitState("c" + i, WorkerState.BACKOFF);
        }
        Finding finding = find("7 workers");
        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
        assertThat(finding.what())
                .startsWith("wait for their next start: c0, c1, c2, c3, c4 and 2 more; c0: last exit: code 3 (error)")
                .contains(String.join("; ", node.info("c0").why()));
        assertThat(finding.workers()).hasSize(7).contains(new WorkerId("c6"));
        assertThat(finding.remedy()).contains("worker:why ID for each");
    }

    @Test
    void lostLogLinesAreToldAndWhy() throws Exception {
        Path log = node.directory.resolve("log/workers/w.log");
        assertThat(new ProcessBuilder("mkfifo", log.toString()).start().waitFor())
                .isZero();
        node.start("w", script("echo one; echo two; exec sleep 60"));
        node.awaitLog("w", "two");
        await().until(() -> !about("worker w").isEmpty());
        assertThat(find("worker w").what())
                .contains("2 lines (8 bytes) of its log file are lost")
                .contains("it is a FIFO");
        assertThat(about("worker w")).hasSize(1);
        assertThat(node.info("w").why().toString()).contains("2 lines (8 bytes)", "it is a FIFO");
        assertThat(node.controller.listWorkers(NodeController.Scope.ALL).get(0).reason())
                .contains("it is a FIFO");
    }

    @Test
    void filesThatAreNotWatchedAreTold() {
        node.start("w", script("exec sleep 60", "watch.directories", List.of(temp.toString())));
        await().until(() -> !about("worker w").isEmpty());
        assertThat(find("worker w").severity()).isEqualTo(Severity.ERROR);
        assertThat(find("worker w").what())
                .isEqualTo("its files are not watched: no file watcher is installed")
                .isEqualTo(node.info("w").why().get(0));
    }

    @Test
    void aRefusedSourceIsTold() {
        ConfigurationSource source = new ConfigurationSource() {
            @Override
            public String name() {
                return "node.json";
            }

            @Override
            public List<Problem> problems() {
                return List.of(Problem.definition("", "is missing").at("workers[0].id", 12));
            }
        };
        node.node.sources().set(List.of(new Sources.Source("test", source)));
        assertThat(find("configuration node.json").what()).isEqualTo("was refused: line 12: workers[0].id: is missing");
    }

    /** What the doctor and the check mode ask is the same. */
    @Test
    void aRefusedConfigurationOfTheNodeItselfIsToldUntilItIsTaken() {
        node.node.setOptions(Map.of("shutdwn.triggers", "x"));
        Finding finding = find("configuration io.millwright.controller");
        assertThat(finding.severity()).isEqualTo(Severity.ERROR);
        assertThat(finding.what()).startsWith("was refused: shutdwn.triggers: ");
        assertThat(node.node.sources().reports()).singleElement().satisfies(report -> assertThat(report.required())
                .isFalse());
        node.node.setOptions(Map.of("shutdown.triggers", "x"));
        assertThat(about("configuration")).isEmpty();
        assertThat(node.node.sources().reports()).isEmpty();
    }

    /** The kind: a restart that would end a good node, because what it boots from is refused. */
    @ParameterizedTest
    @CsvSource({"true, true, true", "true, false, false", "false, true, false"})
    void aNodeThatWouldNotBootAgainIsNotRestarted(boolean wrong, boolean required, boolean refused) {
        ConfigurationSource source = new ConfigurationSource() {
            @Override
            public String name() {
                return "node.json";
            }

            @Override
            public List<Problem> problems() {
                return wrong ? List.of(Problem.definition("workers[0].id", "is taken")) : List.of();
            }

            @Override
            public boolean isRequired() {
                return required;
            }
        };
        node.node.sources().set(List.of(new Sources.Source("test", source)));
        node.start("w", script("exec sleep 60"));
        var restart = node.controller.shutdown(ShutdownRequest.RESTART, TestNode.ME);
        if (refused) {
            assertThatThrownBy(() -> TestNode.get(restart))
                    .hasMessageContaining("would not start again")
                    .hasMessageContaining("node.json");
            assertThat(node.info("w").status()).isEqualTo(WorkerState.STARTED);
            assertThat(node.controller.getStatus().state()).isEqualTo(NodeState.READY);
        } else {
            assertThat(TestNode.get(restart).restart()).isTrue();
        }
    }

    @Test
    void foldersEveryoneMayWriteAreTold() throws IOException {
        Path etc = Files.createDirectories(node.directory.resolve("etc"));
        Path deploy = Files.createDirectories(node.directory.resolve("deploy"));
        Files.setPosixFilePermissions(etc, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(deploy, PosixFilePermissions.fromString("rwxrwxr-x"));
        assertThat(find(etc.toString()).remedy()).isEqualTo("chmod o-w '" + etc + "'");
        assertThat(about(deploy.toString())).isEmpty();
        Path file = Files.createFile(etc.resolve("io.millwright.controller.cfg"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(find(file.toString()).severity()).isEqualTo(Severity.ERROR);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "io.millwright.worker.guest-web.cfg | ''",
                "io.millwright.worker.guest-web.config | ''",
                "io.millwright.worker.guest~web.cfg | ''",
                "io.millwright.controller.cfg | ''",
                "io.millwright.remote.cfg | ''",
                "io.millwright.remote.listener-lan.cfg | ''",
                "org.example.other.cfg | ''",
                "io.millwright.worker.guest-web.conf | ends neither in .cfg nor in .config",
                "io.millwright.worker.guest-web.cfg.bak | ends neither in .cfg nor in .config",
                "io.millwright.worker.guest.cfg | no worker id after the type",
                "io.millwright.worker.Guest-web.cfg | 'Guest' in its name is no worker type",
                "io.millwright.worker.guest-web (copy).cfg | web (copy)",
                "io.millwright.worker.guest-1web.cfg | 1web",
                "io.millwright.workers.guest-web.cfg | configures nothing",
                "io.millwright.controler.cfg | configures nothing",
                "io.millwright.remotes.cfg | configures nothing",
            })
    void namesOfFilesThatConfigureNothingAreTold(String name, String what) throws IOException {
        Files.createFile(Files.createDirectories(node.directory.resolve("etc")).resolve(name));
        if (what.isEmpty()) {
            assertThat(about("etc/")).isEmpty();
        } else {
            assertThat(find("file etc/" + name).what()).contains(what);
            assertThat(find("file etc/" + name).remedy()).isNotEmpty();
        }
    }

    /** The kind: what has the name of a configuration and cannot be one; File Install passes over it in silence. */
    @Test
    void whatIsNoFileInEtcIsNamed() throws Exception {
        Path etc = Files.createDirectories(node.directory.resolve("etc"));
        Files.createDirectory(etc.resolve("io.millwright.worker.guest-folder.cfg"));
        Files.createSymbolicLink(etc.resolve("io.millwright.worker.guest-nowhere.config"), Path.of("nowhere"));
        Files.createSymbolicLink(
                etc.resolve("io.millwright.worker.guest-loop.cfg"), Path.of("io.millwright.worker.guest-loop.cfg"));
        Files.createSymbolicLink(etc.resolve("io.millwright.worker.guest-null.cfg"), Path.of("/dev/null"));
        Files.createDirectory(etc.resolve("io.millwright.d"));
        Files.createSymbolicLink(
                etc.resolve("io.millwright.worker.guest-good.cfg"), Files.createFile(temp.resolve("good")));
        assertThat(find("file etc/io.millwright.worker.guest-folder.cfg").what())
                .contains("a folder");
        assertThat(find("file etc/io.millwright.worker.guest-nowhere.config").what())
                .contains("leads nowhere");
        assertThat(find("file etc/io.millwright.worker.guest-loop.cfg").what()).contains("leads nowhere");
        assertThat(find("file etc/io.millwright.worker.guest-null.cfg").what()).contains("device");
        assertThat(about("etc/")).hasSize(4);
    }

    @Test
    void aFileThatSaysItsWorkerMayHaveAnyName() throws IOException {
        Path etc = Files.createDirectories(node.directory.resolve("etc"));
        Files.writeString(etc.resolve("io.millwright.worker.guest-1.cfg"), "executable = x\nworker.id = web\n");
        assertThat(about("etc/")).isEmpty();
    }

    @Test
    void logsAreReopenedForAnExternalRotator() throws Exception {
        Path log = node.directory.resolve("log/workers/w.log");
        node.start("w", script("echo one; read line; echo two; exec sleep 60", "stdin", "open"));
        node.awaitLog("w", "one");
        await().until(() -> Files.exists(log) && Files.readString(log).contains("one"));
        Files.move(log, temp.resolve("moved"));
        assertThat(get(node.controller.reopenLogs(TestNode.ME))).isEqualTo(1);
        String open = temp.resolve("moved").toRealPath().toString();
        Path mine = Path.of("/proc/self/fd");
        if (Files.isDirectory(mine)) {
            try (var descriptors = Files.list(mine)) {
                assertThat(descriptors.filter(fd -> {
                            try {
                                return Files.readSymbolicLink(fd).toString().equals(open);
                            } catch (IOException gone) {
                                return false;
                            }
                        }))
                        .as("the moved file is let go, though nothing was written since")
                        .isEmpty();
            }
        }
        get(node.controller.writeInput(
                id("w"),
                new byte[] {'\n'},
                io.millwright.controller.api.NodeController.InputEnd.KEEP_OPEN,
                TestNode.ME));
        node.awaitLog("w", "two");
        await().until(() -> Files.exists(log) && Files.readString(log).contains("two"));
        assertThat(Files.readString(temp.resolve("moved"))).contains("one").doesNotContain("two");
    }
}
