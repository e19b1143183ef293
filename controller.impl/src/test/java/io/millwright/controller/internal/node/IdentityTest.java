package io.millwright.controller.internal.node;

import static io.millwright.controller.internal.node.TestNode.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millwright.controller.api.NodeException;
import io.millwright.controller.api.WorkerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kind: as whom a process runs and within which limits is what its options say, seen in the process itself, or there is no process
 * and a sentence says why. By a node of root, which alone may have all of it.
 */
class IdentityTest {
    private static final String ASK =
            "id -u; id -g; id -G; umask; nice; ulimit -n; ulimit -c; cat /proc/$$/oom_score_adj;"
                    + " echo $HOME $USER $LOGNAME; pwd; env | grep -c '^PWD=' ; ls -l /proc/$$/fd | grep -c launch-; exec sleep 600";

    @TempDir
    Path temp;

    @BeforeEach
    void isRoot() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "this system has no /proc");
        assumeTrue(
                (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "the tests do not run as root");
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void allOfItIsInForceInTheProcessAndReadBackFromIt() throws IOException {
        Path home = Files.createDirectory(temp.resolve("at home"));
        try (TestNode node = new TestNode(temp.resolve("n"))) {
            node.start(
                    "web",
                    script(
                            ASK,
                            "user",
                            "daemon",
                            "groups",
                            List.of("adm", "4242"),
                            "umask",
                            "027",
                            "nice",
                            5,
                            "ionice",
                            "best-effort:6",
                            "oom_score_adj",
                            300,
                            "cpu_affinity",
                            "0",
                            "limits.nofile",
                            "200:300",
                            "limits.core",
                            0,
                            "limits.nproc",
                            1000,
                            "limits.cpu",
                            "10m",
                            "limits.fsize",
                            "1GiB",
                            "workdir",
                            home.toString()));
            await().until(() -> node.log("web").size() == 12);
            assertThat(node.log("web"))
                    .containsExactly(
                            "1",
                            "1",
                            "1 4 4242",
                            "0027",
                            "5",
                            "200",
                            "0",
                            "300",
                            "/usr/sbin daemon daemon",
                            home.toString(),
                            "1",
                            "0");
            Map<String, Object> inForce = node.info("web").inForce();
            assertThat(inForce)
                    .containsEntry("user", 1L)
                    .containsEntry("group", 1L)
                    .containsEntry("umask", "0027")
                    .containsEntry("nice", 5)
                    .containsEntry("oom_score_adj", 300)
                    .containsEntry("cpu_affinity", "0")
                    .containsEntry("limits.nofile", "200:300")
                    .containsEntry("limits.core", "0:0")
                    .containsEntry("limits.cpu", "600:600")
                    .containsEntry("limits.fsize", "1073741824:1073741824");
            assertThat(node.info("web").options()).containsEntry("limits.nofile", "200:300");
            assertThat(leftInRun(node)).isEmpty();
            // It is stopped and killed as any other.
            assertThat(node.stop("web").exit().signal()).isEqualTo("TERM");
        }
    }

    @Test
    void aUserWithoutMoreHasItsOwnGroupsAndAWorkdirThatIsMadeIsItsOwn() throws IOException {
        Path work = temp.resolve("made/for it");
        try (TestNode node = new TestNode(temp.resolve("n"))) {
            node.start(
                    "web",
                    script(
                            "id -u; id -g; touch here && echo yes; echo $HOME",
                            "user",
                            "daemon",
                            "env.vars",
                            Map.of("HOME", "/elsewhere"),
                            "workdir",
                            work.toString(),
                            "workdir.create",
                            true));
            node.awaitState("web", WorkerState.EXITED);
            assertThat(node.log("web")).containsExactly("1", "1", "yes", "/elsewhere");
            node.start("number", script("id -u; id -g; id -G", "user", 4711, "group", 4712));
            node.awaitState("number", WorkerState.EXITED);
            assertThat(node.log("number")).containsExactly("4711", "4712", "4712");
            node.start("late", script("echo first; exit 7", "user", "daemon"));
            assertThat(node.awaitState("late", WorkerState.EXITED).exit().code())
                    .isEqualTo(7);
        }
    }

    @Test
    void whatCannotBeIsRefusedAndNamesTheReason() throws IOException {
        Path closed = Files.createDirectories(temp.resolve("closed/in it"));
        Files.setPosixFilePermissions(closed.getParent(), PosixFilePermissions.fromString("rwx------"));
        Path program = Files.writeString(temp.resolve("program"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr--r--"));
        try (TestNode node = new TestNode(temp.resolve("n"))) {
            refused(node, Map.of("user", "nobody-here"), "there is no user 'nobody-here'");
            refused(node, Map.of("group", "nobody-here"), "there is no group 'nobody-here'");
            refused(node, Map.of("groups", List.of("none")), "there is no group 'none'");
            refused(node, Map.of("user", 4711), "give 'group' too");
            refused(
                    node,
                    Map.of("user", "daemon", "workdir", closed.toString()),
                    "user 'daemon' may not enter '" + closed.getParent() + "' (mode 0700, owner root)");
            refused(
                    node,
                    Map.of("user", "daemon", "executable", program.toString()),
                    "user 'daemon' may not read and execute '" + program + "' (mode 0744, owner root)");
            refused(node, Map.of("user", "a b"), "is no name of a user");
            refused(node, Map.of("umask", "999"), "three octal digits");
            refused(node, Map.of("nice", 20), "nice");
            refused(node, Map.of("ionice", "fast"), "must be idle, best-effort:N");
            refused(node, Map.of("cpu_affinity", "all"), "must be numbers of processors");
            refused(node, Map.of("limits.nofile", "many"), "'many' must be a number or unlimited");
            refused(node, Map.of("limits.nofile", "300:200"), "the soft limit is above the hard one");
            refused(node, Map.of("limits.as", "1 elephant"), "must be a size (1GiB) or unlimited");
            refused(node, Map.of("limits.cpu", true), "must be a time (10m) or unlimited");
            refused(
                    node,
                    Map.of("nice", 1, "env.vars", Map.of("a-b", "1")),
                    "'a-b' is lost: with nice a shell starts the program");
        }
    }

    private static void refused(TestNode node, Map<String, Object> options, String sentence) {
        assertThatThrownBy(() -> node.start(
                        "bad",
                        script(
                                "true",
                                options.entrySet().stream()
                                        .flatMap(entry -> Stream.of(entry.getKey(), entry.getValue()))
                                        .toArray())))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void aStepThatFailsIsAStartThatFails() throws IOException {
        try (TestNode node = new TestNode(temp.resolve("n"))) {
            assertThatThrownBy(() -> node.start("far", script("echo never", "cpu_affinity", "4095")))
                    .hasMessageContaining("its cpu_affinity 4095 could not be set");
            assertThat(node.info("far").status()).isEqualTo(WorkerState.FAILED);
            assertThat(node.log("far").toString()).contains("taskset").doesNotContain("never");
            assertThatThrownBy(() -> node.start("small", script("echo never", "user", "daemon", "limits.as", "1KiB")))
                    .hasMessageContaining("cannot start /bin/");
            assertThat(node.info("small").status()).isEqualTo(WorkerState.FAILED);
            assertThat(leftInRun(node)).isEmpty();
        }
    }

    private static List<String> leftInRun(TestNode node) throws IOException {
        try (Stream<Path> files = Files.list(node.directory.resolve("run"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("launch-"))
                    .toList();
        }
    }
}
