package io.millwright.controller.internal.process.portable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millwright.controller.api.Signal;
import io.millwright.controller.api.WorkerId;
import io.millwright.controller.api.worker.LaunchPlan;
import io.millwright.controller.internal.process.Encoding;
import io.millwright.controller.internal.process.Launch;
import io.millwright.controller.internal.process.Launch.Output;
import io.millwright.controller.internal.process.backend.BackendFixture;
import io.millwright.controller.internal.process.backend.Running;
import io.millwright.controller.internal.process.tree.ProcessTable;
import java.io.IOException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ExecPrefixTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private static ExecPrefix one(String... words) {
        return new ExecPrefix(List.of(words), true, "test");
    }

    @Test
    void thisMachineHasOneThatDoesAll() {
        ExecPrefix prefix = ExecPrefix.probe();
        assertThat(prefix.grouped()).isTrue();
        assertThat(prefix.description()).isIn("env + setsid", "perl");
    }

    @Test
    void aProgramThatCannotBeExecutedEndsWith126Or127AndAMessage() throws IOException {
        Path script = Files.writeString(directory.resolve("bad"), "#!/no/such/interpreter\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        try (PortableBackend backend = new PortableBackend(BackendFixture.nonce(), directory, Duration.ofSeconds(1))) {
            Running running = Running.start(backend, "w", Running.plan(script.toString()));
            assertThat(running.exit().code()).isIn(126, 127);
            running.output();
            assertThat(running.err.text()).contains(script.toString());
            Running.get(running.process().groupGone());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theBestThatWorksIsTaken() {
        ExecPrefix bad = one("/usr/bin/env", "--no-such-option");
        ExecPrefix half = one("/usr/bin/setsid");
        ExecPrefix full = one("/usr/bin/env", "--default-signal", "/usr/bin/setsid");
        assertThat(ExecPrefix.best(List.of(bad, half, full))).isEqualTo(full);
        assertThat(ExecPrefix.best(List.of(bad, half))).isEqualTo(half);
        ExecPrefix none = ExecPrefix.best(List.of(bad, one("/usr/bin/env"), one("/no/such/tool")));
        assertThat(none.grouped()).isFalse();
        assertThat(none.words()).isEmpty();
        assertThat(none.description()).contains("setsid").contains("perl");
    }

    @Test
    void perlDoesAllToo() throws IOException {
        ExecPrefix perl = ExecPrefix.perl("/usr/bin/perl");
        assertThat(ExecPrefix.best(List.of(perl))).isEqualTo(perl);
        ProcessTable table = ProcessTable.ofThisSystem();
        try (PortableBackend backend =
                new PortableBackend(BackendFixture.nonce(), directory, Duration.ofSeconds(1), perl, table)) {
            assertThat(backend.description()).isEqualTo("portable (perl)");
            Running running = Running.start(backend, "w", Running.plan("/bin/sh", "-c", "exec sleep 300"));
            assertThat(Running.get(running.process().signalGroup(Signal.TERM))).isTrue();
            assertThat(running.exit().signal()).isEqualTo("TERM");
            Running missing = Running.start(backend, "w", Running.plan("/no/such/program"));
            assertThat(missing.exit().code()).isEqualTo(127);
            Running.get(missing.drained);
            assertThat(missing.err.text()).contains("/no/such/program");
            Running.get(running.process().groupGone());
            Running.get(missing.process().groupGone());
        }
    }

    @Test
    void withoutSessionsTheMainProcessIsSignalledAndNeverTheNodesGroup() throws IOException {
        ExecPrefix none = ExecPrefix.best(List.of());
        ProcessTable table = ProcessTable.ofThisSystem();
        String nonce = BackendFixture.nonce();
        try (PortableBackend backend = new PortableBackend(nonce, directory, Duration.ofSeconds(1), none, table)) {
            Running running = Running.sh(backend, "w", "sleep 300 & echo ready; wait");
            running.awaitOutput("ready");
            assertThat(Running.get(running.process().signalGroup(Signal.TERM))).isTrue();
            assertThat(running.exit().signal()).isEqualTo("TERM");
            Running.get(running.process().endTree());
            Running.get(running.process().groupGone());
            assertThat(BackendFixture.alive(table, nonce)).isEmpty();
        }
    }

    @Test
    void whatTheLocaleCannotEncodeIsRefused() {
        Launch launch = new Launch(
                new WorkerId("w"),
                Running.plan("/bin/echo", "straße").withVariable("SECRET", "ü"),
                Path.of("/bin/echo"),
                new Output.Drop(),
                new Output.Drop());
        assertThatThrownBy(() -> Encoding.check(launch, java.util.Map.of(), StandardCharsets.US_ASCII.newEncoder()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("straße")
                .hasMessageContaining("LC_ALL=C.UTF-8");
        Launch secret = new Launch(
                new WorkerId("w"),
                Running.plan("/bin/echo").withVariable("SECRET", "ü"),
                Path.of("/bin/echo"),
                new Output.Drop(),
                new Output.Drop());
        assertThatThrownBy(() -> Encoding.check(secret, java.util.Map.of(), StandardCharsets.US_ASCII.newEncoder()))
                .hasMessageContaining("SECRET")
                .hasMessageNotContaining("ü");
    }

    /** Siblings: the path of a program, a directory; and what the node was given itself is handed on as it is. */
    @Test
    void whichNameOrVariableTheLocaleCannotEncodeIsSaid() throws IOException {
        CharsetEncoder ascii = StandardCharsets.US_ASCII.newEncoder();
        Launch program = launch(Path.of("/opt/größe"), Path.of("/"));
        assertThatThrownBy(() -> Encoding.check(program, java.util.Map.of(), ascii))
                .hasMessageContaining("the program's path '/opt/größe'");
        Launch directory = launch(Path.of("/bin/echo"), Path.of("/srv/größe"));
        assertThatThrownBy(() -> Encoding.check(directory, java.util.Map.of(), ascii))
                .hasMessageContaining("the working directory '/srv/größe'");
        Launch inherited = new Launch(
                new WorkerId("w"),
                Running.plan("/bin/echo").withVariable("GIVEN", "ü"),
                Path.of("/bin/echo"),
                new Output.Drop(),
                new Output.Drop());
        Encoding.check(inherited, java.util.Map.of("GIVEN", "ü"), ascii);
    }

    private static Launch launch(Path program, Path directory) {
        LaunchPlan plan = LaunchPlan.builder("executable", java.util.List.of("x"), directory)
                .build();
        return new Launch(new WorkerId("w"), plan, program, new Output.Drop(), new Output.Drop());
    }
}
