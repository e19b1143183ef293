package io.millwright.controller.internal.process.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.internal.process.Enclosure;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Groups with limits, in a folder that stands for the hierarchy: its files appear with a group as the kernel's do. */
class WorkerGroupsTest {
    private static final long OWN = ProcessHandle.current().pid();

    @TempDir
    Path temp;

    private Path self;
    private Path mount;
    private Path run;
    private final FakeKernel kernel = new FakeKernel();

    /** Does what the kernel does, as far as the node counts on it. */
    private static final class FakeKernel extends Folders {
        @Override
        void make(Path group) throws IOException {
            super.make(group);
            for (String file : List.of("cgroup.procs", "cgroup.subtree_control", "cgroup.kill")) {
                Files.createFile(group.resolve(file));
            }
            Files.writeString(group.resolve("cgroup.events"), "populated 0\nfrozen 0\n");
            String offered = Files.readString(group.resolveSibling("cgroup.subtree_control"));
            Files.writeString(group.resolve("cgroup.controllers"), offered);
            if (offered.contains("memory")) {
                for (String file : List.of("memory.max", "memory.high", "memory.swap.max")) {
                    Files.writeString(group.resolve(file), "max\n");
                }
            }
            if (offered.contains("cpu")) {
                Files.writeString(group.resolve("cpu.max"), "max 100000\n");
                Files.writeString(group.resolve("cpu.weight"), "100\n");
            }
            if (offered.contains("pids")) {
                Files.writeString(group.resolve("pids.max"), "max\n");
            }
            if (offered.contains("io")) {
                Files.writeString(group.resolve("io.max"), "");
            }
        }

        @Override
        void write(Path file, String text) throws IOException {
            Path group = file.getParent();
            String name = file.getFileName().toString();
            if (name.equals("cgroup.subtree_control")) {
                boolean root = !Files.exists(group.resolve("cgroup.events"));
                if (!root && !Files.readString(group.resolve("cgroup.procs")).isBlank()) {
                    throw new IOException("Device or resource busy");
                }
                super.write(file, (Files.readString(file) + " " + text.replace("+", "")).strip());
                try (var inner = Files.list(group)) {
                    for (Path each : inner.filter(Files::isDirectory).toList()) {
                        Files.writeString(each.resolve("cgroup.controllers"), Files.readString(file));
                    }
                }
            } else if (name.equals("cgroup.procs")) {
                Path old = group.resolveSibling("cgroup.procs");
                Files.writeString(old, Files.readString(old).replace(text + "\n", ""));
                Files.writeString(file, Files.readString(file) + text + "\n");
            } else if (name.equals("cgroup.kill")) {
                Files.writeString(group.resolve("cgroup.procs"), "");
                Files.writeString(group.resolve("cgroup.events"), "populated 0\n");
            } else if (text.contains("4096")) {
                throw new IOException("'" + text + "' could not be written to " + file + ": Invalid argument");
            } else if (name.equals("io.max")) {
                String line = text.contains("rbps=max wbps=max riops=max wiops=max") ? "" : text + "\n";
                String device = text.substring(0, text.indexOf(' ') + 1);
                String others = Files.readString(file).replaceAll("(?m)^" + device + ".*\\R", "");
                super.write(file, others + line);
            } else {
                super.write(file, text);
            }
        }

