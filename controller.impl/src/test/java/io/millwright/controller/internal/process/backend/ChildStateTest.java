package io.millwright.controller.internal.process.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millwright.controller.api.worker.LaunchPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a process finds when its first instruction runs. */
@EnabledOnOs(OS.LINUX)
@ParameterizedClass
@EnumSource(Kind.class)
class ChildStateTest {
    /** 32 and 33 belong to the C library, which lets nobody change them. */
    private static final long LIBC_SIGNALS = 0x180000000L;

    private static final String STATE = "exec cat /proc/self/status";

    @RegisterExtension
    final BackendFixture fixture;

    private final Kind kind;

    ChildStateTest(Kind kind) {
        this.kind = kind;
        fixture = new BackendFixture(kind);
    }

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void signalsAreDefaultAndUnblockedAlthoughTheNodeIgnoresSome() throws Exception {
        List<String> command =
                new ArrayList<>(List.of("/bin/sh", "-c", "trap '' INT HUP QUIT PIPE USR1; exec \"$@\"", "sh"));
        command.addAll(NodeMain.command(kind, directory, BackendFixture.nonce(), 1, STATE));
        Process node = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String printed = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(node.waitFor()).isZero();
        assertThat(printed).contains("closed");
        assertThat(mask(printed, "SigBlk")).isZero();
        assertThat(mask(printed, "SigIgn")).isZero();
    }

    private static long mask(String status, String name) {
        assertThat(status).contains(name + ":\t");
        String value = status.replaceAll("(?s).*" + name + ":\\t([0-9a-f]+)\\n.*", "$1");
        return Long.parseUnsignedLong(value, 16) & ~LIBC_SIGNALS;
    }

    @Test
    void descriptorsAreExactlyThree() throws IOException {
        // ls has one more of its own, for the directory it lists.
        for (int i = 0; i < 5; i++) {
            assertThat(fixture.sh("ls /proc/$$/fd; :").output().split("\n")).containsExactly("0", "1", "2");
        }
    }

    @Test
    void itLeadsItsOwnSessionAndGroup() throws IOException {
        Running running = fixture.sh("cat /proc/$$/stat; :");
        String[] fields = running.output().trim().split(" ");
        String pid = Long.toString(running.process().pid());
        assertThat(List.of(fields[0], fields[4], fields[5])).containsOnly(pid);
        assertThat(fields[3]).isEqualTo(Long.toString(ProcessHandle.current().pid()));
    }

    @Test
    void theEnvironmentIsThePlansAndTheMarks() throws IOException {
        LaunchPlan plan = LaunchPlan.builder("executable", List.of("/usr/bin/env", "-0"), directory)
                .environment(Map.of("A", "1", "MILLWRIGHT_NODE", "outer", "LINES", "x\ny"))
                .build();
        assertThat(fixture.start(plan).output().split("\0"))
                .containsExactlyInAnyOrder(
                        "A=1",
                        "LINES=x\ny",
                        "MILLWRIGHT_NODE=" + fixture.nonce,
                        "MILLWRIGHT_WORKER=w0",
                        "MILLWRIGHT_LAUNCH=1");
    }

    @Test
    void argumentsAndDirectoryArriveLiterally() throws IOException {
        LaunchPlan plan = LaunchPlan.builder(
                        "executable",
                        List.of(
                                "/bin/sh",
                                "-c",
                                "pwd; printf '[%s]' \"$@\"",
                                "sh",
                                "a b",
                                "",
                                "$HOME",
                                "-x",
                                "A=B",
                                "\"';\n"),
                        directory)
                .environment(Map.of("PATH", "/usr/bin:/bin"))
                .build();
        assertThat(fixture.start(plan).output())
                .isEqualTo(directory.toRealPath() + "\n[a b][][$HOME][-x][A=B][\"';\n]");
    }
}