        @Override
        void remove(Path group) throws IOException {
            if (!Files.readString(group.resolve("cgroup.procs")).isBlank()) {
                throw new IOException("Device or resource busy");
            }
            try (var files = Files.list(group)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.delete(file);
                }
            }
            super.remove(group);
        }
    }

    @BeforeEach
    void hierarchy() throws IOException {
        self = Files.createDirectories(temp.resolve("proc/self"));
        mount = Files.createDirectories(temp.resolve("sys fs"));
        run = Files.createDirectories(temp.resolve("run"));
        Files.writeString(self.resolve("cgroup"), "0::/system.slice/mill.service\n");
        Files.writeString(
                self.resolve("mountinfo"),
                "22 1 0:1 / / rw - ext4 /dev/root rw\n30 23 0:26 / "
                        + mount.toString().replace(" ", "\\040")
                        + " rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n");
        Path slice = Files.createDirectories(mount.resolve("system.slice"));
        Files.writeString(slice.resolve("cgroup.subtree_control"), "cpu io memory pids");
        kernel.make(own());
        Files.writeString(own().resolve("cgroup.procs"), OWN + "\n");
    }

    private Path own() {
        return mount.resolve("system.slice/mill.service");
    }

    private WorkerGroups groups() {
        return new WorkerGroups(new Hierarchy(self), run, kernel);
    }

    private static Path path(Enclosure group) {
        return Path.of(group.inForce().get("path"));
    }

    @Test
    void theNodeMovesToALeafAndTheLimitsAreWrittenAndReadBack() throws IOException {
        WorkerGroups groups = groups();
        Enclosure group = groups.make(
                "web",
                Map.of("memory.max", List.of("1024"), "cpu.max", List.of("150000 100000"), "pids.max", List.of("7")));
        assertThat(path(group).getParent().getParent()).isEqualTo(own());
        assertThat(path(group).getFileName()).hasToString("web.1");
        assertThat(Files.readString(own().resolve("millwright-node/cgroup.procs")))
                .isEqualTo(OWN + "\n");
        assertThat(Files.readString(own().resolve("cgroup.procs"))).isEmpty();
        assertThat(own().resolve("cgroup.subtree_control")).hasContent("cpu memory pids");
        assertThat(group.inForce())
                .containsEntry("memory.max", "1024")
                .containsEntry("cpu.max", "150000 100000")
                .containsEntry("pids.max", "7");
        // The life after a restart begins in the leaf.
        Files.writeString(self.resolve("cgroup"), "0::/system.slice/mill.service/millwright-node\n");
        assertThat(new Hierarchy(self).own()).isEqualTo(own());
        Enclosure other = groups.make("db", Map.of("io.max", List.of("8:0 rbps=1 wbps=max riops=max wiops=max")));
        assertThat(own().resolve("cgroup.subtree_control")).hasContent("cpu memory pids io");
        assertThat(path(other).getParent()).isEqualTo(path(group).getParent());
    }

    @Test
    void limitsChangeInPlaceAndWhatIsNotSaidAnyMoreIsUnset() throws IOException {
        Enclosure group = groups().make(
                        "web",
                        Map.of(
                                "memory.max", List.of("1024"),
                                "cpu.weight", List.of("50"),
                                "io.max",
                                        List.of(
                                                "8:0 rbps=1 wbps=max riops=max wiops=max",
                                                "8:16 rbps=2 wbps=max riops=max wiops=max")));
        group.limit(Map.of(
                "memory.max", List.of("2048"),
                "memory.high", List.of("512"),
                "io.max", List.of("8:16 rbps=3 wbps=max riops=max wiops=max")));
        Path path = path(group);
        assertThat(path.resolve("memory.max")).hasContent("2048");
        assertThat(path.resolve("memory.high")).hasContent("512");
        assertThat(path.resolve("cpu.weight")).hasContent("100");
        assertThat(path.resolve("io.max")).hasContent("8:16 rbps=3 wbps=max riops=max wiops=max\n");
        assertThat(group.inForce()).containsOnlyKeys("path", "memory.max", "memory.high", "io.max");
        // One that is refused half-way is no reason to keep the others.
        assertThatThrownBy(() -> group.limit(Map.of("memory.high", List.of("4096"), "cpu.max", List.of("1000 1000"))))
                .hasMessageContaining("'4096' could not be written to")
                .hasMessageContaining("memory.high: Invalid argument");
        group.limit(Map.of());
        assertThat(path.resolve("cpu.max")).hasContent("max");
        assertThat(path.resolve("memory.max")).hasContent("max");
        assertThat(path.resolve("io.max")).hasContent("");
    }

    @Test
    void aLimitThatIsRefusedLeavesNoGroup() {
        WorkerGroups groups = groups();
        assertThatThrownBy(() -> groups.make("web", Map.of("memory.max", List.of("4096"))))
                .hasMessageContaining("Invalid argument");
        assertThat(groups.left()).isEmpty();
        assertThat(run).isEmptyDirectory();
        assertThat(own().toFile().list((folder, name) -> name.matches(LeftGroups.NAME)))
                .isEmpty();
        assertThatThrownBy(() -> groups.make("web", Map.of("memory.zswap.max", List.of("1"))))
                .hasMessageContaining("this kernel has no memory.zswap.max");
    }

    @Test
    void aGroupWithoutLimitsMovesNobody() throws IOException {
        groups().make("web", Map.of());
        assertThat(Files.readString(own().resolve("cgroup.procs"))).isEqualTo(OWN + "\n");
        assertThat(own().resolve("millwright-node")).doesNotExist();
    }

    @Test
    void noNodeMovesFromTheRoot() throws IOException {
        Files.writeString(self.resolve("cgroup"), "4:cpu:/\n0::/\n");
        Files.writeString(mount.resolve("cgroup.procs"), OWN + "\n");
        Files.writeString(mount.resolve("cgroup.controllers"), "memory pids");
        Files.writeString(mount.resolve("cgroup.subtree_control"), "");
        Enclosure group = groups().make("web", Map.of("pids.max", List.of("5")));
        assertThat(path(group).getParent().getParent()).isEqualTo(mount);
        assertThat(path(group).resolve("pids.max")).hasContent("5");
        assertThat(mount.resolve("millwright-node")).doesNotExist();
    }

    @Test
    void otherProcessesInItsGroupAreNotMovedButNamed() throws IOException {
        Files.writeString(own().resolve("cgroup.procs"), OWN + "\n1\n");
        assertThatThrownBy(() -> groups().make("web", Map.of("pids.max", List.of("5"))))
                .hasMessageContaining("processes that are not the node's are in it too (1)")
                .hasMessageContaining("Delegate=yes");
        assertThat(Files.readString(own().resolve("cgroup.procs"))).isEqualTo("1\n");
        assertThat(run).isEmptyDirectory();
    }

    @Test
    void anEndTellsWhatItsLimitsDidAndTakesAllAway() throws Exception {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try {
            WorkerGroups groups = groups();
            Enclosure group = groups.make("web", Map.of("memory.max", List.of("1024")));
            Path inner = path(group).resolve("its own");
            kernel.make(inner);
            Files.writeString(path(group).resolve("cgroup.events"), "populated 1\nfrozen 0\n");
            Files.writeString(path(group).resolve("memory.events"), "low 0\noom 3\noom_kill 2\n");
            Files.writeString(path(group).resolve("pids.events"), "max 1\n");
            assertThat(group.trouble()).isNull();
            assertThat(group.end(timer, 5, leftover -> {}).get(20, TimeUnit.SECONDS))
                    .isZero();
            assertThat(group.trouble())
                    .isEqualTo("out of memory: the kernel killed 2 processes of it at its limit (cgroup.memory.max);"
                            + " no more processes: 1 fork was refused at its limit (cgroup.pids.max)");
            assertThat(run).isEmptyDirectory();
            assertThat(groups.left()).isEmpty();
            assertThat(group.end(timer, 5, leftover -> {}).get(20, TimeUnit.SECONDS))
                    .isZero();
        } finally {
            timer.shutdownNow();
        }
    }

    @Test
    void whatCannotBeEmptiedIsNamed() throws Exception {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try {
            WorkerGroups groups = groups();
            Enclosure group = groups.make("web", Map.of());
            Path path = path(group);
            // A file that is a folder: the kernel does not answer.
            Files.delete(path.resolve("cgroup.events"));
            Files.createDirectory(path.resolve("cgroup.events"));
            assertThatThrownBy(() -> group.end(timer, 5, leftover -> {}).get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining(path.toString());
            assertThat(groups.left()).containsExactly(path);
        } finally {
            timer.shutdownNow();
        }
    }

    @Test
    void whatTheNodeMayNotDoIsSaid() {
        WorkerGroups groups = new WorkerGroups(new Hierarchy(self), run, new Folders() {
            @Override
            void make(Path group) throws IOException {
                throw new AccessDeniedException(group.toString());
            }
        });
        assertThatThrownBy(() -> groups.make("web", Map.of()))
                .hasMessageEndingWith(" could not be made: permission denied");
    }

    @Test
    void groupsOfEarlierLivesAreKnownAndNothingElseIs() throws IOException {
        Path old = own().resolve("millwright-00000000000000aa");
        kernel.make(old);
        Path foreign = own().resolve("foreign");
        kernel.make(foreign);
        Files.writeString(
                run.resolve(LeftGroups.FILE), old + "\n" + foreign + "\n/not/there/millwright-00000000000000ab\n");
        WorkerGroups groups = groups();
        assertThat(groups.left()).containsExactly(old);
        Enclosure group = groups.make("web", Map.of());
        assertThat(groups.left()).containsExactly(old);
        group.discard();
        assertThat(Files.readAllLines(run.resolve(LeftGroups.FILE))).containsExactly(old.toString());
    }

    /** The kind: a machine on which a group, or a limit, cannot be had, in one sentence with what would be right. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | pids | this system has no cgroups; leave it out",
                "1:name=systemd:/x | pids | this machine has cgroup v1 only, and groups need v2; boot with systemd.unified",
                "0::/gone | pids | the node may not make groups in its own, MOUNT/gone; put Delegate=yes under [Service]",
                "0::/system.slice/mill.service | hugetlb,pids | controller hugetlb cannot be had in the node's group"
                        + " MOUNT/system.slice/mill.service (cgroup v2 has cpu, io, memory, pids there); put Delegate=yes",
                "'6:hugetlb:/;0::/system.slice/mill.service' | hugetlb | this machine gives it to cgroup v1); boot with",
                "0::/system.slice/mill.service | pids | ",
            })
    void whatCannotBeHadIsSaid(String group, String controllers, String expected) throws IOException {
        Files.writeString(self.resolve("cgroup"), group.replace(";", "\n"));
        String problem = new Hierarchy(self).problem(List.of(controllers.split(",")));
        if (expected == null) {
            assertThat(problem).isNull();
        } else {
            assertThat(problem).contains(expected.replace("MOUNT", mount.toString()));
        }
    }

    @Test
    void aHierarchyThatIsMountedInPartIsReadBelowItsMount() throws IOException {
        Files.writeString(
                self.resolve("mountinfo"),
                "30 23 0:26 /system.slice "
                        + mount.resolve("system.slice").toString().replace(" ", "\\040")
                        + " rw - cgroup2 cgroup2 rw\n");
        assertThat(new Hierarchy(self).own()).isEqualTo(own());
        Files.writeString(self.resolve("mountinfo"), "30 23 0:26 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n");
        assertThatThrownBy(() -> new Hierarchy(self).own())
                .hasMessageContaining("is not mounted where the node sees it");
    }
}
